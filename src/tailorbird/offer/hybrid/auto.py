"""`auto`: chooses, blends and re-ranks on a validation part of train; then fits on all of train and asks the test once.

tune     each recipe of the catalog, on some thousand validation questions, within its share of the time
blend    scale and weights, on more of these questions
gate     trees re-rank if they win on questions that neither they nor the blend's search have seen
refit    every recipe on all of train with the settings that were chosen
test     every retriever alone, the blend, the trees, and `auto`, which is the one of the two that validation chose
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tailorbird.offer.hybrid.exam import Key
from tailorbird.offer.hybrid.features import Facts, facts
from tailorbird.offer.hybrid.members import Member, members, settings
from tailorbird.offer.hybrid.mix import Mix, mixed, with_trees
from tailorbird.offer.hybrid.panel import Heard, heard
from tailorbird.offer.hybrid.tools import Budget, Cost, Tools
from tailorbird.offer.judge.measures import by_question
from tailorbird.offer.judge.protocols import validated
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.judge.ranks import Doubles
from tailorbird.offer.retrievers.catalog import Entry
from tailorbird.offer.retrievers.retriever import Retriever

TUNED_ON, BLENDED_ON, TESTED_AT_ONCE = 4_000, 15_000, 8_000  # questions
TUNE_UNTIL = 0.45  # of the budget
TREES_NEED = 0.15  # of the budget: below that they are not tried
GROWTH = 1.4  # how much longer a fit on all of train may take than one without validation
REPEATED = 0.002  # share of validation targets in the history, below which nobody is thought to repeat themselves


@dataclass(frozen=True)
class Result:
    """A line of the report."""

    model: str
    measured: dict[str, Doubles]
    costs: dict[str, Cost] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Learned:
    """All that was chosen on validation, and what was fitted on all of train: a model that can answer."""

    mix: Mix
    panel: list[Retriever]  # those that the mix needs, in its order
    recipes: list[Member]
    facts: Facts
    test: Trial  # with what was learned about repeats


def results(entries: Sequence[Entry], test: Trial, budget: Budget, tools: Tools, seed: int = 0) -> Iterator[Result]:
    """A line for each retriever alone, for the blend, the trees and auto."""
    exam = validated(test, seed)
    test, repeats = _without_repeats(test, exam)
    exam = replace(exam, masked=test.masked)
    ready, dropped = members(entries, exam.sample(TUNED_ON, seed), budget, budget.until(TUNE_UNTIL), tools, seed)
    with tools.cost() as blending:
        many = exam.sample(BLENDED_ON, seed + 1)
        said = heard([member.retriever for member in ready], many, tools.now)
        ready, late = _affordable(ready, said, len(many), len(test), budget)
        blended_ones = [place for place, member in enumerate(ready) if not member.entry.floor]
        pool = said.pool.chosen([said.pool.retrievers.index(ready[place].name) for place in blended_ones])
        tools.say(f"blending {len(pool.retrievers)} retrievers on {len(many)} questions")
        mix, found = mixed(pool, many)
    tools.say(f"blend: {_told(mix)}")
    with tools.cost() as teaching:
        mix, verdict = _gated(mix, pool, many, tools, budget, seed)
    tools.say(f"trees: {verdict}")
    del said, pool
    yield from _tested(ready, mix, test, tools, seed, {"blend": blending, "trees": teaching}, {
        "repeats": repeats, "dropped": dropped | late, "scales": found, "gate": verdict, "weights": _told(mix),
    })  # fmt: skip


def _without_repeats(test: Trial, exam: Trial) -> tuple[Trial, str]:
    """Where no validation target stands in its history, items of the history go last: a rule, learned on validation."""
    if test.masked:
        return test, "masked"
    rows = np.repeat(np.arange(len(exam)), np.diff(exam.start))
    pairs = exam.asked.rows() * exam.asked.items + exam.asked.item
    share = float(np.isin(rows * exam.asked.items + exam.target, pairs).mean()) if len(rows) else 0.0
    if share < REPEATED:
        return replace(test, masked=True), "ranked last: no validation target repeats"
    return test, f"ranked with all: {share:.1%} of the validation targets repeat"


def _affordable(
    ready: list[Member], said: Heard, asked: int, tested: int, budget: Budget
) -> tuple[list[Member], dict[str, str]]:
    """Without the most expensive ones, until what is left to do fits into the time that is left."""
    share = tested / max(1, asked)

    def need(member: Member) -> float:
        return GROWTH * member.costs["fit"].seconds + share * said.seconds[member.name]

    kept, late = list(ready), dict[str, str]()
    while len(kept) > 1 and sum(map(need, kept)) > 0.8 * budget.left():
        worst = max(kept, key=need)
        kept.remove(worst)
        late[worst.name] = f"no time: fitting and asking it takes {need(worst):.0f} s more"
    return kept, late


def _gated(mix: Mix, pool: Any, exam: Trial, tools: Tools, budget: Budget, seed: int) -> tuple[Mix, dict[str, Any]]:
    if tools.teacher is None:
        return mix, {"accepted": False, "why": "not tried: pip install 'tailorbird[recommend]'"}
    if budget.left() < TREES_NEED * budget.seconds:
        return mix, {"accepted": False, "why": f"not tried: {budget.left():.0f} s are left"}
    return with_trees(mix, pool, exam, facts(exam.known), tools.teacher, seed)


def _tested(
    ready: list[Member], mix: Mix, test: Trial, tools: Tools, seed: int, costs: dict[str, Cost], more: dict[str, Any]
) -> Iterator[Result]:
    """Everything fitted on all of train; the test in parts that fit into memory."""
    panel = []
    for member in ready:
        with tools.cost() as member.costs["refit"]:
            panel.append(member.recipe.fit(test.known, seed))
        tools.say(f"{member.name}: fitted on all of train in {member.costs['refit'].seconds:.1f} s")
    with tools.cost() as answering:
        ranks, seconds = _asked(panel, mix, test, facts(test.known), tools)
    for member in ready:
        member.costs["answer"] = Cost(seconds[member.name], answering.peak_mb)
        floor = {"floor": True} if member.entry.floor else {}
        chosen = {"settings": settings(member.recipe), **floor}
        yield Result(member.name, by_question(test.start, ranks[member.name], test.at), member.costs, chosen)
    every = _summed(ready) | costs | {"answer": answering}
    yield Result("blend", by_question(test.start, ranks["blend"], test.at), every, {"weights": more["weights"]})
    if mix.forest is not None:
        yield Result("trees", by_question(test.start, ranks["trees"], test.at), every, {"gate": more["gate"]})
    last = "blend" if mix.forest is None else "trees"
    yield Result("auto", by_question(test.start, ranks[last], test.at), every, {"is": last, **more})


def _asked(
    panel: list[Retriever], mix: Mix, test: Trial, known: Facts, tools: Tools
) -> tuple[dict[str, Doubles], dict[str, float]]:
    """(the ranks that each retriever, the blend and the trees give the targets; the seconds of each retriever)."""
    ranks: dict[str, list[Doubles]] = {}
    seconds = dict.fromkeys((retriever.name for retriever in panel), 0.0)
    for begin in range(0, len(test), TESTED_AT_ONCE):
        part = test.part(begin, min(begin + TESTED_AT_ONCE, len(test)))
        said = heard(panel, part, tools.now)
        pool = said.pool.chosen([said.pool.retrievers.index(name) for name in mix.retrievers])
        found = dict(said.ranks)
        found["blend"] = _ranks(*replace(mix, forest=None).ranked(pool, part.asked, known), part)
        if mix.forest is not None:
            found["trees"] = _ranks(*mix.ranked(pool, part.asked, known), part)
        for name, own in found.items():
            ranks.setdefault(name, []).append(own)
        for name, took in said.seconds.items():
            seconds[name] += took
    return {name: np.concatenate(own) for name, own in ranks.items()}, seconds


def _ranks(pool: Any, scores: Any, part: Trial) -> Doubles:
    return Key.of(pool, part).ranks(pool, scores)


def _summed(ready: list[Member]) -> dict[str, Cost]:
    """What all members cost together, by step."""
    steps: dict[str, Cost] = {}
    for member in ready:
        for step, one in member.costs.items():
            before = steps.get(step, Cost())
            steps[step] = Cost(before.seconds + one.seconds, max(before.peak_mb, one.peak_mb))
    return steps


def _told(mix: Mix) -> dict[str, float]:
    return {name: round(float(weight), 3) for name, weight in zip(mix.retrievers, mix.weights, strict=True) if weight}
