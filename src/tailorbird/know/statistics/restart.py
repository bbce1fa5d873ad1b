"""Whether something stopped, and has started again lately."""

from typing import ClassVar

from tailorbird.know.statistics.statistic import FAR, LONG_AGO, Statistic


class Restart(Statistic):
    """An event `after` ms or more behind the one before it, less than `within` ms ago. Events must come in order.

    >>> from tailorbird.know.statistics.statistic import of
    >>> back = of(Restart, after=100, within=10)()
    >>> [back.update(at) for at in (0, 50, 150, 40)], back.get(159), back.get(160), back.until
    ([True, True, True, False], True, False, 160)
    """

    joins: ClassVar[bool] = False
    timed: ClassVar[bool] = True
    after: ClassVar[int] = 1
    within: ClassVar[int] = 1

    until: int = FAR
    last: int = LONG_AGO
    back_at: int = LONG_AGO

    def update(self, at: int, value: object = None) -> bool:
        if at < self.last:
            return False
        if at - self.last >= self.after and self.last != LONG_AGO:
            self.back_at = at
            self.until = at + self.within
        self.last = at
        return True

    def roll(self, now: int) -> None:
        """Nothing else will happen by itself."""
        if now >= self.until:
            self.until = FAR

    def get(self, now: int) -> bool:
        return now - self.back_at < self.within
