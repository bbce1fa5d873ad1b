"""A third reading of the language, against which both compilers are held: slow, and so plain that it can be checked.

It takes the tree of a definition and one person's events, and says what holds at `now`, straight from the words of
`know.language.tree`: no state, no increments, no SQL. Where live and batch differ, this says who is wrong
(docs/why/097-an-oracle-of-its-own.md).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import md5
from itertools import pairwise
from math import isfinite
from typing import Any

from tailorbird.events import Event
from tailorbird.know.fold import hear
from tailorbird.know.language import tree as t
from tailorbird.know.profile import Profile
from tailorbird.testing.slow_aggregates import AGGREGATES, contacts
from tailorbird.testing.slow_rows import Row, at_of, largest, of_kind, read, rows_of, smallest
from tailorbird.testing.slow_scalars import ARITHMETIC, COMPARE, SCALARS, doubtful, like, moment

Truth = bool | None
Baseline = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class View:
    """One person at one instant. `row` is the event that a filter or value looks at, if one does."""

    person: bytes
    events: Sequence[Event]
    now: int
    segments: Mapping[str, t.Expression] = field(default_factory=dict)
    baseline: Baseline = field(default_factory=dict)
    row: Row | None = None
    # Comparisons that rounding may turn: engines add in different orders. Whoever compares engines leaves these out.
    doubts: list[t.Compare] = field(default_factory=list)

    def at(self, now: int) -> "View":
        """The same person at another instant: what counts from later on has not happened yet."""
        return replace(self, now=now, events=[event for event in self.events if at_of(event) <= now])


def members(program: t.Program, view: View) -> dict[str, bool]:
    """Which segments hold; only TRUE makes a member."""
    return {definition.name: evaluate(definition.expression, view) is True for definition in program.segments}


def traits(program: t.Program, view: View) -> dict[str, t.Value]:
    return {definition.name: evaluate(definition.expression, view) for definition in program.traits}


def view_of(program: t.Program, person: bytes, events: Sequence[Event], now: int, baseline: Baseline) -> View:
    """The person as a program sees them at `now`."""
    named = {definition.name: definition.expression for definition in program.segments}
    return View(person, events, now, named, baseline).at(now)


def evaluate(node: t.Expression, view: View) -> Any:
    """The value of an expression; None is NULL, and unknown."""
    return MEANING[type(node)](node, view)


# -- leaves


def _property(node: t.Property, view: View) -> Any:
    assert view.row is not None, "a property is only read from an event"
    return read(view.row, node)


def _trait(node: t.Trait, view: View) -> Any:
    said = [
        (at_of(event), value)
        for event in view.events
        if event.type != "group" and (value := of_kind(event.plain_traits.get(node.name), node.kind)) is not None
    ]
    return largest(said)[1] if said else None


def _consented(node: t.Consented, view: View) -> bool:
    # The fold's own rule for consent, and nothing else of it: which word counts is not a matter of the language.
    profile = Profile(view.person)
    for event in view.events:
        hear(profile, event)
    said = profile.consent.get(node.purpose)
    if said is None or (said.granted and 0 < node.lasts <= view.now - said.at):
        return node.default
    return said.granted


def _random_bucket(node: t.RandomBucket, view: View) -> float:
    digest = md5(f"{node.salt}:{view.person.hex()}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % 10_000 / 100


# -- statistics


def rows(events: t.Events, view: View, window: t.Window | None = None) -> list[Row]:
    """The rows that count: named, let through by the filter, within the window."""
    return [
        row for row in rows_of(view.events, events) if _within(window, row.at, view.now) and _passes(events, row, view)
    ]


def _within(window: t.Window | None, at: int, now: int) -> bool:
    if window is None:
        return True
    # Whole granules: a window of a day by the hour holds 24 of them, the present one included.
    return at // window.granule > now // window.granule - window.length // window.granule


def _passes(events: t.Events, row: Row, view: View) -> bool:
    return events.where is None or evaluate(events.where, replace(view, row=row)) is True


def _aggregate(node: t.Aggregate, view: View) -> Any:
    found = rows(node.events, view, node.window)
    if node.value is None:
        return AGGREGATES[node.function]([(row.at, row.at) for row in found])
    valued = [(row.at, evaluate(node.value, replace(view, row=row))) for row in found]
    return AGGREGATES[node.function]([(at, value) for at, value in valued if value is not None])


def _elapsed(node: t.Elapsed, view: View) -> Any:
    time = evaluate(node.time, view)
    return None if time is None else (view.now - time) // node.unit


def _affinity(node: t.Affinity, view: View) -> Any:
    weights: defaultdict[str, float] = defaultdict(float)
    for at, name, weight in contacts(node.of, view.events):
        weights[name] += weight * 0.5 ** ((view.now - at) / node.half_life)
    if not weights:
        return None
    # Against what everyone leans to: 0.5 is as much as everybody.
    share = weights[node.value] / sum(weights.values())
    return share / (share + view.baseline.get(node.of, {}).get(node.value, 0.0)) if share else 0.0


def keyed(
    events: t.Events, key: t.Expression | None, view: View, window: t.Window | None = None
) -> list[tuple[int, Any]]:
    """(at, key) of the rows that count; rows without the key are left out."""
    found = rows(events, view, window)
    if key is None:
        return [(row.at, "") for row in found]
    said = [(row.at, evaluate(key, replace(view, row=row))) for row in found]
    return [(at, value) for at, value in said if value is not None]


def _sequence(node: t.Sequence, view: View) -> Any:
    *before, _ = [keyed(step, node.key, view) for step in node.steps]
    ends = keyed(node.steps[-1], node.key, view, node.window)
    return sum(_reached([[at for at, k in step if k == key] for step in before], end, node.within) for end, key in ends)


def _reached(before: list[list[int]], end: int, within: int) -> bool:
    """Whether the steps before lie in order, strictly one later than the other, all before `end` and within reach."""
    earliest = end - within - 1  # the first step at the earliest `within` before the last
    for step in before:
        # The soonest of each step leaves most room for those behind it.
        earliest = smallest(at for at in step if earliest < at < end)
        if earliest is None:
            return False
    return True


def _absence(node: t.Absence, view: View) -> bool:
    thens = keyed(node.then, node.key, view)
    return any(
        at + node.within <= view.now
        and (node.until is None or view.now < at + node.until)
        and not any(key == other and then >= at for then, other in thens)
        for at, key in keyed(node.first, node.key, view)
    )


def _periods(node: t.Periods, view: View) -> int:
    present = view.now // node.every
    return len(
        {row.at // node.every for row in rows(node.events, view)} & set(range(present - node.of + 1, present + 1))
    )


def _restart(node: t.Restart, view: View) -> bool:
    ats = [row.at for row in rows(node.events, view)]
    return any(at - before >= node.after and view.now - at < node.within for before, at in pairwise(ats))


def _held(node: t.Held, view: View) -> bool:
    last = view.now // node.granule * node.granule
    edges = [last - back * node.granule for back in range(node.length // node.granule)]
    return all(evaluate(node.predicate, view.at(now)) is True for now in (view.now, *edges))


# -- as in SQL


def _call(node: t.Call, view: View) -> Any:
    return SCALARS[node.name](*[evaluate(argument, view) for argument in node.arguments])


def _arithmetic(node: t.Arithmetic, view: View) -> Any:
    left, right = evaluate(node.left, view), evaluate(node.right, view)
    if left is None or right is None or (node.operator in "/%" and right == 0):
        return None
    try:
        result = ARITHMETIC[node.operator](float(left), float(right))
    except OverflowError:
        return None
    return result if isfinite(result) else None


def _compare(node: t.Compare, view: View) -> Truth:
    left, right = evaluate(node.left, view), evaluate(node.right, view)
    if left is None or right is None:
        return None
    if doubtful(left, right):
        view.doubts.append(node)
    return COMPARE[node.operator](left, right)


def _and(node: t.And, view: View) -> Truth:
    truths = [evaluate(part, view) for part in node.parts]
    return False if False in truths else None if None in truths else True


def _or(node: t.Or, view: View) -> Truth:
    truths = [evaluate(part, view) for part in node.parts]
    return True if True in truths else None if None in truths else False


def _not(node: t.Not, view: View) -> Truth:
    truth = evaluate(node.part, view)
    return None if truth is None else not truth


def _in(node: t.In, view: View) -> Truth:
    equal = [t.Compare("=", node.value, option) for option in node.options]
    return _or(t.Or(tuple(equal)), view)


def _like(node: t.Like, view: View) -> Truth:
    value = evaluate(node.value, view)
    return None if value is None else like(value, node.pattern, node.any_case)


def _case(node: t.Case, view: View) -> Any:
    for condition, result in node.branches:
        if evaluate(condition, view) is True:
            return evaluate(result, view)
    return evaluate(node.otherwise, view)


MEANING: dict[type, Callable[[Any, View], Any]] = {
    t.Constant: lambda node, view: node.value,
    t.Property: _property,
    t.Trait: _trait,
    t.Now: lambda node, view: moment(node.unit, view.now),
    t.Member: lambda node, view: evaluate(view.segments[node.segment], view) is True,
    t.Consented: _consented,
    t.RandomBucket: _random_bucket,
    t.Aggregate: _aggregate,
    t.Elapsed: _elapsed,
    t.Affinity: _affinity,
    t.Sequence: _sequence,
    t.Absence: _absence,
    t.Periods: _periods,
    t.Restart: _restart,
    t.Held: _held,
    t.Call: _call,
    t.Arithmetic: _arithmetic,
    t.Compare: _compare,
    t.And: _and,
    t.Or: _or,
    t.Not: _not,
    t.In: _in,
    t.Like: _like,
    t.IsNull: lambda node, view: evaluate(node.value, view) is None,
    t.Case: _case,
}
