"""What most updates come to, as text for generated code: a test, and what to do where it holds.

Where it does not hold `update` is called. `{x}` is the statistic, `{b}` the granule of `at`, `{v}` the value; other
names are the statistic's setup. A shortcut never moves `until` to an earlier instant.
"""

from typing import NamedTuple

from tailorbird.know.segment.slots import Slot
from tailorbird.know.statistics.count import Count
from tailorbird.know.statistics.ends import First, Last, WindowLast
from tailorbird.know.statistics.extreme import Largest, WindowLargest
from tailorbird.know.statistics.periods import Periods
from tailorbird.know.statistics.restart import Restart
from tailorbird.know.statistics.statistic import Statistic
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


SHORTCUTS: dict[type[Statistic], Fast] = {
    WindowCount: Fast("{x}.here == {b}", "{x}.total += 1", ANY),
    WindowTotal: Fast("{x}.here == {b}", "{x}.here_sum += {v}; {x}.here_count += 1", ANY),
    WindowDistinct: Fast("{x}.latest.get({v}) == {b}", "", NEVER),
    WindowTally: Fast(
        "{x}.here == {b} and {v} in {x}.times",
        "{x}.times[{v}] += 1\nif {v} != {x}.best: {x}.vie({v})",
        "{v} != {x}.best",
    ),
    WindowLargest: Fast("{x}.keys and {x}.keys[-1] == {b} and {v} {as_good} {x}.values[-1]", "", NEVER),
    WindowLast: Fast(
        "at > {x}.at", "{x}.at = at; {x}.value = {v}; {x}.until = ({b} + {span}) * {granule}", "{v} != {x}.value"
    ),
    Periods: Fast("{x}.here == {b}", "", NEVER),
    Restart: Fast("{x}.last <= at < {x}.last + {after}", "{x}.last = at", NEVER),
    Count: Fast("at >= {x}.last", "{x}.total += 1; {x}.last = at", ANY, "0, at"),
    Total: Fast("True", "{x}.sum += {v}; {x}.count += 1", ANY),
    Largest: Fast("{x}.value is not None and {v} {as_good} {x}.value", "", NEVER),
    First: Fast("at > {x}.at", "", NEVER),
    Last: Fast("at > {x}.at", "{x}.at = at; {x}.value = {v}", "{v} != {x}.value"),
}


def shortcut(slot: Slot) -> Fast | None:
    """The shortcut of a slot's statistic."""
    kinds = slot.statistic.__mro__ if slot.statistic else ()
    return next((SHORTCUTS[kind] for kind in kinds if kind in SHORTCUTS), None)


def granule(slot: Slot) -> int:
    """The granule of a slot's window, 0 for none."""
    return int(getattr(slot.statistic, "granule", 0))


def setup(slot: Slot) -> dict[str, object]:
    """What a shortcut's text may ask of the way a statistic was set up."""
    made = slot.statistic
    known = {name: getattr(made, name) for name in ("span", "granule", "after") if hasattr(made, name)}
    return {**known, "as_good": ">=" if getattr(made, "smallest", False) else "<="}
