"""What most updates come to, as text for generated code: a test, and what to do where it holds.

Where it does not hold `update` is called. `{x}` is the statistic, `{b}` the granule of `at`, `{v}` the value; other
names are the statistic's setup. A shortcut never moves `until` to an earlier instant; how a statistic begins may.
"""

from typing import NamedTuple

from tailorbird.know.segment.slots import Slot
from tailorbird.know.statistics.count import Count
from tailorbird.know.statistics.ends import First, Last, WindowLast
from tailorbird.know.statistics.extreme import Largest, WindowLargest
from tailorbird.know.statistics.periods import Periods
from tailorbird.know.statistics.restart import Restart
from tailorbird.know.statistics.statistic import Statistic
from tailorbird.know.statistics.tally import CAP
from tailorbird.know.statistics.total import Total
from tailorbird.know.statistics.window_count import WindowCount
from tailorbird.know.statistics.window_tally import WindowDistinct, WindowTally
from tailorbird.know.statistics.window_total import WindowTotal

ANY, NEVER = "True", "False"


class Fast(NamedTuple):
    """A shortcut; `changes`: asked before, whether the answer may be another one behind it."""

    test: str
    action: str
    changes: str
    new: str = ""  # how a statistic begins, so that the shortcut holds for the first, too
    other: tuple[str, str] | None = None  # a second test and its action, where the first does not hold


SHORTCUTS: dict[type[Statistic], Fast] = {
    WindowCount: Fast("{x}.here == {b}", "{x}.total += 1", ANY, "{ends}, {b}, 0, None, {none_before}"),
    WindowTotal: Fast(
        "{x}.here == {b}",
        "{x}.here_sum += {v}; {x}.here_count += 1",
        ANY,
        "{ends}, {b}, 0.0, 0, 0.0, 0, None, {no_rest}",
    ),
    WindowDistinct: Fast(
        "(seen := {x}.latest.get({v}, -1)) == {b}",
        "",
        NEVER,
        "{ends}, {{{v}: {b}}}",
        (f"seen < {{b}} and at < {{x}}.until <= {{ends}} and len({{x}}.latest) < {CAP}", "{x}.latest[{v}] = {b}"),
    ),
    WindowTally: Fast(
        "{x}.here == {b} and {v} in {x}.times",
        "{x}.times[{v}] = times = {x}.times[{v}] + 1\n"
        "if {v} != {x}.best and (times > (most := {x}.times[{x}.best]) or (times == most and {v} < {x}.best)):"
        " {x}.best = {v}",
        "{v} != {x}.best",
        "{ends}, {b}, {v}, {{{v}: 0}}",
    ),
    WindowLargest: Fast(
        "{x}.keys and {x}.keys[-1] == {b} and {v} {as_good} {x}.values[-1]", "", NEVER, "{ends}, [{b}], [{v}]"
    ),
    # Not the first in a while: with that one there is an end where there was none.
    WindowLast: Fast("LONG_AGO < {x}.at < at", "{x}.at = at; {x}.value = {v}; {x}.until = {ends}", "{v} != {x}.value"),
    Periods: Fast("{x}.here == {b}", "", NEVER, "{ends}, {b}, 1"),
    Restart: Fast("{x}.last <= at < {x}.last + {after}", "{x}.last = at", NEVER, "FAR, at"),
    Count: Fast("at >= {x}.last", "{x}.total += 1; {x}.last = at", ANY, "0, at"),
    Total: Fast("True", "{x}.sum += {v}; {x}.count += 1", ANY),
    Largest: Fast("{x}.value is not None and {v} {as_good} {x}.value", "", NEVER, "{v}"),
    First: Fast("at > {x}.at", "", NEVER),
    Last: Fast("at > {x}.at", "{x}.at = at; {x}.value = {v}", "{v} != {x}.value"),
}


# What the first of an absence comes to while its key is open, without and with `until`; the other where none is open.
ABSENCE = {
    "first": Fast("at > {x}.latest and not {x}.closed and {v} in {x}.open", "{x}.latest = at", NEVER),
    "first until": Fast(
        "at > {x}.latest and not {x}.closed and (known := {x}.open.get({v})) and at - known[-1] <= {apart}"
        " and {x}.until != known[-1] + {lasts}",
        "known[-1] = {x}.latest = at",
        NEVER,
    ),
    "then": Fast("at > {x}.latest and not {x}.open", "{x}.latest = at; {x}.closed = [{v}]", NEVER),
}

# The steps of a chain: the first one, the second, a later one; and what a step between the first and the last leaves.
# Steps lie strictly one behind the other: an end at the very instant of a start belongs to the start before that one,
# which is kept for it.
CHAIN = {
    "begin": """\
if at < {x}.latest: return -1
known = {x}.started.get({v})
if known is None and len({x}.started) < {x}.room: {x}.started[{v}] = {x}.latest = at
elif known is not None and known < at: {x}.before[{v}] = known; {x}.started[{v}] = {x}.latest = at
else: {x}.begin(at, {v})""",
    "second": """\
if at < {x}.latest: return -1
{x}.latest = at
start = {x}.started.get({v}, LONG_AGO)
if start == at: start = {x}.before.get({v}, LONG_AGO)
if at - start <= {within}:""",
    "later": """\
if at < {x}.latest: return -1
{x}.latest = at
known = {x}.reached.get({v})
start = LONG_AGO if known is None else known[{place} + 1] if known[{place}] < at else known[{place} + 2]
if at - start <= {within}:""",
    "between": "    {x}.reach({step}, at, {v}, start)",
}


def shortcut(slot: Slot) -> Fast | None:
    """The shortcut of a slot's statistic."""
    # The generated statistic is a subclass with its setup: its base has the shortcut.
    kinds = slot.statistic.__mro__ if slot.statistic else ()
    return next((SHORTCUTS[kind] for kind in kinds if kind in SHORTCUTS), None)


def granule(slot: Slot) -> int:
    """The granule of a slot's window, 0 for none."""
    return int(getattr(slot.statistic, "granule", 0))


def filled(slot: Slot, x: str, value: str) -> dict[str, object]:
    """What stands in the places of a shortcut's text: of a statistic in the local `x` that gets this value."""
    made, b = slot.statistic, f"b{granule(slot)}"
    spans = getattr(made, "spans", (getattr(made, "span", 0),))
    shorter = len(spans) - 1
    return {
        "x": x,
        "v": value,
        "b": b,
        "ends": f"({b} + {spans[0]}) * {granule(slot)}",  # when the first of its windows loses what is counted now
        "none_before": [0] * shorter if shorter else None,
        "no_rest": [0.0] * 2 * shorter if shorter else None,
        "after": getattr(made, "after", 0),
        "as_good": ">=" if getattr(made, "smallest", False) else "<=",
    }
