"""`tailorbird train`."""

import time
from typing import TYPE_CHECKING, Any

from tailorbird.shell.cli import say
from tailorbird.shell.cli.options import DATA, Data, Json, clock, existing

if TYPE_CHECKING:
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.training import Trained

_SCORES = ("recall@20", "ndcg@20", "mrr", "coverage")


def train(data: Data = DATA, json: Json = False) -> None:
    """Train, evaluate and promote the recommender.

    \b
    Examples:
      tailorbird train
      tailorbird train --data /srv/shop --json

    It learns from the lake, with who withdrew consent to personalization left out, and is asked again at moments
    of the latest weeks, which it has not seen. Recall, NDCG, MRR and coverage are printed for each part beside
    popularity. It serves from then on, unless popularity alone is better. A running server follows at once.
    """
    from tailorbird.shell.engines import Engines

    engines = Engines(existing(data))
    try:
        trained = train_and_show(engines, quiet=json)
    finally:
        engines.close()
    if json:
        print(say.json_text({"promoted": trained.promoted, "why": trained.why, "manifest": trained.manifest}))


def train_and_show(engines: "Engines", *, quiet: bool = False) -> "Trained":
    """Train with a word about each step, and print how good each part of the model is."""
    from tailorbird.shell.training import train_and_promote

    started = time.monotonic()
    with say.err().status("Training ...") as status:
        trained = train_and_promote(engines, clock(), lambda step: status.update(f"Training: {step} ..."))
    if not quiet:
        _show(trained, time.monotonic() - started)
    return trained


def _show(trained: "Trained", took_s: float) -> None:
    manifest = trained.manifest
    moments = max((line.get("moments", 0) for line in manifest.evaluation), default=0)
    title = f"What people did next, at {moments:,} moments of weeks that the model has not seen" if moments else None
    table = say.table("model", *(f">{score}" for score in _SCORES), title=title)
    for line in manifest.evaluation:
        table.add_row(line["model"], *(_score(line, score) for score in _SCORES))
    if manifest.evaluation:
        say.out().print(table)
    verdict = "serves from now on" if trained.promoted else "does not serve"
    print(
        f"Model {manifest.version} of {manifest.interactions:,} contacts of {manifest.people:,} people {verdict}: "
        f"{trained.why}. {say.seconds(took_s)}."
    )
    if trained.left_out:
        print(f"{trained.left_out:,} people were left out: their consent does not allow it.")


def _score(line: dict[str, Any], score: str) -> str:
    value = line.get(score)
    return "" if value is None else f"{value:.4f}"
