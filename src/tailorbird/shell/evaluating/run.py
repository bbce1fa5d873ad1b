"""A run of `tailorbird evaluate`: each model that was asked for, a line each."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tailorbird.errors import BadRequest
from tailorbird.offer.hybrid.auto import results
from tailorbird.offer.hybrid.chosen import TUNED_ON, masked, repeating
from tailorbird.offer.hybrid.lesson import Lesson, Teacher
from tailorbird.offer.hybrid.members import members, settings
from tailorbird.offer.hybrid.tools import Budget, Tools
from tailorbird.offer.judge.asking import asked
from tailorbird.offer.judge.protocols import validated
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.recommend.compiled_serves import serving
from tailorbird.offer.retrievers.catalog import Entry, entries
from tailorbird.shell.evaluating.lines import line
from tailorbird.shell.evaluating.measuring import cost
from tailorbird.shell.learning.extras import learned


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    model: str = "auto"
    budget_s: float = 900.0
    seed: int = 0
    threads: int = 1


def lines_of(test: Trial, options: Options, note: Any = print) -> Iterator[dict[str, Any]]:
    """One line a model; `note` is told how it goes. Raises BadRequest where nobody is left to ask."""
    if not len(test):
        raise BadRequest(f"The data of {test.kind} asks nothing: nobody has an item and one that follows it.")
    began = time.monotonic()

    def say(text: str) -> None:
        note(f"{time.monotonic() - began:6.1f} s  {text}")

    tools = Tools(time.monotonic, cost, say, _teacher(options.threads), serving)
    budget = Budget(options.budget_s, began, time.monotonic)
    if options.model == "auto":
        for result in results(_suiting(test), test, budget, tools, options.seed):
            yield line(test, result.model, result.measured, result.costs, result.said, **result.more)
    else:
        yield from _alone(_chosen(test, options.model), test, budget, tools, options.seed)


def _suiting(test: Trial) -> list[Entry]:
    """The catalog, and what installed extras add to it."""
    return [*entries(test.kind, test.known), *learned(test.kind, test.known)]


def _chosen(test: Trial, model: str) -> list[Entry]:
    suiting = _suiting(test)
    found = [entry for entry in suiting if model in ("all", entry.name)]
    if not found:
        names = ", ".join(["auto", "all", *(entry.name for entry in suiting)])
        raise BadRequest(f"There is no model {model!r} for {test.kind} on this data. Known: {names}.")
    return found


def _alone(chosen: list[Entry], test: Trial, budget: Budget, tools: Tools, seed: int) -> Iterator[dict[str, Any]]:
    """Each tuned on validation, fitted on all of train, asked once; by the same rules as `auto`."""
    exam = validated(test, seed)
    hide, history = repeating(test, exam)
    test, exam = masked(test, hide), masked(exam, hide).sample(TUNED_ON, seed)
    ready, dropped = members(chosen, exam, budget, budget.until(0.8), tools, seed)
    for name, why in dropped.items():
        tools.say(f"{name} is left out: {why}")
    for member in ready:
        with cost() as member.costs["refit"]:
            retriever = member.recipe.fit(test.known, seed)
        with cost() as member.costs["answer"]:
            said = asked(retriever, test)
        more = {"settings": settings(member.recipe), "history": history}
        yield line(test, member.name, said.measured(test), member.costs, said, **more)


def _teacher(threads: int) -> Teacher | None:
    """Trees by lightgbm, if it is installed."""
    from importlib.util import find_spec

    if find_spec("lightgbm") is None:
        return None
    from tailorbird.shell.learning.lambdamart import Settings, lambdamart

    # Those who say when to stop are few, and thirty trees that do nothing for them are often a pause: with that
    # patience yoochoose depended on the seed, by 1 %.
    settings = Settings(threads=threads, rounds=600, patience=100)

    def teach(learn: Lesson, stop: Lesson, seed: int) -> Any:
        return lambdamart(learn, stop, seed, settings)

    return teach
