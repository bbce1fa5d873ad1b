"""How many different values, and which came most often."""

from typing import ClassVar

from tailorbird.know.statistics.statistic import Key, Statistic

# Different values that one statistic keeps; beyond them the answer is approximate, and says so.
CAP = 1_000


class Tally(Statistic):
    """How often each value came, over all time. Beyond CAP values the rarest fifth is forgotten.

    >>> seen = Tally()
    >>> [seen.update(1, value) for value in ("tea", "jam", "tea")], seen.get(2), seen.distinct()
    ([True, True, True], 'tea', 2)
    """

    capped: ClassVar[bool] = True

    best: Key | None = None
    times: dict[Key, int] = {}
    forgotten: int = 0  # values; those that come again are counted again

    @property
    def approximate(self) -> bool:
        return self.forgotten > 0

    def update(self, at: int, value: Key) -> bool:
        times = self.times[value] = self.times.get(value, 0) + 1
        if self.best is None or _ahead(times, value, self.times[self.best], self.best):
            self.best = value
        if len(self.times) > CAP:
            self._forget()
        return True

    def _forget(self) -> None:
        # Values break ties, so that what is forgotten does not depend on the order in which they came.
        rare = sorted(self.times, key=lambda value: (self.times[value], value))[: CAP // 5]
        for value in rare:
            del self.times[value]
        self.forgotten += len(rare)
        self.best = most_frequent(self.times)

    def revert(self, at: int, value: Key) -> bool:
        if self.forgotten or value not in self.times:
            return False
        self.times[value] -= 1
        if not self.times[value]:
            del self.times[value]
        self.best = most_frequent(self.times)
        return True

    def __iadd__(self, other: "Tally") -> "Tally":
        for value, times in other.times.items():
            self.times[value] = self.times.get(value, 0) + times
        self.forgotten += other.forgotten
        while len(self.times) > CAP:
            self._forget()
        self.best = most_frequent(self.times)
        return self

    def distinct(self) -> int:
        return len(self.times) + self.forgotten

    def get(self, now: int) -> Key | None:
        return self.best


def _ahead(times: int, value: Key, best_times: int, best: Key) -> bool:
    return times > best_times or (times == best_times and value < best)  # type: ignore[operator]


def most_frequent(times: dict[Key, int]) -> Key | None:
    """The value that came most often; of equals the smallest.

    >>> most_frequent({"tea": 2, "jam": 2, "milk": 1})
    'jam'
    """
    return min(times, key=lambda value: (-times[value], value), default=None)
