"""A, and no B within a time: the abandoned cart."""

from typing import ClassVar

from tailorbird.know.statistics.statistic import FAR, LONG_AGO, Key, Statistic

CAP = 200  # open keys, and stretches of one key; beyond them the answer is approximate


class Absence(Statistic):
    """What was opened by a first and not closed by a then: whether one is `within` old, and not yet `until_ms` old.

    Firsts of one key close together, and those whose times of being true touch are one stretch (the first and the last
    of it). Without `until_ms` the earliest says it all. Events must come in order.

    >>> from tailorbird.know.statistics.statistic import of
    >>> cart = of(Absence, within=60, until_ms=200)()
    >>> cart.first(0, ""), [cart.get(now) for now in (59, 60, 199, 200)]
    (True, [False, True, True, False])
    >>> cart.first(300, ""), cart.then(350, ""), cart.get(400), cart.first(340, "")
    (True, True, False, False)
    """

    joins: ClassVar[bool] = False
    timed: ClassVar[bool] = True
    capped: ClassVar[bool] = True
    within: ClassVar[int] = 1
    until_ms: ClassVar[int | None] = None

    until: int = FAR
    value: bool = False
    latest: int = LONG_AGO
    open: dict[Key, list[int]] = {}
    closed: list[Key] = []  # by a then at `latest` itself: a first of that very instant is closed, too
    approximate: bool = False

    def first(self, at: int, key: Key) -> bool:
        """Open; False: too late to tell."""
        if at > self.latest:
            self.latest = at
            if self.closed:
                self.closed = []
        elif at < self.latest:
            return False
        elif key in self.closed:
            return True
        known = self.open.get(key)
        if known is None:
            self._open(at, key)
        elif self.until_ms is not None:
            self._again(at, known, self.until_ms)
        return True

    def then(self, at: int, key: Key) -> bool:
        """Close; False: too late to tell."""
        if at < self.latest:
            return False
        self.closed = [key] if at > self.latest else [*self.closed, key]
        self.latest = at
        # Behind every instant: the next question looks anew at what is still open.
        if self.open and self.open.pop(key, None) is not None:
            self.until = -1
        return True

    def _again(self, at: int, known: list[int], until_ms: int) -> None:
        """Another first of an open key: it makes its stretch longer, or begins another one."""
        if at - known[-1] > until_ms - self.within:
            self._stretch(at, known)
        else:
            if self.until == known[-1] + until_ms:
                # Where there is no other stretch it only ends later.
                self.until = at + until_ms if len(self.open) == 1 and len(known) == 2 else -1
            known[-1] = at

    def _open(self, at: int, key: Key) -> None:
        if len(self.open) >= CAP:
            self.roll(at)
        if len(self.open) >= CAP:
            self.approximate = True
            return
        self.open[key] = [at, at]
        self.until = min(self.until, at + self.within)

    def _stretch(self, at: int, known: list[int]) -> None:
        known += [at, at]
        if len(known) > 2 * CAP:
            self.approximate = True
            del known[:2]
        self.until = min(self.until, at + self.within)

    def roll(self, now: int) -> None:
        """See what is true now, until when, and let go of what never will be again."""
        self.value, self.until = False, FAR
        for key in list(self.open):
            self._pass(key, self.open[key], now)
        if not self.open:
            self.approximate = False

    def _pass(self, key: Key, known: list[int], now: int) -> None:
        if self.until_ms is not None:
            while known and known[1] + self.until_ms <= now:
                del known[:2]
        for place in range(0, len(known), 2):
            start = known[place] + self.within
            end = FAR if self.until_ms is None else known[place + 1] + self.until_ms
            self.value |= start <= now < end
            self.until = min(self.until, start if now < start else end)
        if not known:
            del self.open[key]

    def update(self, at: int, value: tuple[bool, Key]) -> bool:
        return self.first(at, value[1]) if value[0] else self.then(at, value[1])

    def get(self, now: int) -> bool:
        if now >= self.until:
            self.roll(now)
        return self.value
