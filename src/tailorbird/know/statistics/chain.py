"""A then B then C within a time: how far each key has come."""

from typing import ClassVar

from tailorbird.know.statistics.statistic import LONG_AGO, Key, Statistic

# Keys; beyond them those that have waited longest are forgotten, and the answer is approximate.
CAP = 200
ROOM = 32  # keys that nobody has to look through


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
    started: dict[Key, int] = {}  # its latest first step
    before: dict[Key, int] = {}  # the first step before that one, if there was any
    reached: dict[Key, list[int]] = {}  # three numbers a step between: latest instant, start by then, start before
    room: int = ROOM  # keys at which to look for those that can go
    approximate: bool = False

    def begin(self, at: int, key: Key) -> int:
        """The first step. 0, or -1: too late to tell."""
        if at < self.latest:
            return -1
        self.latest = at
        known = self.started.get(key)
        if known is None:
            self.started[key] = at
            if len(self.started) > self.room:
                self._tidy(at)
        elif known < at:
            self.before[key] = known
            self.started[key] = at
        return 0

    def step(self, step: int, at: int, key: Key) -> int:
        """A step but the first. 1: the last one is reached; 0: it is not; -1: too late to tell."""
        if at < self.latest:
            return -1
        self.latest = at
        known = self.started.get(key)
        if known is None:
            return 0
        start = self._start(step, at, key, known)
        if at - start > self.within:
            return 0
        if step == self.steps - 1:
            return 1
        self.reach(step, at, key, start)
        return 0

    def _start(self, step: int, at: int, key: Key, known: int) -> int:
        """The latest start of a chain that came to the step before this one, before `at`."""
        if step == 1:
            return known if known < at else self.before.get(key, LONG_AGO)
        reached, place = self.reached.get(key), 3 * (step - 2)
        if reached is None:
            return LONG_AGO
        return reached[place + 1] if reached[place] < at else reached[place + 2]

    def reach(self, step: int, at: int, key: Key, start: int) -> None:
        """A step between the first and the last is reached, by a chain of this start."""
        reached, place = self.reached.get(key), 3 * (step - 1)
        if reached is None:
            reached = self.reached[key] = [LONG_AGO] * 3 * (self.steps - 2)
        if reached[place] < at:
            reached[place + 2] = reached[place + 1]
            reached[place] = at
        if reached[place + 1] < start:
            reached[place + 1] = start

    def _tidy(self, now: int) -> None:
        """Drop the keys that cannot go on in time; of too many also those that have waited longest."""
        touched = {key: max(known, *self.reached.get(key, (known,))) for key, known in self.started.items()}
        waiting = [key for key, at in touched.items() if at >= now - self.within]
        if len(waiting) > CAP:
            self.approximate = True
            # A fifth at once, so that the next keys come without this work.
            gone = set(sorted(waiting, key=touched.__getitem__)[: CAP // 5])
            waiting = [key for key in waiting if key not in gone]
        self.started = {key: self.started[key] for key in waiting}
        self.before = {key: self.before[key] for key in waiting if key in self.before}
        self.reached = {key: self.reached[key] for key in waiting if key in self.reached}
        self.room = min(CAP, max(ROOM, 2 * len(waiting)))

    def update(self, at: int, value: tuple[int, Key]) -> bool:
        step, key = value
        return (self.step(step, at, key) if step else self.begin(at, key)) >= 0

    def get(self, now: int) -> dict[Key, int]:
        return self.started
