"""What validation chooses: settings, scale, weights, trees, who serves. The test is nowhere near."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tailorbird.offer.hybrid.compiled import POPULAR, Recipe, latest, recipe
from tailorbird.offer.hybrid.compiled import WIDTH as ROWS
from tailorbird.offer.hybrid.exam import Key
from tailorbird.offer.hybrid.features import facts
from tailorbird.offer.hybrid.members import Member, members
from tailorbird.offer.hybrid.mix import Mix, mixed, with_correction, with_trees, without_idle, worths
from tailorbird.offer.hybrid.panel import WIDTH, Heard, heard
from tailorbird.offer.hybrid.pool import Pool, only
from tailorbird.offer.hybrid.served import KEEPS, Service, affordable, request_ms
from tailorbird.offer.hybrid.tables import alone
from tailorbird.offer.hybrid.tools import Budget, Cost, Tools
from tailorbird.offer.judge.measures import means
from tailorbird.offer.judge.questions import Trial, drawn
from tailorbird.offer.retrievers.catalog import Entry
from tailorbird.offer.retrievers.histories import Floats, Longs
from tailorbird.offer.retrievers.retriever import Retriever

# Of 4,000, the difference of two settings still has a standard error of 1 to 1.5 % (docs/why/120).
TUNED_ON, BLENDED_ON = 6_000, 24_000  # questions
ASK_FOR = 0.1  # of the budget, at most: asking validation questions for the blend and the trees
PROBE = 256  # questions that tell how long others will take
TUNE_UNTIL = 0.45  # of the budget
COMPILED_ON = 1_000  # questions, and as many to judge: each item of their histories is a row that has to be asked for
COMPILE_FOR, TABLE_TWICE = 0.3, 2.5  # of the time that is left, at most; the rows are made for the test again
TREES_NEED = 0.15  # of the budget: below that they are not tried
GROWTH = 1.4  # how much longer a fit on all of train may take than one without validation
REPEATED = 0.002  # share of validation targets in the history, below which nobody is thought to repeat themselves


@dataclass(frozen=True)
class Chosen:
    """All that the final fit needs to know."""

    members: list[Member]
    floors: list[Member]
    mix: Mix
    service: Service
    costs: dict[str, Cost]
    told: dict[str, Any]  # for the report


def chosen(entries: Sequence[Entry], exam: Trial, tested: int, budget: Budget, tools: Tools, seed: int) -> Chosen:
    """Tune, ask, blend, gate. `tested` is how many questions the test will ask: time for them is set aside."""
    few = exam.sample(TUNED_ON, seed)
    ready, dropped = members(entries, few, budget, budget.until(TUNE_UNTIL), tools, seed)
    # Printed to be compared with, untuned: they have no part in the blend.
    floors = [member for member in ready if member.entry.floor]
    ready = [member for member in ready if not member.entry.floor]
    with tools.cost() as blending:
        panel = [member.retriever for member in ready]
        # As many as there is time for: weights are learned on them, and trees need more people than settings do.
        many = exam.sample(_as_many(panel, few, budget, tools), seed + 1)
        said = heard(panel, many, tools.now)
        need = _needs(ready, said, tested / max(1, len(many)))
        # Before the blend is learned: it should rest on nobody who cannot be fitted again in what is left.
        ready, late = _in_time(ready, need, worths(said.pool, many, seed), 0.8 * budget.left())
        pool = _of(said.pool, [member.name for member in ready])
        tools.say(f"blending {len(ready)} retrievers on {len(many)} questions")
        mix, scales = mixed(pool, many, seed)
        # Trees get the pool that will serve: candidates of an idle retriever would be gone from it.
        lean, own = without_idle(mix, pool)
    tools.say(f"blend: {told(mix)}")
    with tools.cost() as teaching:
        lean, verdict = _gated(lean, own, many, tools, budget, seed)
        # A correction listens to the idle ones, too: without them it gains less (docs/why/126).
        mix, correction = _corrected(mix, pool, many, verdict, seed)
    tools.say(f"trees: {verdict['why']}; correction: {correction['why']}")
    with tools.cost() as serving:
        # What orders the blend anew has learned from these very questions: its gain is that on people not seen.
        gain = _gain(verdict, "trees") * _gain(correction, "corrected")
        table, kept = _compiled(lean, own, ready, many, gain, tools, budget, seed)
        if mix.correction is None:
            mix, pool = lean, own
        service = Service(mix, {}, {}, table, kept)
        # Without a table that keeps enough, the retrievers are asked themselves, those that are quick enough.
        if kept is None or kept < KEEPS:
            asked = replace(_service(mix, pool, ready, many, tools, budget, seed), kept=kept)
            service = service if _is_better(table, asked, pool, many, seed) else asked
        if service.compiled is not None and kept is not None:
            tools.say(f"one table keeps {kept:.1%} of it and serves")
    costs = {"blend": blending, "trees": teaching, "serving": serving}
    report = {"weights": told(mix), "scale": scales, "gate": verdict, "correction": correction}
    report["dropped"] = dropped | late
    return Chosen(ready, floors, mix, service, costs, report)


def _as_many(panel: Sequence[Retriever], few: Trial, budget: Budget, tools: Tools) -> int:
    """How many questions can be asked in the time for that."""
    probe, began = few.part(0, min(PROBE, len(few))), tools.now()
    heard(panel, probe, tools.now)
    seconds = (tools.now() - began) / max(1, len(probe))
    return max(PROBE, min(BLENDED_ON, int(ASK_FOR * budget.seconds / max(seconds, 1e-9))))


def repeating(test: Trial, exam: Trial) -> tuple[bool, str]:
    """(mask the history?, why). Where no validation target stands in its history, what does is ranked last."""
    if test.masked:
        return True, "masked by the protocol"
    rows = np.repeat(np.arange(len(exam)), np.diff(exam.start))
    stands = exam.asked.rows() * exam.asked.items + exam.asked.item
    share = float(np.isin(rows * exam.asked.items + exam.target, stands).mean()) if len(rows) else 0.0
    if share < REPEATED:
        return True, "ranked last: no validation target repeats its history"
    return False, f"ranked with all: {share:.1%} of the validation targets repeat"


def told(mix: Mix) -> dict[str, float]:
    """The weights by name."""
    return {name: round(float(weight), 3) for name, weight in zip(mix.retrievers, mix.weights, strict=True)}


def _of(pool: Pool, names: Sequence[str]) -> Pool:
    return only(pool, [pool.retrievers.index(name) for name in names], WIDTH)


def _needs(ready: list[Member], said: Heard, growth: float) -> dict[str, float]:
    """The seconds that each needs until the end: to be fitted on all of train, and to be asked."""
    return {member.name: GROWTH * member.costs["fit"].seconds + growth * said.seconds[member.name] for member in ready}


def _in_time(
    ready: list[Member], need: dict[str, float], worth: dict[str, float], left: float
) -> tuple[list[Member], dict[str, str]]:
    """Those that there is time for, and why not the others."""
    kept = within(need, worth, left)
    late = {
        name: f"no time: fitting and asking it takes {s:.0f} s more" for name, s in need.items() if name not in kept
    }
    return [member for member in ready if member.name in kept], late


def within(need: dict[str, float], worth: dict[str, float], left: float) -> set[str]:
    """Who fits into `left` seconds, those worth most for what they need first; the first of them in any case.

    >>> sorted(within({"dear": 90, "good": 20, "cheap": 1}, {"dear": 0.5, "good": 0.4, "cheap": 0.01}, left=30))
    ['cheap', 'good']
    """
    kept, spent = set[str](), 0.0
    # By worth for the time, not by worth: one dear retriever would crowd out several cheap ones.
    for name in sorted(need, key=lambda one: (-worth[one] / max(need[one], 1e-3), one)):
        if not kept or spent + need[name] <= left:
            kept.add(name)
            spent += need[name]
    return kept


def _gated(mix: Mix, pool: Pool, exam: Trial, tools: Tools, budget: Budget, seed: int) -> tuple[Mix, dict[str, Any]]:
    if tools.teacher is None:
        return mix, {"accepted": False, "why": "not tried: pip install 'tailorbird[recommend]'"}
    if budget.left() < TREES_NEED * budget.seconds:
        return mix, {"accepted": False, "why": f"not tried: only {budget.left():.0f} s are left"}
    return with_trees(mix, pool, exam, facts(exam.known), tools.teacher, seed)


def _corrected(mix: Mix, pool: Pool, exam: Trial, trees: dict[str, Any], seed: int) -> tuple[Mix, dict[str, Any]]:
    if trees["accepted"]:
        return mix, {"accepted": False, "why": "not tried: trees serve"}
    # In an ordered history the last contacts say most, and no column tells of them: not measured there.
    if exam.known.ordered:
        return mix, {"accepted": False, "why": "not tried: for bags only"}
    return with_correction(mix, pool, exam, facts(exam.known), seed)


def _gain(verdict: dict[str, Any], name: str) -> float:
    """How many times what the blend is worth; only one of trees and correction is accepted."""
    return float(verdict[name]) / max(verdict["blend"], 1e-12) if verdict["accepted"] else 1.0


def _compiled(
    mix: Mix, pool: Pool, ready: list[Member], exam: Trial, gain: float, tools: Tools, budget: Budget, seed: int
) -> tuple[Recipe | None, float | None]:  # fmt: skip
    """The blend as one table, and the share of the worth that it keeps; nothing where there is no time for it."""
    by_name = {member.name: member for member in ready}
    rows, judges = _halves(len(exam), seed)
    some, same = exam.of_rows(judges), pool.of_rows(judges)
    panel = [by_name[name].retriever for name in mix.retrievers]
    # The judges' histories hold items of their own, each of which is a row, too.
    every = exam.of_rows(np.union1d(rows, judges))
    panel = _within(COMPILE_FOR * budget.left(), panel, mix.weights, every, tools)
    if tools.server is None or not panel:
        return None, None
    found = recipe(panel, exam.of_rows(rows), some)
    blend = means(Key.of(same, some).measured(*mix.blend(same)))[some.chosen_by]
    # The table is measured against what serves otherwise.
    return found, found.worth / max(blend * gain, 1e-12)


def _halves(total: int, seed: int) -> tuple[Longs, Longs]:
    """The questions that a table is learned on, and those that it is judged on."""
    # Different ones: on the 1,000 that it had learned a table kept .996 of the blend, on a test .931 (docs/why/122).
    rows = drawn(total, 2 * COMPILED_ON, seed + 2)
    return (rows[::2], rows[1::2]) if total > 1 else (rows, rows)


def _within(seconds: float, panel: list[Retriever], weights: Floats, exam: Trial, tools: Tools) -> list[Retriever]:
    """Those whose rows can be made in that time, most weight for their time first; what is popular needs none."""
    items = np.unique(latest(exam.asked).item).astype(np.int32)
    # Spread over all of them: what is popular has more neighbours to walk over than what is rare.
    probe = items[np.linspace(0, len(items) - 1, min(PROBE, len(items))).astype(int)] if len(items) else items
    need = {}
    for retriever in panel:
        began = tools.now()
        alone(retriever, probe, exam.known, ROWS, masked=exam.masked)
        need[retriever.name] = TABLE_TWICE * (tools.now() - began) * len(items) / max(1, len(probe))
    order = np.argsort([-weight / max(need[one.name], 1e-3) for one, weight in zip(panel, weights, strict=True)])
    kept, left = [], seconds
    for one in (panel[place] for place in order):
        if one.name != POPULAR and need[one.name] <= left:
            kept.append(one.name)
            left -= need[one.name]
    return [one for one in panel if one.name in kept]


def _is_better(table: Recipe | None, asked: Service, pool: Pool, exam: Trial, seed: int) -> bool:
    """Whether a table that keeps too little is worth more than those who are quick enough to be asked."""
    if table is None or not asked.away:
        return False
    _, rows = _halves(len(exam), seed)
    some, same = exam.of_rows(rows), _of(pool, asked.mix.retrievers).of_rows(rows)
    return table.worth > means(Key.of(same, some).measured(*asked.mix.blend(same)))[some.chosen_by]


def _service(
    mix: Mix, pool: Pool, ready: list[Member], exam: Trial, tools: Tools, budget: Budget, seed: int
) -> Service:
    """The mix itself if it is quick enough, else one of fewer retrievers, learned on the same questions."""
    by_name = {member.name: member for member in ready}
    away = {name: "its catalog entry says that it cannot" for name in mix.retrievers if not by_name[name].entry.online}
    able = [place for place, name in enumerate(mix.retrievers) if name not in away]
    if not able:
        return Service(mix, {}, {})
    names = [mix.retrievers[place] for place in able]
    ms = {name: request_ms(by_name[name].retriever, exam, tools.now) for name in names}
    kept, slow = affordable(names, mix.weights[able], ms)
    away |= slow
    if not away or not kept:
        return Service(mix, ms, away)
    tools.say(f"{', '.join(kept)} serve; learning their mix")
    fewer = _of(pool, kept)
    own, _ = mixed(fewer, exam, seed)
    if mix.correction is not None:
        own, _ = with_correction(own, fewer, exam, facts(exam.known), seed)
    if own.correction is None:
        own, fewer = without_idle(own, fewer)
    if mix.forest is not None:
        own, _ = _gated(own, fewer, exam, tools, budget, seed)
    return Service(own, ms, away)


def masked(trial: Trial, hide: bool) -> Trial:
    """The same questions, with the history left out of the answers or not."""
    return replace(trial, masked=hide)
