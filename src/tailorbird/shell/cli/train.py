"""`tailorbird train`."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from tailorbird.shell.cli import say
from tailorbird.shell.cli.options import DATA, Data, Json, clock, existing

if TYPE_CHECKING:
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.training.run import Trained, Wish

_PARTS = 9  # of the report: everyone, new people, new items, and the first segments
Tune = Annotated[int, typer.Option("--tune", min=0, metavar="N", help="Search settings in N trials (extra recommend).")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Of search and intervals. The same one, the same model.")]


def train(data: Data = DATA, tune: Tune = 0, seed: Seed = 0, json: Json = False) -> None:
    """Train, evaluate and promote the recommender.

    \b
    Examples:
      tailorbird train
      tailorbird train --tune 50
      tailorbird train --data /srv/shop --json

    It learns from the lake, with who withdrew consent to personalization left out, and is asked again at moments
    of the latest weeks, which it has not seen. It serves from then on if it is better than the model in use beyond
    noise, or as good and knows more recent days. A running server follows at once.

    --tune searches on the validation part, and keeps its trials: killed, it goes on where it was when asked again. What
    it finds lives on in later trainings without it.
    """
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.training.run import Wish

    engines = Engines(existing(data))
    try:
        trained = train_and_show(engines, Wish(seed, tune), quiet=json)
    finally:
        engines.close()
    if json:
        print(say.json_text({"promoted": trained.promoted, "why": trained.why, "manifest": trained.manifest}))


def train_and_show(engines: "Engines", wish: "Wish | None" = None, *, quiet: bool = False) -> "Trained":
    """Train with a word about each step, and print how good each part of the model is."""
    from tailorbird.shell.cli.model_tables import print_report
    from tailorbird.shell.training.progress import telling
    from tailorbird.shell.training.run import AS_IT_COMES, train_and_promote

    started = time.monotonic()
    with say.err().status("Training ...") as status:

        def step(text: str) -> None:
            status.update(f"Training: {text} ...")
            if not say.err().is_terminal:  # a spinner says nothing in a file
                say.note(f"Training: {text} ...")

        with telling(engines.layout, step) as tell:
            trained = train_and_promote(engines, clock(), tell, wish or AS_IT_COMES)
    if not quiet:
        print_report(trained.manifest, _PARTS)
        _print_verdict(trained, time.monotonic() - started)
    return trained


def _print_verdict(trained: "Trained", took_s: float) -> None:
    manifest = trained.manifest
    verdict = "serves from now on" if trained.promoted else "does not serve"
    print(
        f"Model {manifest.version} of {manifest.interactions:,} contacts of {manifest.people:,} people {verdict}: "
        f"{trained.why}. {say.seconds(took_s)}."
    )
    if manifest.ranker.why:
        print(f"Trees {'correct the blend' if manifest.ranker.accepted else 'do not serve'}: {manifest.ranker.told}.")
    if manifest.learned.told:
        print(f"What was shown: {manifest.learned.told}.")
    if trained.left_out:
        print(f"{trained.left_out:,} people were left out: their consent does not allow it.")
