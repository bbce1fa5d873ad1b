"""What `auto` is handed from outside: a clock, a measure of cost, who teaches trees, and whom to tell how it goes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tailorbird.offer.hybrid.compiled import Serving
from tailorbird.offer.hybrid.lesson import Teacher
from tailorbird.offer.retrievers.histories import Floats, Ints

Server = Callable[[Serving], Callable[[Ints], tuple[Ints, Floats]]]  # a table -> (a history -> items, their scores)


@dataclass
class Cost:
    """What a step took; filled when it ends."""

    seconds: float = 0.0
    peak_mb: float = 0.0


@dataclass(frozen=True)
class Tools:
    """All that touches the machine."""

    now: Callable[[], float]  # seconds, from anywhere, never back
    cost: Callable[[], AbstractContextManager[Cost]]
    say: Callable[[str], None]
    teacher: Teacher | None = None  # None: no trees; the extra is not installed
    server: Server | None = None  # the path of requests, which takes a compiled blend; None: retrievers are asked


@dataclass(frozen=True)
class Budget:
    """Until when. Shares of the whole say until when a phase may go on."""

    seconds: float
    began: float
    now: Callable[[], float]

    def until(self, share: float) -> float:
        """The instant at which this share of the budget is over."""
        return self.began + share * self.seconds

    def left(self) -> float:
        """Seconds until the end, not below 0."""
        return max(0.0, self.until(1) - self.now())
