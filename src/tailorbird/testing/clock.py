"""A clock that stands still until told otherwise."""

from dataclasses import dataclass

from tailorbird.events import DAY_MS


@dataclass(slots=True)
class FixedClock:
    """Milliseconds since 1970, as any `now: Callable[[], int]` in Tailorbird wants them.

    >>> clock = FixedClock(1_000)
    >>> clock(), clock.advance(days=1), clock()
    (1000, None, 86401000)
    """

    now: int = 1_760_000_000_000

    def __call__(self) -> int:
        return self.now

    def advance(self, ms: int = 0, *, days: int = 0) -> None:
        self.now += ms + days * DAY_MS
