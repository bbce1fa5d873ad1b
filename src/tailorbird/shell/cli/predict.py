"""`tailorbird predict` and `tailorbird predictions`: train, score everyone, and show how good the models are."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tailorbird.shell.cli import say
from tailorbird.shell.cli.options import DATA, Data, Json, clock, existing

if TYPE_CHECKING:
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.predicting.asking import Asking
    from tailorbird.shell.predicting.model import Manifest
    from tailorbird.shell.predicting.work import Outcome

predictions_app = typer.Typer(
    name="predictions",
    help="Models that predict: list them, show how good they are, roll back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_HELP = "Its name, its call, or a trait or segment that asks for it."
Name = Annotated[str, typer.Argument(metavar="NAME", help=_HELP)]
SomeName = Annotated[str, typer.Argument(metavar="[NAME]", help=f"{_HELP} Without it all that definitions ask for.")]
Train = Annotated[bool, typer.Option("--train", help="Train anew, even if it is not due.")]
_SHOWN = 10


def predict(name: SomeName = "", data: Data = DATA, train: Train = False, json: Json = False) -> None:
    """Train the models that definitions ask for where that is due, and score everyone.

    \b
    Examples:
      tailorbird predict
      tailorbird predict likely_to_order_14d --train

    A trait such as likely('Order Completed', '14 days') is all it takes to ask for one. What changed by more than a
    step is said as 'Prediction Made' events, so people enter and leave segments. The batch process does it every night.
    It needs LightGBM: pip install 'tailorbird[recommend]'.
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.predicting.registry import shown

    engines = Engines(existing(data))
    try:
        outcomes = predict_and_show(engines, name, anew=train, quiet=json)
        if json:
            print(say.json_text([shown(engines.layout, one.question) for one in outcomes]))
    finally:
        engines.close()
    _fold(data)


def predict_and_show(engines: "Engines", name: str = "", *, anew: bool = False, quiet: bool = False) -> list["Outcome"]:
    """Train and score with a word about each step, and print what came of it."""
    from tailorbird.shell.predicting.work import predict as work

    questions = [one.question for one in _asked(engines, name)]
    with say.err().status("Predicting ...") as status:
        outcomes = work(engines, clock, questions, anew=anew, say=lambda step: status.update(f"Predicting: {step} ..."))
    if not quiet:
        _print_outcomes(outcomes)
    return outcomes


@predictions_app.command("list")
def list_them(data: Data = DATA, json: Json = False) -> None:
    """List the models that definitions ask for, and how good each is.

    \b
    Examples:
      tailorbird predictions list
      tailorbird predictions list --json
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.predicting.registry import shown

    engines = Engines(existing(data))
    try:
        found = [{"asked_by": one.by, **shown(engines.layout, one.question)} for one in _asked(engines, "")]
    finally:
        engines.close()
    if json:
        print(say.json_text(found))
        return
    table = say.table("name", "asked by", "trained", "serves", ">loss", ">of everyone", ">AUC")
    for row in found:
        manifest = row["manifest"]
        if manifest is None:
            table.add_row(row["name"], ", ".join(row["asked_by"]), "never", "", "", "", "")
            continue
        measures = manifest["measures"]
        own, base = measures[manifest["serves"]], measures["everyone"]
        table.add_row(
            row["name"], ", ".join(row["asked_by"]), manifest["version"], manifest["serves"],
            f"{own['loss']:.4g}", f"{base['loss']:.4g}", f"{own['auc']:.3f}",
        )  # fmt: skip
    if found:
        say.out().print(table)


@predictions_app.command("show")
def show(name: Name, data: Data = DATA, json: Json = False) -> None:
    """Show one model: figures on people it had not seen, the reliability curve, what it goes by, drift.

    \b
    Examples:
      tailorbird predictions show likely_to_order_14d
      tailorbird predictions show "likely_to_leave('60 days')" --json
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.predicting.registry import registry, shown

    engines = Engines(existing(data))
    try:
        question = _asked(engines, name)[0].question
        if json:
            print(say.json_text(shown(engines.layout, question)))
            return
        versions = registry(engines.layout, question)
        manifest, looks = versions.serving().manifest, versions.looks()
    finally:
        engines.close()
    _print_measures(manifest)
    _print_curve(manifest)
    first = list(manifest.importance.items())[:_SHOWN]
    print(f"\nIt goes by: {', '.join(f'{feature} {share:.0%}' for feature, share in first)}.")
    if looks and looks[-1].drifted:
        print(f"People have changed since the training: {', '.join(looks[-1].drifted)}.")


@predictions_app.command("rollback")
def rollback(name: Name, data: Data = DATA) -> None:
    """Let the version before serve again, from the next scoring on.

    \b
    Examples:
      tailorbird predictions rollback likely_to_order_14d
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.predicting.work import roll_back

    engines = Engines(existing(data))
    try:
        question = _asked(engines, name)[0].question
        say.note(f"{question.model} is at version {roll_back(engines, question).version} again.")
    finally:
        engines.close()


def _asked(engines: "Engines", name: str) -> list["Asking"]:
    from tailorbird.shell.predicting.asking import asked_by_name, asked_in

    found = asked_in(engines.definitions, engines.state)
    if name:
        return [asked_by_name(found, name)]
    if not found:
        say.note("No definition asks for a prediction. Write likely('Order Completed', '14 days') in a trait.")
    return found


def _fold(data: Path) -> None:
    """Count what was said here, unless a running server does."""
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.importing.catch_up import fold_and_seal

    engines = Engines(existing(data), writes_state=True)
    try:
        fold_and_seal(engines, lambda offset, end: None)
    finally:
        engines.close()


def _print_outcomes(outcomes: list["Outcome"]) -> None:
    table = say.table("model", ">people", ">said anew", ">mean", ">loss", ">of everyone", "serves")
    for one in outcomes:
        if one.trouble:
            say.note(one.trouble)
        manifest, look = one.manifest, one.look
        if manifest is None or look is None:
            continue
        loss = manifest.measures[manifest.serves].loss
        table.add_row(
            one.question.model, f"{look.people:,}", f"{look.said:,}", f"{look.mean:,.3g}", f"{loss:.4g}",
            f"{manifest.measures['everyone'].loss:.4g}", manifest.serves,
        )  # fmt: skip
    if any(one.look for one in outcomes):
        say.out().print(table)


def _print_measures(manifest: "Manifest") -> None:
    table = say.table("", ">loss", ">AUC", ">lift at 10 %", ">off", ">total", title=manifest.model)
    for name, one in manifest.measures.items():
        mark = " (serves)" if name == manifest.serves else ""
        figures = (f"{one.loss:.4g}", f"{one.auc:.3f}", f"{one.lift:.2f}", f"{one.off:.3g}", f"{one.total:.2f}")
        table.add_row(f"{name}{mark}", *figures)
    say.out().print(table)
    print(f"Serves: {manifest.serves}, because {manifest.because}.")
    print(f"Gain of the trees over what is simpler: {manifest.gain:.4g} ± {manifest.gain_half:.2g} in loss a person.")


def _print_curve(manifest: "Manifest") -> None:
    table = say.table(">said", ">came", ">interval", ">people")
    for one in manifest.curve:
        table.add_row(f"{one.said:.3g}", f"{one.came:.3g}", f"{one.low:.3g} to {one.high:.3g}", f"{one.people:,}")
    print()
    say.out().print(table)
