"""How often, when first and when last."""

from tailorbird.know.statistics.statistic import FAR, LONG_AGO, Statistic


class Count(Statistic):
    """Of events, over all time.

    >>> seen = Count()
    >>> seen.update(30), seen.update(10), seen.get(40), seen.first, seen.last
    (True, True, 2, 10, 30)
    """

    total: int = 0
    first: int = FAR
    last: int = LONG_AGO

    def update(self, at: int, value: object = None) -> bool:
        self.total += 1
        if at > self.last:
            self.last = at
        if at < self.first:
            self.first = at
        return True

    def revert(self, at: int, value: object = None) -> bool:
        # What came before the last, or after the first, is not known.
        if at in (self.first, self.last):
            return False
        self.total -= 1
        return True

    def __iadd__(self, other: "Count") -> "Count":
        self.total += other.total
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)
        return self

    def get(self, now: int) -> int:
        return self.total
