"""The search for settings: a few changes at a time, in the order given, keeping what the judge prefers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from tailorbird.offer.retrievers.trying import Spent, in_time

Settings = TypeVar("Settings", bound=msgspec.Struct)
Fitted = TypeVar("Fitted")
MARGIN = 0.004  # relative, by which a change has to be better: on some thousand people less is noise, and defaults last


def climb(
    settings: Settings, steps: Iterable[Sequence[Mapping[str, Any]]], quality: Callable[[Settings], float]
) -> Settings:
    """The best settings found from `settings` on: never worse than these, and of equals the one met first.

    A step is a list of changes to try on the best so far, while all else stands still: their costs add up, they do not
    multiply. A change has to be better by a MARGIN. Nothing is judged twice, and when the judge says Spent, the best of
    what was judged is the answer.

    >>> class Point(msgspec.Struct, frozen=True):
    ...     x: int = 0
    ...     y: int = 0
    >>> steps = [{"x": 1}, {"x": 2}, {"x": 3}], [{"y": 1}, {"y": 2}]
    >>> climb(Point(), steps, lambda point: -abs(point.x - 2) - abs(point.y - 1))
    Point(x=2, y=1)
    """
    return fitted_climb(settings, steps, lambda one: one, quality)[0]


def fitted_climb(
    settings: Settings,
    steps: Iterable[Sequence[Mapping[str, Any]]],
    fit: Callable[[Settings], Fitted],
    judge: Callable[[Fitted], float],
) -> tuple[Settings, Fitted]:
    """The same with the fit of these settings. Of all fits only that of the best is kept, and none begins too late.

    >>> class Rule(msgspec.Struct, frozen=True):
    ...     x: int = 0
    >>> fitted_climb(Rule(), [each("x", 1, 2, 3)], lambda rule: rule.x * 10, lambda ten_times: -abs(ten_times - 20))
    (Rule(x=2), 20)
    """
    best, kept, worth = settings, fit(settings), dict[Settings, float]()
    try:
        worth[best] = judge(kept)
        for changes in steps:
            for one in [msgspec.structs.replace(best, **change) for change in changes]:
                # What was judged before lost to a best that was no better than the present one.
                if one in worth:
                    continue
                in_time(judge)
                found = fit(one)
                worth[one] = judge(found)
                # abs: a measure may be below 0, as the negative RMSE of ratings is.
                if worth[one] > worth[best] + MARGIN * abs(worth[best]):
                    best, kept = one, found
    except Spent:
        pass
    return best, kept


def each(name: str, *values: object) -> list[dict[str, object]]:
    """A step that tries values of one setting.

    >>> each("width", 1, 2)
    [{'width': 1}, {'width': 2}]
    """
    return [{name: value} for value in values]
