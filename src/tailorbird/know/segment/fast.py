"""What most updates come to, as text for generated code: a test, and what to do where it holds.

Where it does not hold `update` is called. `{x}` is the statistic, `{b}` the granule of `at`, `{v}` the value; other
names are the statistic's setup. A shortcut never moves `until` to an earlier instant.
"""

from typing import NamedTuple

from tailorbird.know.segment.slots import Slot
from tailorbird.know.statistics.count import Count
from tailorbird.know.statistics.ends import First, Last, WindowLast
from tailorbird.know.statistics.periods import Periods
from tailorbird.know.statistics.restart import Restart
from tailorbird.know.statistics.statistic import Statistic
from tailorbird.know.statistics.total import Total
from tailorbird.know.statistics.window_count import WindowCount
from tailorbird.know.statistics.window_tally import WindowDistinct
from tailorbird.know.statistics.window_total import WindowTotal


class Fast(NamedTuple):
    """A shortcut; `changes`: whether the answer may be another one behind it."""

    test: str
    action: str
    changes: bool
    new: str = ""  # how a statistic begins, so that the shortcut holds for the first, too


SHORTCUTS: dict[type[Statistic], Fast] = {
    WindowCount: Fast("{x}.here == {b}", "{x}.total += 1", True),
    WindowTotal: Fast("{x}.here == {b}", "{x}.here_sum += {v}; {x}.here_count += 1", True),
    WindowDistinct: Fast("{x}.latest.get({v}) == {b}", "pass", False),
    WindowLast: Fast("at > {x}.at", "{x}.at = at; {x}.value = {v}; {x}.until = ({b} + {span}) * {granule}", True),
    Periods: Fast("{x}.here == {b}", "pass", False),
    Restart: Fast("{x}.last <= at < {x}.last + {after}", "{x}.last = at", False),
    Count: Fast("at >= {x}.last", "{x}.total += 1; {x}.last = at", True, "0, at"),
    Total: Fast("True", "{x}.sum += {v}; {x}.count += 1", True),
    First: Fast("at > {x}.at", "pass", False),
    Last: Fast("at > {x}.at", "{x}.at = at; {x}.value = {v}", True),
}


def shortcut(slot: Slot) -> Fast | None:
    """The shortcut of a slot's statistic."""
    kinds = slot.statistic.__mro__ if slot.statistic else ()
    return next((SHORTCUTS[kind] for kind in kinds if kind in SHORTCUTS), None)


def granule(slot: Slot) -> int:
    """The granule of a slot's window, 0 for none."""
    return int(getattr(slot.statistic, "granule", 0))
