"""At which instants an expression can change though nothing happens, beyond what statistics tell by their `until`.

How many whole units have passed since a time (`Elapsed`) is another number at every unit; compared with constants it
matters only where the comparison turns. `Now` turns at its unit's edge, and a yes to a purpose may run out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.language.tree import Compare, Consented, Constant, Elapsed, Expression, In, Now
from tailorbird.know.language.walk import parts

EVERY = {"hour": HOUR_MS, "day": DAY_MS, "weekday": DAY_MS}


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns at `time` + each of `offsets`; without offsets at every `unit` from there; without time at unit's edges."""

    time: Expression | None
    offsets: tuple[int, ...] = ()
    unit: int | str = 0


def clocks(e: Expression) -> Iterator[Clock]:
    """The clocks of an expression, those of filters excluded: they see none."""
    if isinstance(e, Now):
        yield Clock(None, (), e.unit)
    elif isinstance(e, Consented) and e.lasts:
        yield Clock(e, (e.lasts,))
    elif isinstance(e, Elapsed):
        yield Clock(e.time, (), e.unit)
    # Compared with constants it matters at these few instants, and not at each unit.
    if isinstance(e, Elapsed | Compare | In) and (turns := turning(e)):
        yield turns
        assert turns.time is not None
        yield from clocks(turns.time)
        return
    for part in parts(e):
        yield from clocks(part)


def merged(found: Iterable[Clock]) -> list[Clock]:
    """As few clocks as tell the same: those of one time in one."""
    offsets: dict[Expression, set[int]] = {}
    every: dict[tuple[Expression | None, int | str], Clock] = {}
    for clock in found:
        if clock.time is not None and clock.offsets:
            offsets.setdefault(clock.time, set()).update(clock.offsets)
        else:
            every.setdefault((clock.time, clock.unit), clock)
    for time, unit in every:
        if time in offsets and isinstance(unit, int):
            # Whoever looks at every unit has looked at its multiples.
            offsets[time] = {one for one in offsets[time] if one % unit}
    turning = [Clock(time, tuple(sorted(some))) for time, some in offsets.items() if some]
    return [*every.values(), *turning]


def turning(e: Expression) -> Clock | None:
    """The clock of a comparison of an Elapsed with constants."""
    if isinstance(e, Compare):
        left, right, operator = e.left, e.right, e.operator
        # `30 > days_since(…)` is read as `days_since(…) < 30`: one table of turns for both.
        if isinstance(left, Constant):
            left, right, operator = right, left, FLIPPED[operator]
        constants: tuple[Expression, ...] = (right,)
    elif isinstance(e, In):
        left, constants, operator = e.value, e.options, "="
    else:
        return None
    values = [one.value for one in constants if isinstance(one, Constant)]
    if not isinstance(left, Elapsed) or len(values) < len(constants):
        return None
    turns = {turn for value in values if value is not None for turn in TURNS[operator](float(value))}
    return Clock(left.time, tuple(sorted(turn * left.unit for turn in turns)) or (0,))


FLIPPED: dict[str, Literal["=", "<>", "<", "<=", ">", ">="]] = {
    "=": "=",
    "<>": "<>",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}
# The whole numbers of units at which `elapsed OPERATOR value` can turn.
TURNS = {
    "=": lambda value: {floor(value), floor(value) + 1},
    "<>": lambda value: {floor(value), floor(value) + 1},
    "<": lambda value: {ceil(value)},
    ">=": lambda value: {ceil(value)},
    "<=": lambda value: {floor(value) + 1},
    ">": lambda value: {floor(value) + 1},
}
