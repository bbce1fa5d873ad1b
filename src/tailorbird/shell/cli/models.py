"""`tailorbird models`: which versions there are, how good, from what, which one serves, and the way back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tailorbird.shell.cli import say
from tailorbird.shell.cli.exits import NotFound
from tailorbird.shell.cli.options import DATA, Data, Json, existing

if TYPE_CHECKING:
    from tailorbird.shell.models import Models

models_app = typer.Typer(
    name="models", help="Trained recommenders: list, show, promote, roll back.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip
Version = Annotated[str, typer.Argument(metavar="VERSION", help="As `tailorbird models list` names it.")]


@models_app.command("list")
def list_models(data: Data = DATA, json: Json = False) -> None:
    """List the versions, newest first: what each learned from, how good it is, and which one serves.

    \b
    Examples:
      tailorbird models list
      tailorbird models list --json | jq -r '.[] | select(.serves) | .version'
    """
    from tailorbird.shell.models import overview

    rows = overview(_models(data))
    if json:
        print(say.json_text(rows))
        return
    table = say.table("version", "", ">contacts", ">NDCG@20", ">popularity", "because")
    for row in rows:
        state = "serves" if row["serves"] else "damaged" if row["trouble"] else ""
        figures = [f"{row[name]:.4f}" if row[name] is not None else "" for name in ("ndcg@20", "popular_ndcg@20")]
        table.add_row(row["version"], state, f"{row['interactions']:,}", *figures, row["trouble"] or row["verdict"])
    say.out().print(table if rows else "No model yet: tailorbird train")


@models_app.command()
def show(version: Version, data: Data = DATA, json: Json = False) -> None:
    """Show one version: its report by part with intervals, its recipe, and what it comes from.

    \b
    Examples:
      tailorbird models show 20261122-031500
      tailorbird models show 20261122-031500 --json | jq .lineage
    """
    from tailorbird.shell.cli.model_tables import print_lineage, print_report

    models = _models(data)
    manifest = models.manifest(_known(models, version))
    if json:
        print(say.json_text({**_builtins(manifest), "serves": models.current() == version}))
        return
    print_report(manifest)
    print_lineage(manifest, serves=models.current() == version)


@models_app.command()
def promote(version: Version, data: Data = DATA) -> None:
    """Let this version serve. It is loaded first: what is damaged never serves. A running server follows at once.

    \b
    Example:
      tailorbird models promote 20261122-031500
    """
    models = _models(data)
    models.promote(_known(models, version))
    print(f"{version} serves from now on. Back again: tailorbird models rollback")


@models_app.command()
def rollback(data: Data = DATA) -> None:
    """Let the version serve that served before. A running server follows at once.

    \b
    Example:
      tailorbird models rollback --data /srv/shop
    """
    models = _models(data)
    left = models.current()
    print(f"{models.roll_back()} serves again instead of {left}.")


@models_app.command()
def export(
    version: Version,
    mlflow: Annotated[str, typer.Option("--mlflow", metavar="URI", help="Where MLflow keeps its runs.")],
    data: Data = DATA,
) -> None:
    """Copy a version to MLflow as a run: recipe, report, lineage and files. Needs: pip install 'tailorbird[mlflow]'.

    \b
    Example:
      tailorbird models export 20261122-031500 --mlflow http://127.0.0.1:5000
    """
    from tailorbird.shell.training.mlflow_export import export as send

    models = _models(data)
    print(f"{version} is run {send(models, _known(models, version), mlflow)} of MLflow at {mlflow}.")


def _models(data: Path) -> "Models":
    from tailorbird.shell.models import Models

    return Models(existing(data).models)


def _known(models: "Models", version: str) -> str:
    known = models.versions()
    if version not in known:
        raise NotFound(
            f"There is no model '{version}'. Known: {', '.join(reversed(known)) or 'none; train one first'}."
        )
    return version


def _builtins(manifest: object) -> dict[str, object]:
    import msgspec

    found: dict[str, object] = msgspec.to_builtins(manifest)
    return found
