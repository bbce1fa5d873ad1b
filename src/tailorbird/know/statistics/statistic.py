"""What every live statistic can do.

    update(at, value)   count one more; a statistic that depends on order answers False where `at` comes too late for it
    revert(at, value)   undo an update; False where that information is gone: then fold the person's events anew
    a += b              all that `b` counted, too; False in `joins`: only folding anew can tell
    get(now)            the answer as of `now`, which never goes back
    until               the instant from which on that answer may be another without any update; FAR: never

A statistic is a small msgspec struct that is changed in place and stored as an array of its fields. What it was set up
with (a window, a half-life) is the same for everybody and stands in its class (`of`), not in its bytes. With `until`
ahead of `now` the fields that a class calls its answer can be read without calling `get`.
"""

from functools import cache
from typing import Any, ClassVar, TypeVar, cast

import msgspec

FAR = 1 << 62  # an instant that never comes
LONG_AGO = -(1 << 62)

Key = str | float | int | bool
S = TypeVar("S", bound="Statistic")


class Statistic(msgspec.Struct, array_like=True, gc=False):
    """The base of all: what has no clock in it."""

    joins: ClassVar[bool] = True
    timed: ClassVar[bool] = False  # has an `until` of its own, and `roll`
    capped: ClassVar[bool] = False  # has `approximate`

    def update(self, at: int, value: Any) -> bool:
        raise NotImplementedError

    def revert(self, at: int, value: Any) -> bool:
        """Undo an update; False where what it takes is gone."""
        return False

    def __iadd__(self: S, other: S) -> S:
        """Both as one; where `joins` is False nobody asks: what was counted mixes, so the person is folded anew."""
        raise NotImplementedError

    def get(self, now: int) -> Any:
        raise NotImplementedError


@cache
def of(base: type[S], **setup: Any) -> type[S]:
    """The statistic with its setup.

    >>> from tailorbird.know.statistics.window_count import WindowCount
    >>> of(WindowCount, granule=1000, spans=(7, 30)).granule
    1000
    """
    made = msgspec.defstruct(base.__name__, [], bases=(base,), namespace=setup, module=base.__module__)
    return cast("type[S]", made)
