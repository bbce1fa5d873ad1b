"""The first and the last value, over all time or in a window."""

from bisect import bisect_left, bisect_right
from typing import Any, ClassVar

from tailorbird.know.statistics.statistic import FAR, LONG_AGO, Statistic


class First(Statistic):
    """The value at the smallest `at`; of several at one time the smallest. None for none.

    >>> first = First()
    >>> [first.update(at, value) for at, value in ((5, "tea"), (3, "milk"), (3, "jam"))], first.get(9)
    ([True, True, True], 'jam')
    """

    at: int = FAR
    value: Any = None

    def update(self, at: int, value: Any) -> bool:
        if at < self.at or (at == self.at and value < self.value):
            self.at, self.value = at, value
        return True

    def revert(self, at: int, value: Any) -> bool:
        # Whatever was not the first leaves it the first; which one comes behind the first is not known.
        return at != self.at or bool(value != self.value)

    def __iadd__(self, other: "First") -> "First":
        if other.value is not None:
            self.update(other.at, other.value)
        return self

    def get(self, now: int) -> Any:
        return self.value


class Last(Statistic):
    """The value at the largest `at`; of several at one time the largest. None for none.

    >>> last = Last()
    >>> [last.update(at, value) for at, value in ((5, "tea"), (3, "milk"), (5, "jam"))], last.get(9)
    ([True, True, True], 'tea')
    """

    at: int = LONG_AGO
    value: Any = None

    def update(self, at: int, value: Any) -> bool:
        if at > self.at or (at == self.at and value > self.value):
            self.at, self.value = at, value
        return True

    def revert(self, at: int, value: Any) -> bool:
        return at != self.at or bool(value != self.value)

    def __iadd__(self, other: "Last") -> "Last":
        if other.value is not None:
            self.update(other.at, other.value)
        return self

    def get(self, now: int) -> Any:
        return self.value


class WindowLast(Last):
    """The last value, while it lies in the window: the last of a window is the last of all, or there is none.

    >>> from tailorbird.know.statistics.statistic import of
    >>> last = of(WindowLast, granule=10, span=3)()
    >>> last.update(15, "tea"), last.get(39), last.get(40)
    (True, 'tea', None)
    """

    timed: ClassVar[bool] = True
    granule: ClassVar[int] = 1
    span: ClassVar[int] = 1

    until: int = FAR

    def update(self, at: int, value: Any) -> bool:
        if at >= self.at:
            super().update(at, value)
            self.until = (self.at // self.granule + self.span) * self.granule
        return True

    def __iadd__(self, other: "Last") -> "WindowLast":
        if other.value is not None:
            self.update(other.at, other.value)
        return self

    def roll(self, now: int) -> None:
        """Forget it once it has left the window."""
        if now >= self.until:
            self.at, self.value, self.until = LONG_AGO, None, FAR

    def get(self, now: int) -> Any:
        self.roll(now)
        return self.value


class WindowFirst(Statistic):
    """The first value in the window: each granule's first is kept.

    >>> from tailorbird.know.statistics.statistic import of
    >>> first = of(WindowFirst, granule=10, span=3)()
    >>> [first.update(at, value) for at, value in ((5, "a"), (3, "b"), (12, "c"))], first.get(29), first.get(30)
    ([True, True, True], 'b', 'c')
    """

    timed: ClassVar[bool] = True
    granule: ClassVar[int] = 1
    span: ClassVar[int] = 1

    until: int = FAR
    keys: list[int] = []
    ats: list[int] = []
    values: list[Any] = []

    def update(self, at: int, value: Any) -> bool:
        if at >= self.until:
            self.roll(at)
        bucket, keys = at // self.granule, self.keys
        place = bisect_left(keys, bucket)
        if place == len(keys) or keys[place] != bucket:
            keys.insert(place, bucket)
            self.ats.insert(place, at)
            self.values.insert(place, value)
            self.until = (keys[0] + self.span) * self.granule
        elif (at, value) < (self.ats[place], self.values[place]):
            self.ats[place], self.values[place] = at, value
        return True

    def revert(self, at: int, value: Any) -> bool:
        return (at, value) not in zip(self.ats, self.values, strict=True)

    def __iadd__(self, other: "WindowFirst") -> "WindowFirst":
        for at, value in zip(other.ats, other.values, strict=True):
            self.update(at, value)
        return self

    def roll(self, now: int) -> None:
        """Let what has left the window go."""
        gone = bisect_right(self.keys, now // self.granule - self.span)
        del self.keys[:gone], self.ats[:gone], self.values[:gone]
        self.until = (self.keys[0] + self.span) * self.granule if self.keys else FAR

    def get(self, now: int) -> Any:
        if now >= self.until:
            self.roll(now)
        return self.values[0] if self.values else None
