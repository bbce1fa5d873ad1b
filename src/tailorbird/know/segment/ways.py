"""Which way the events of one name can move a value, where they change its statistics in the simple way.

One more view makes `count(...)` larger and a contact with tea makes the leaning to coffee smaller, each time; where
nothing of a segment moves another way, such an event can only let people in (UP), or only out (DOWN), and half of them
need not be looked at (`turning`).

It holds to the last bit: sums, products and quotients of doubles are rounded, and rounding keeps what is larger at
least as large. Nothing is said of what is rounded in steps that nobody promises, as powers are.
"""

from collections.abc import Callable, Iterator

from tailorbird.know.language.tree import (
    Affinity,
    Aggregate,
    And,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Expression,
    Not,
    Or,
    Periods,
    Sequence,
)
from tailorbird.know.segment.bounds import HUGE, bound

STILL, UP, DOWN, BOTH = 0, 1, 2, 3  # UP and DOWN are bits

Moves = Callable[[Expression], bool]  # whether the events change anything that an expression stands on


def way(e: Expression, moves: Moves) -> int:
    """Which way a value can go; of a condition UP is that it may come true, DOWN that it may be true no more.

    >>> from tailorbird.know.language.tree import Events
    >>> views = Aggregate("count", Events("Product Viewed"), None, None, "number")
    >>> way(Compare("<", views, Constant(3, "number")), lambda e: True) == DOWN
    True
    """
    if isinstance(e, Constant) or not moves(e):
        return STILL
    if isinstance(e, Aggregate):
        # What leaves a window with a new granule goes another way, and is noted apart (docs/why/105).
        return UP if e.function in ("count", "distinct") else BOTH
    if isinstance(e, Sequence | Periods):
        return UP
    if isinstance(e, Affinity):
        return DOWN  # by a contact with any other name; one with its own is noted apart
    if isinstance(e, And | Or):
        return _together(way(part, moves) for part in e.parts)
    if isinstance(e, Not):
        return _turned(way(e.part, moves))
    if isinstance(e, Compare):
        return _compared(e, moves)
    if isinstance(e, Call) and e.name in ("coalesce", "greatest", "least"):
        return _together(way(part, moves) for part in e.arguments)  # what moves at all is not NULL (`bound`)
    return _computed(e, moves) if isinstance(e, Arithmetic) and bound(e) <= HUGE else BOTH


def _compared(e: Compare, moves: Moves) -> int:
    left, right = way(e.left, moves), way(e.right, moves)
    # What is larger on the left makes it truer, what is larger on the right less so.
    if e.operator in (">", ">="):
        return left | _turned(right)
    return _turned(left) | right if e.operator in ("<", "<=") else BOTH


def _computed(e: Arithmetic, moves: Moves) -> int:
    left, right = way(e.left, moves), way(e.right, moves)
    if e.operator == "+":
        return left | right
    if e.operator == "-":
        return left | _turned(right)
    if e.operator == "*":
        for factor, other in ((e.left, right), (e.right, left)):
            if isinstance(factor, Constant):
                return _scaled(factor, other)
    return _scaled(e.right, left) if e.operator == "/" and isinstance(e.right, Constant) else BOTH


def _scaled(factor: Constant, found: int) -> int:
    if isinstance(factor.value, bool) or not isinstance(factor.value, int | float):
        return BOTH
    return found if factor.value > 0 else _turned(found)


def _together(ways: Iterator[int]) -> int:
    found = STILL
    for one in ways:
        found |= one
    return found


def _turned(found: int) -> int:
    # The two bits change places.
    return (found & UP) << 1 | (found & DOWN) >> 1
