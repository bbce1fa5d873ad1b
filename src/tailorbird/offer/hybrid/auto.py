"""`auto`: chooses, blends and re-ranks on a validation part of train; then fits on all of train and asks the test once.

tune     each recipe of the catalog, on some thousand validation questions, within its share of the time
blend    scale and weights, on more of these questions
gate     trees re-rank if they win on people who did not teach them; else a correction, by the same rule
refit    every recipe on all of train with the settings that were chosen
test     every retriever alone, the blend, the trees or the correction, `auto`, which is what validation chose, and
         `served`, one request at a time: of the blend as one table by the path of visitors, or of what is quick enough
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tailorbird.offer.hybrid.chosen import Chosen, chosen, masked, repeating
from tailorbird.offer.hybrid.compiled import Serving, latest
from tailorbird.offer.hybrid.exam import Key
from tailorbird.offer.hybrid.features import Facts, facts
from tailorbird.offer.hybrid.members import Member, settings
from tailorbird.offer.hybrid.mix import Mix
from tailorbird.offer.hybrid.panel import heard
from tailorbird.offer.hybrid.pool import Pool, best_of
from tailorbird.offer.hybrid.served import Service, answered, served
from tailorbird.offer.hybrid.tools import Budget, Cost, Tools
from tailorbird.offer.judge.asking import Answers, asked, behind_each_other
from tailorbird.offer.judge.measures import by_question, means
from tailorbird.offer.judge.protocols import validated
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.judge.ranks import Doubles
from tailorbird.offer.retrievers.catalog import Entry
from tailorbird.offer.retrievers.histories import Longs
from tailorbird.offer.retrievers.retriever import Retriever

TESTED_AT_ONCE = 8_000  # questions
SERVED_ON = 2_000  # questions, asked one at a time
TABLE_SERVED_ON = 1_000  # the same, of a table: each item of their histories is a row to make


@dataclass(frozen=True)
class Result:
    """A line of the report."""

    model: str
    measured: dict[str, Doubles]
    costs: dict[str, Cost] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    said: Answers | None = None  # to all questions of the test; of what is served not kept


def results(entries: Sequence[Entry], test: Trial, budget: Budget, tools: Tools, seed: int = 0) -> Iterator[Result]:
    """A line for each retriever alone, for the blend, the trees, auto and what is served."""
    exam = validated(test, seed)
    # By the targets of validation: those of the test must not decide how it is asked.
    hide, repeats = repeating(test, exam)
    test, exam = masked(test, hide), masked(exam, hide)
    choice = chosen(entries, exam, len(test), budget, tools, seed)
    choice.told["history"] = repeats
    # Validation has cost some of the data: everyone is fitted again on all of train before the test is asked.
    panel = {member.name: _refitted(member, test, tools, seed) for member in (*choice.floors, *choice.members)}
    known = facts(test.known)
    with tools.cost() as answering:
        said, seconds = _asked([panel[name] for name in choice.mix.retrievers], choice.mix, test, known, tools)
        for member in (*choice.floors, *choice.members):
            if member.name in seconds:
                member.costs["answer"] = Cost(seconds[member.name])
            yield _alone(member, panel[member.name], test, said, tools)
    yield from _joined(choice, test, said, answering)
    yield _served(choice, panel, known, test, said["auto"].measured(test), tools, seed)


def _refitted(member: Member, test: Trial, tools: Tools, seed: int) -> Retriever:
    with tools.cost() as member.costs["refit"]:
        retriever = member.recipe.fit(test.known, seed)
    tools.say(f"{member.name}: fitted on all of train in {member.costs['refit'].seconds:.1f} s")
    return retriever


def _asked(
    panel: list[Retriever], mix: Mix, test: Trial, known: Facts, tools: Tools
) -> tuple[dict[str, Answers], dict[str, float]]:
    """(what each retriever, the blend and the trees say, lists and ranks of targets; the seconds of each retriever).

    In parts that fit into memory.
    """
    answers: dict[str, list[Answers]] = {}
    seconds = dict.fromkeys(mix.retrievers, 0.0)
    for begin in range(0, len(test), TESTED_AT_ONCE):
        part = test.part(begin, min(begin + TESTED_AT_ONCE, len(test)))
        said = heard(panel, part, tools.now)
        found = {name: Answers(said.lists[name], ranks) for name, ranks in said.ranks.items()}
        found["blend"] = _of_mix(mix.alone(), said.pool, part, known)
        # What nothing orders anew is ranked once.
        found["auto"] = found["blend"] if mix.last == "blend" else _of_mix(mix, said.pool, part, known)
        for name, own in found.items():
            answers.setdefault(name, []).append(own)
        for name, took in said.seconds.items():
            seconds[name] += took
    return {name: behind_each_other(own) for name, own in answers.items()}, seconds


def _of_mix(mix: Mix, said: Pool, part: Trial, known: Facts) -> Answers:
    pool, scores = mix.ranked(said, part.asked, known)
    return Answers(best_of(pool, scores, part.at), Key.of(pool, part).ranks(pool, scores))


def _alone(member: Member, retriever: Retriever, test: Trial, said: dict[str, Answers], tools: Tools) -> Result:
    """Those outside of the mix are asked now; the others were."""
    if member.name not in said:
        with tools.cost() as member.costs["answer"]:
            said[member.name] = asked(retriever, test)
    more = {"settings": settings(member.recipe)} | ({"floor": True} if member.entry.floor else {})
    own = said[member.name]
    return Result(member.name, own.measured(test), member.costs, more, own)


def _joined(choice: Chosen, test: Trial, said: dict[str, Answers], answering: Cost) -> Iterator[Result]:
    every = _summed(choice) | choice.costs | {"answer": answering}
    blend, auto = said["blend"], said["auto"]
    yield Result("blend", blend.measured(test), every, {"weights": choice.told["weights"]}, blend)
    last = choice.mix.last
    if last != "blend":
        gate = choice.told["gate" if last == "trees" else "correction"]
        yield Result(last, auto.measured(test), every, {"gate": gate}, auto)
    yield Result("auto", auto.measured(test), every, {"is": last, **choice.told}, auto)


def _served(
    choice: Chosen, panel: dict[str, Retriever], known: Facts, test: Trial, auto: dict[str, Doubles], tools: Tools,
    seed: int,
) -> Result:  # fmt: skip
    """One question at a time, by what was stored; beside what auto says to the same questions."""
    if choice.service.compiled is not None and tools.server is not None:
        return _served_by_table(choice.service, panel, test, auto, tools, seed)
    mix = choice.service.mix
    recipes = {member.name: member.recipe for member in choice.members}
    # From their arrays, as another process would have them, not as they lie in memory after the fit.
    stored = [recipes[name].restored(panel[name].arrays()) for name in mix.retrievers]
    rows = np.random.default_rng(seed).permutation(len(test))[:SERVED_ON].astype(np.int64)
    some = test.of_rows(rows)
    with tools.cost() as serving:
        ranks, ms = served(stored, mix, known, some, tools.now)
    measured = by_question(some.start, ranks, some.at)
    return Result("served", measured, {"answer": serving}, {
        "by": "retrievers, restored from their arrays", "table_keeps": _rounded(choice.service.kept),
        **_beside(measured, auto, rows, test, ms),
        "retrievers_ms": {name: round(one, 2) for name, one in choice.service.ms.items()},
        "away": choice.service.away, "trees": mix.forest is not None,
        "corrected": mix.correction is not None,
    })  # fmt: skip


def _served_by_table(
    service: Service, panel: dict[str, Retriever], test: Trial, auto: dict[str, Doubles], tools: Tools, seed: int
) -> Result:
    """One question at a time, by the path of requests over the compiled blend."""
    made_of = service.compiled
    assert made_of is not None and tools.server is not None
    rows = np.sort(np.random.default_rng(seed).permutation(len(test))[:TABLE_SERVED_ON]).astype(np.int64)
    some = test.of_rows(rows)
    with tools.cost() as making:
        asked = latest(some.asked)
        table = made_of.table([panel[name] for name in made_of.retrievers], asked, test.known, masked=test.masked)
        popular = np.bincount(test.known.matrix().indices, minlength=test.known.items).astype(np.float32)
        answer = tools.server(Serving(table, made_of.fading, popular, test.masked, test.at))
    with tools.cost() as serving:
        ranks, ms = answered(answer, some, tools.now)
    measured = by_question(some.start, ranks, some.at)
    weights = zip(made_of.retrievers, made_of.weights, strict=True)
    return Result("served", measured, {"table": making, "answer": serving}, {
        "by": "one table, the path of requests", "table_keeps": _rounded(service.kept),
        **_beside(measured, auto, rows, test, ms),
        "weights": {name: round(float(weight), 3) for name, weight in weights},
        "fading": None if np.isinf(made_of.fading) else made_of.fading, "rows": len(np.unique(asked.item)),
        "away": {}, "trees": False, "corrected": False,
    })  # fmt: skip


def _rounded(share: float | None) -> float | None:
    """None where there was no time to find out."""
    return None if share is None else round(share, 4)


def _beside(
    measured: dict[str, Doubles], auto: dict[str, Doubles], rows: Longs, test: Trial, ms: Doubles
) -> dict[str, Any]:
    """What part of auto's worth on the same questions is kept, and the time of a request."""
    # The same questions, or the share would tell how hard the drawn ones are.
    same = float(auto[test.chosen_by][rows].mean()) if len(rows) else 0.0
    return {
        "questions": len(rows), "of_auto": round(means(measured)[test.chosen_by] / max(same, 1e-12), 4),
        "ms": {"mean": round(float(ms.mean()), 3), "p99": round(float(np.quantile(ms, 0.99)), 3)} if len(ms) else {},
    }  # fmt: skip


def _summed(choice: Chosen) -> dict[str, Cost]:
    """What all members cost together, by step."""
    steps: dict[str, Cost] = {}
    for member in (*choice.floors, *choice.members):
        for step, one in member.costs.items():
            before = steps.get(step, Cost())
            steps[step] = Cost(before.seconds + one.seconds, max(before.peak_mb, one.peak_mb))
    return steps
