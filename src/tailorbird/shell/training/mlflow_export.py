"""One version of the recommender as a run of MLflow (extra `mlflow`): its recipe, its report, its lineage, its files.

Registry and lineage stay ours; this is for those who compare all their models in one place. Written against the client
of mlflow-skinny 3. Of the addresses that it takes, `http:` is a tracking server; `file:` needs the environment variable
MLFLOW_ALLOW_FILE_STORE=true, as MLflow asks for.
"""

from pathlib import Path
from typing import Any

import msgspec

from tailorbird.errors import BadRequest, MissingExtra
from tailorbird.offer.recommend.measured import EVERYONE
from tailorbird.offer.recommend.model import Manifest
from tailorbird.shell.models import Models

EXPERIMENT = "tailorbird"


def export(models: Models, version: str, uri: str) -> str:
    """The id of the new run. Raises MissingExtra without the library, BadRequest where the address cannot be used."""
    manifest = models.manifest(version)
    client, problem = _client(uri)
    try:
        run: str = client.create_run(_experiment(client), run_name=version, tags=_tags(manifest)).info.run_id
        for name, value in _parameters(manifest).items():
            client.log_param(run, name, value)
        for name, value in metrics(manifest).items():
            client.log_metric(run, name, value)
        client.log_artifacts(run, str(Path(models.folder) / version), "model")
        client.set_terminated(run)
    except problem as error:
        raise BadRequest(f"MLflow at {uri!r} did not take model {version!r}: {error}") from None
    return run


def metrics(manifest: Manifest) -> dict[str, float]:
    """Every figure under a name that MLflow allows: `blend.ndcg_at_20`, `everyone.above_popular.ndcg_at_20.low`.

    >>> metrics(Manifest("1", evaluation=[{"model": "blend", "ndcg@20": 0.2, "moments": 7}]))
    {'blend.ndcg_at_20': 0.2, 'blend.moments': 7.0}
    """
    found = {
        _named(line["model"], name): float(value)
        for line in manifest.evaluation
        for name, value in line.items()
        if name != "model"
    }
    everyone = manifest.report.part(EVERYONE)
    for other, apart in (everyone.against if everyone else {}).items():
        for measure, difference in apart.items():
            bounds = zip(("value", "low", "high"), difference, strict=True)
            found |= {_named(EVERYONE, f"above_{other}", measure, b): v for b, v in bounds if v is not None}
    return found


def _named(*parts: str) -> str:
    return ".".join(parts).replace("@", "_at_")


def _tags(manifest: Manifest) -> dict[str, str]:
    lineage = manifest.lineage
    return {
        "tailorbird.version": manifest.version,
        "tailorbird.verdict": manifest.verdict,
        "tailorbird.data": lineage.data.fingerprint,
        "tailorbird.code": lineage.code,
        "tailorbird.definitions": lineage.definitions,
        "tailorbird.parent": lineage.parent,
        "tailorbird.why": lineage.why,
    }


def _parameters(manifest: Manifest) -> dict[str, Any]:
    lineage, settings = manifest.lineage, msgspec.to_builtins(manifest.settings)
    nearness = settings.pop("nearness")
    return {
        **msgspec.to_builtins(manifest.weights),
        **settings,
        **nearness,
        "seed": lineage.seed,
        "trials": lineage.trials_done,
        "log_offset": lineage.data.log_offset,
        "contacts": lineage.data.contacts,
    }


def _client(uri: str) -> tuple[Any, type[Exception]]:
    """The client, and what it raises."""
    try:
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
    except ImportError:
        raise MissingExtra("The export to MLflow", "mlflow") from None
    try:
        return MlflowClient(tracking_uri=uri, registry_uri=uri), MlflowException
    except MlflowException as error:
        raise BadRequest(f"--mlflow {uri!r}: {error}") from None


def _experiment(client: Any) -> str:
    found = client.get_experiment_by_name(EXPERIMENT)
    return str(found.experiment_id if found else client.create_experiment(EXPERIMENT))
