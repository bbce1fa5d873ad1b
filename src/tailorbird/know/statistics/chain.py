"""A then B then C within a time: how far each key has come."""

from typing import ClassVar

from tailorbird.know.statistics.statistic import LONG_AGO, Key, Statistic

CAP = 200  # keys; beyond them those that have waited longest are forgotten, and the answer is approximate


class Chain(Statistic):
    """Steps in order, each strictly later than the one before, the first and the last at most `within` ms apart.

    For each step but the last the latest possible start of a chain that has come to it is all that matters: a later
    start leaves more room. It is kept twice, as of the step's latest instant and before it, because two events of one
    instant are not in order. Events must come in order.

    >>> from tailorbird.know.statistics.statistic import of
    >>> chain = of(Chain, steps=2, within=60)()
    >>> chain.begin(100, "cart 1"), chain.step(1, 100, "cart 1"), chain.step(1, 160, "cart 1")
    (0, 0, 1)
    >>> chain.step(1, 161, "cart 1"), chain.begin(90, "cart 1")
    (0, -1)
    """

    joins: ClassVar[bool] = False
    capped: ClassVar[bool] = True
    steps: ClassVar[int] = 2
    within: ClassVar[int] = 1

    latest: int = LONG_AGO
    started: dict[Key, list[int]] = {}  # three numbers a step: its latest instant, the start by then, the start before
    room: int = 8  # keys at which to look for those that can go
    approximate: bool = False

    def begin(self, at: int, key: Key) -> int:
        """The first step. 0, or -1: too late to tell."""
        if at < self.latest:
            return -1
        self.latest = at
        known = self.started.get(key)
        if known is None:
            self.started[key] = [at, at, LONG_AGO, *[LONG_AGO] * 3 * (self.steps - 2)]
            if len(self.started) > self.room:
                self._tidy(at)
        elif known[0] < at:
            known[2] = known[1]
            known[0] = known[1] = at
        return 0

    def step(self, step: int, at: int, key: Key) -> int:
        """A step but the first. 1: the last one is reached; 0: it is not; -1: too late to tell."""
        if at < self.latest:
            return -1
        self.latest = at
        known = self.started.get(key)
        if known is None:
            return 0
        place = 3 * step
        start = known[place - 2] if known[place - 3] < at else known[place - 1]
        if at - start > self.within:
            return 0
        if step == self.steps - 1:
            return 1
        if known[place] < at:
            known[place + 2] = known[place + 1]
            known[place] = at
        if known[place + 1] < start:
            known[place + 1] = start
        return 0

    def _tidy(self, now: int) -> None:
        """Drop the keys that cannot go on in time; of too many also those that have waited longest."""
        waiting = {key: known for key, known in self.started.items() if max(known) >= now - self.within}
        if len(waiting) > CAP:
            self.approximate = True
            # A fifth at once, so that the next keys come without this work.
            for key in sorted(waiting, key=lambda key: max(waiting[key]))[: CAP // 5]:
                del waiting[key]
        self.started = waiting
        self.room = min(CAP, max(8, 2 * len(waiting)))

    def update(self, at: int, value: tuple[int, Key]) -> bool:
        step, key = value
        return (self.step(step, at, key) if step else self.begin(at, key)) >= 0

    def __iadd__(self, other: "Chain") -> "Chain":
        raise NotImplementedError("folded anew, because the steps of both mix")

    def get(self, now: int) -> dict[Key, list[int]]:
        return self.started
