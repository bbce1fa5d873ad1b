"""A run of `tailorbird evaluate`: each model that was asked for, a line each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tailorbird.errors import BadRequest
from tailorbird.offer.judge.asking import asked, judge_of
from tailorbird.offer.judge.protocols import validated
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.retrievers.catalog import Entry, entries
from tailorbird.shell.evaluating.lines import line
from tailorbird.shell.evaluating.measuring import cost

TUNED_ON = 4000  # questions


@dataclass(frozen=True)
class Settings:
    """What the command line says."""

    model: str = "auto"
    budget_s: float = 900.0
    seed: int = 0


def lines_of(test: Trial, settings: Settings) -> Iterator[dict[str, Any]]:
    """One line a model."""
    for entry in _chosen(test, settings.model):
        yield _alone(entry, test, validated(test, settings.seed), settings.seed)


def _chosen(test: Trial, model: str) -> list[Entry]:
    suiting = entries(test.kind, test.known)
    if model == "all":
        return suiting
    named = [entry for entry in suiting if entry.name == model]
    if not named:
        names = ", ".join(["auto", "all", *(entry.name for entry in suiting)])
        raise BadRequest(f"There is no model {model!r} for {test.kind} on this data. Known: {names}.")
    return named


def _alone(entry: Entry, test: Trial, exam: Trial, seed: int) -> dict[str, Any]:
    """Tuned on validation, fitted on all of train, asked once."""
    recipe = entry.recipe
    with cost() as tuning:
        if not entry.floor:
            recipe = recipe.tuned(exam.known, judge_of(exam.sample(TUNED_ON, seed)), seed)
    with cost() as fitting:
        retriever = recipe.fit(test.known, seed)
    with cost() as answering:
        measured = asked(retriever, test).measured(test)
    return line(test, entry.name, measured, {"tune": tuning, "fit": fitting, "answer": answering})
