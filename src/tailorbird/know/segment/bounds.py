"""How large a number can get at most: arithmetic on small ones is finite without asking."""

from tailorbird.know.language.tree import (
    Affinity,
    Aggregate,
    Arithmetic,
    Call,
    Constant,
    Elapsed,
    Expression,
    Periods,
    Property,
    RandomBucket,
    Sequence,
)
from tailorbird.know.segment.kinds import MOST

HUGE = 1.7976931348623157e308  # what lies beyond is not finite
# So far a double knows every whole number; nobody's events come near it.
_COUNT = 2.0**53
_ANY = float("inf")


def bound(e: Expression) -> float:
    """No value of it lies further from zero; infinite where nothing is known.

    >>> counted = Elapsed(Constant(0, "time"), 1000)
    >>> bound(Arithmetic("*", Constant(0.5, "number"), counted)) < HUGE
    True
    """
    if isinstance(e, Constant):
        return abs(e.value) if isinstance(e.value, int | float) else _ANY
    if isinstance(e, Elapsed | Sequence | Periods):
        return 2.0**64
    if isinstance(e, Affinity | RandomBucket):
        return 100.0
    if isinstance(e, Property):
        return MOST
    if isinstance(e, Aggregate):
        return _aggregate(e)
    if isinstance(e, Arithmetic):
        return _arithmetic(e)
    if isinstance(e, Call):
        return _call(e)
    return _ANY


def _aggregate(e: Aggregate) -> float:
    if e.function in ("count", "distinct"):
        return _COUNT
    if e.value is None or e.kind != "number":
        return _ANY
    return bound(e.value) * (_COUNT if e.function == "sum" else 1.0)


def _arithmetic(e: Arithmetic) -> float:
    left, right = bound(e.left), bound(e.right)
    if e.operator in "+-":
        return left + right
    if e.operator == "*":
        return left * right
    if e.operator == "/" and whole(e.right):
        return left  # it is one at least, or the quotient is NULL
    divisor = abs(e.right.value) if isinstance(e.right, Constant) and isinstance(e.right.value, int | float) else 0
    return left / divisor if e.operator == "/" and divisor else _ANY


def whole(e: Expression) -> bool:
    """Whether it is a whole number, or NULL."""
    if isinstance(e, Call) and e.name == "nullif":
        return whole(e.arguments[0])
    counts = isinstance(e, Aggregate) and e.function in ("count", "distinct")
    return counts or isinstance(e, Elapsed | Sequence | Periods)


def _call(e: Call) -> float:
    if e.name in ("coalesce", "greatest", "least"):
        return max(map(bound, e.arguments))
    if e.name in ("nullif", "abs"):
        return bound(e.arguments[0])
    # These are NULL where they would not be finite.
    return HUGE if e.name in ("power", "exp", "sqrt", "ln") else _ANY
