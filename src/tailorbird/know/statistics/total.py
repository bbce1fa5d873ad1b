"""The sum of numbers, and their mean."""

from tailorbird.know.statistics.statistic import Statistic


class Total(Statistic):
    """Over all time; None for none.

    >>> spent = Total()
    >>> spent.update(1, 4.0), spent.update(2, 8.0), spent.get(3), spent.sum / spent.count
    (True, True, 12.0, 6.0)
    """

    sum: float = 0.0
    count: int = 0

    def update(self, at: int, value: float) -> bool:
        self.sum += value
        self.count += 1
        return True

    def revert(self, at: int, value: float) -> bool:
        self.sum -= value
        self.count -= 1
        # What rounding left behind goes with the last one.
        if not self.count:
            self.sum = 0.0
        return True

    def __iadd__(self, other: "Total") -> "Total":
        self.sum += other.sum
        self.count += other.count
        return self

    def get(self, now: int) -> float | None:
        return self.sum if self.count else None
