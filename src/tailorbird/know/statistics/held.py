"""Whether a predicate is true and was at each of the last edges."""

from typing import ClassVar

from tailorbird.know.statistics.statistic import FAR, LONG_AGO, Statistic


class Held(Statistic):
    """The last edge at which the predicate was not true, told by when it turned: between turns nothing happens.

    >>> from tailorbird.know.statistics.statistic import of
    >>> held = of(Held, granule=10, edges=3)()
    >>> held.turn(12, True), held.get(39), held.until, held.get(40)
    (None, False, 40, True)
    >>> held.turn(42, False), held.turn(45, True), held.get(49)
    (None, None, True)
    """

    joins: ClassVar[bool] = False
    timed: ClassVar[bool] = True
    granule: ClassVar[int] = 1
    edges: ClassVar[int] = 1

    until: int = FAR
    value: bool = False
    turned_at: int = LONG_AGO
    false_edge: int = LONG_AGO  # in granules

    def turn(self, at: int, value: bool) -> None:
        """The predicate is so from `at` on."""
        if value == self.value:
            return
        if value:
            # What is true at an edge counts with all that happened up to that edge, so that one at `at` is not before.
            edge = (at - 1) // self.granule
            if edge * self.granule >= self.turned_at:
                self.false_edge = edge
            self.until = (self.false_edge + self.edges) * self.granule if self.false_edge != LONG_AGO else FAR
        else:
            self.until = FAR
        self.value, self.turned_at = value, at

    def late(self, at: int, now: int) -> bool:
        """Whether an edge lies between an event and the present, so that the past has to be told anew."""
        return at < now and (now - 1) // self.granule * self.granule >= at

    def update(self, at: int, value: bool) -> bool:
        self.turn(at, value)
        return True

    def roll(self, now: int) -> None:
        """Nothing else will happen by itself."""
        if now >= self.until:
            self.until = FAR

    def get(self, now: int) -> bool:
        return self.value and self.false_edge <= now // self.granule - self.edges
