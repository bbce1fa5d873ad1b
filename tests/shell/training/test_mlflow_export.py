"""The export to MLflow, to a store in a folder."""

import sys

import pytest

from tailorbird.errors import BadRequest, MissingExtra
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest
from tailorbird.shell.models import Models
from tailorbird.shell.training.mlflow_export import export

LINES = Interactions.of([("ann", "milk", "bought", 1), ("bob", "tea", "bought", 2)])


@pytest.fixture
def models(tmp_path):
    found = Models(tmp_path / "models")
    found.save(fit(LINES, 10, Manifest("1", evaluation=[{"model": "blend", "ndcg@20": 0.2}], verdict="better")))
    return found


def test_a_version_becomes_a_run_with_its_figures_and_files(models, tmp_path, monkeypatch):
    mlflow = pytest.importorskip("mlflow", reason="the extra `mlflow` is not installed")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    uri = f"file:{tmp_path / 'runs'}"
    run = export(models, "1", uri)
    client = mlflow.MlflowClient(tracking_uri=uri)
    told = client.get_run(run).data
    assert told.metrics == {"blend.ndcg_at_20": 0.2}
    assert (told.params["neighbours"], told.tags["tailorbird.verdict"]) == ("40", "better")
    assert "model/manifest.json" in [one.path for one in client.list_artifacts(run, "model")]
    assert export(models, "1", uri) != run  # the same experiment, one more run


def test_an_address_that_cannot_be_used_is_named(models):
    pytest.importorskip("mlflow", reason="the extra `mlflow` is not installed")
    with pytest.raises(BadRequest, match="nonsense"):
        export(models, "1", "nonsense://x")


def test_without_the_extra_the_error_names_it(models, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(MissingExtra, match=r"tailorbird\[mlflow\]"):
        export(models, "1", "file:x")
