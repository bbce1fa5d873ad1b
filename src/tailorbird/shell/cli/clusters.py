"""`tailorbird clusters`: train the clusterings of a site, read them, and give their clusters names."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tailorbird.shell.cli import say
from tailorbird.shell.cli.options import DATA, Data, Json, clock, existing

if TYPE_CHECKING:
    from tailorbird.know.cluster.model import Manifest, Model
    from tailorbird.shell.engines import Engines

clusters_app = typer.Typer(
    name="clusters",
    help="People who are alike: train, show, and name the clusters of site/clusters.yaml.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The clustering, as site/clusters.yaml calls it.")]
SomeName = Annotated[str, typer.Argument(metavar="[NAME]", help="The clustering; without it each that is declared.")]


@clusters_app.command("train")
def train(name: SomeName = "", data: Data = DATA, json: Json = False) -> None:
    """Train a clustering on the lake as it is, and put its clusters in force as segments.

    \b
    Examples:
      tailorbird clusters train
      tailorbird clusters train shoppers --data /srv/shop

    The number of clusters is the one with the best silhouette. Clusters keep their labels, and their segments' names,
    as far as they keep their people. It needs scikit-learn: pip install 'tailorbird[cluster]'.
    """
    with _engines(data) as engines:
        for one in _names(engines, name):
            _print(_trained(engines, one), json)


@clusters_app.command("show")
def show(name: SomeName = "", data: Data = DATA, json: Json = False) -> None:
    """Show the clusters in words, how their number was chosen, and whether people have drifted since.

    \b
    Examples:
      tailorbird clusters show
      tailorbird clusters show shoppers --json
    """
    from tailorbird.shell.clustering.registry import registry

    with _engines(data) as engines:
        for one in _names(engines, name):
            versions = registry(engines.layout, one)
            if versions.current():
                _print(versions.serving(), json, versions.looks())
            else:
                say.note(f"{one} was never trained. Run `tailorbird clusters train {one}`.")


@clusters_app.command("accept")
def accept(
    name: Name,
    key: Annotated[str, typer.Argument(metavar="CLUSTER", help="Its key, such as c1.")],
    label: Annotated[str, typer.Argument(metavar="[LABEL]", help="What to call it; empty: as is proposed.")] = "",
    data: Data = DATA,
) -> None:
    """Call a cluster so from now on: in the trait NAME, in its segment, and after every training.

    \b
    Examples:
      tailorbird clusters accept shoppers c1 "Weekly stock-up"
      tailorbird clusters accept shoppers c2
    """
    from tailorbird.shell.clustering.work import accept as put

    with _engines(data) as engines:
        model = put(engines, name, key, label, clock())
        named = next(one for one in model.manifest.clusters if one.key == key)
        say.note(f"{name} {key} is {named.label!r}. A running server follows within a second.")


@clusters_app.command("follow")
def follow(name: SomeName = "", data: Data = DATA) -> None:
    """Let the centres follow their people without a training; note quality and drift. The batch process does it daily.

    \b
    Examples:
      tailorbird clusters follow
    """
    from tailorbird.shell.clustering.registry import registry
    from tailorbird.shell.clustering.work import follow as adapt

    with _engines(data) as engines:
        for one in _names(engines, name):
            model = adapt(engines, one, clock())
            look = registry(engines.layout, one).looks()[-1]
            drifted = f"; drifted: {', '.join(look.drifted)}" if look.drifted else "; nothing has drifted"
            say.note(f"{one} {model.manifest.version}: silhouette {look.silhouette:.3f}, moved {look.moved}{drifted}.")


@clusters_app.command("rollback")
def rollback(name: Name, data: Data = DATA) -> None:
    """Let the version before serve again, with its labels and segments.

    \b
    Examples:
      tailorbird clusters rollback shoppers
    """
    from tailorbird.shell.clustering.work import roll_back

    with _engines(data) as engines:
        say.note(f"{name} is at version {roll_back(engines, name).manifest.version} again.")


class _engines:
    """The engines of a data folder, closed at the end."""

    def __init__(self, data: Path) -> None:
        from tailorbird.shell.engines import Engines

        self._engines = Engines(existing(data))

    def __enter__(self) -> "Engines":
        return self._engines

    def __exit__(self, *_: object) -> None:
        self._engines.close()


def _names(engines: "Engines", name: str) -> list[str]:
    from tailorbird.shell.clustering.work import definition_of, definitions_of

    if name:
        return [definition_of(engines, name).name]
    names = list(definitions_of(engines))
    if not names:
        say.note("No clustering is declared. Write site/clusters.yaml and `tailorbird apply site`.")
    return names


def _trained(engines: "Engines", name: str) -> "Model":
    from tailorbird.shell.clustering.work import retrain

    with say.err().status(f"Training {name} ...") as status:
        return retrain(engines, name, clock(), lambda step: status.update(f"Training {name}: {step} ..."))


def train_and_show(engines: "Engines", name: str) -> "Model":
    """Train, and print the clusters."""
    model = _trained(engines, name)
    _print(model, False)
    return model


def _print(model: "Model", json: bool, looks: list[Any] | None = None) -> None:
    from tailorbird.shell.clustering.registry import shown

    if json:
        print(say.json_text(shown(model, looks or [])))
        return
    manifest = model.manifest
    _print_clusters(manifest)
    _print_choice(manifest)
    for feature, gaps in manifest.gaps.items():
        print(
            f"{feature} is not known of {gaps.missing:.0%}; filled in by {gaps.method}, "
            f"off by {gaps.error:.3g} where known values were hidden ({gaps.share:.0%} of the mean's error)."
        )
    if looks and looks[-1].drifted:
        print(f"People have changed since the training: {', '.join(looks[-1].drifted)}. Train again.")


def _print_clusters(manifest: "Manifest") -> None:
    from rich.text import Text

    table = say.table("key", "label", ">people", ">share", "what sets them apart", title=manifest.definition.name)
    for one in manifest.clusters:
        label = one.label if one.label == one.proposed else f"{one.label}  (proposed now: {one.proposed})"
        apart = "; ".join(one.sets_apart) or "as most others"
        table.add_row(one.key, Text(label), f"{one.people:,}", f"{one.share:.0%}", Text(apart))
    say.out().print(table)
    print()
    for one in manifest.clusters:
        print(f"{one.key}: {one.rule} (true of {one.recall:.0%} of them; of whom it is true, {one.precision:.0%} are)")


def _print_choice(manifest: "Manifest") -> None:
    table = say.table(">clusters", ">silhouette", ">inertia", ">BIC", "")
    chosen = len(manifest.clusters)
    for one in manifest.tried:
        marks = {"chosen": chosen, "elbow": manifest.elbow, "lowest BIC": manifest.best_bic}
        words = ", ".join(word for word, k in marks.items() if k == one.k)
        table.add_row(str(one.k), f"{one.silhouette:.3f}", f"{one.inertia:,.0f}", f"{one.bic:,.0f}", words)
    print()
    say.out().print(table)
    kept = (
        "" if manifest.stability is None else f" {manifest.stability:.0%} kept their label since the training before."
    )
    print(
        f"\n{manifest.people:,} people, {manifest.outliers:,} unlike the others. Two halves of them, each trained by "
        f"itself, agree about {manifest.repeatability:.0%}; the rules are {manifest.fidelity:.0%} right.{kept}"
    )
    if manifest.left_out:
        print(f"{manifest.left_out:,} people were left out: their consent does not allow it.")
