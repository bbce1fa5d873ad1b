"""`tailorbird models` as a person or a script meets it."""

import json

import pytest
from typer.testing import CliRunner

from tailorbird.errors import Corrupt
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest
from tailorbird.shell.cli.exits import NotFound
from tailorbird.shell.cli.main import app
from tailorbird.shell.layout import Layout
from tailorbird.shell.models import Models

LINES = Interactions.of([("ann", "milk", "bought", 1), ("bob", "tea", "bought", 2)])


@pytest.fixture
def models(tmp_path):
    Layout(tmp_path).lake.mkdir(parents=True)
    found = Models(Layout(tmp_path).models)
    for version in ("1", "2"):
        lines = [{"model": "blend", "ndcg@20": 0.2}, {"model": "popular", "ndcg@20": 0.1}]
        found.promote(found.save(fit(LINES, 10, Manifest(version, evaluation=lines, verdict="as good"))))
    return found


def ask(models, *words):
    done = CliRunner().invoke(app, ["models", *words, "--data", str(models.folder.parent)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_list_names_the_one_that_serves(models):
    rows = json.loads(ask(models, "list", "--json"))
    assert [(row["version"], row["serves"], row["ndcg@20"]) for row in rows] == [("2", True, 0.2), ("1", False, 0.2)]
    assert "serves" in ask(models, "list")


def test_show_tells_what_a_version_comes_from(models):
    told = ask(models, "show", "1")
    assert "definitions" in told and "fingerprint" not in told and "Does not serve" in told
    assert json.loads(ask(models, "show", "2", "--json"))["lineage"]["seed"] == 0


def test_rollback_is_one_command_and_promote_its_way_back(models):
    assert "1 serves again instead of 2" in ask(models, "rollback")
    ask(models, "promote", "2")
    assert models.current() == "2"


def test_an_unknown_version_is_named_with_the_known_ones(models):
    with pytest.raises(NotFound, match="no model '9'"):
        ask(models, "promote", "9")


def test_a_damaged_version_is_listed_and_cannot_serve(models):
    (models.folder / "1" / "manifest.json").write_text("{")
    assert "damaged" in ask(models, "list")
    with pytest.raises(Corrupt, match="Train again"):
        ask(models, "promote", "1")
    assert models.current() == "2"
