"""What held before the first event: a person without a history is somebody, too."""

from collections.abc import Callable
from typing import Any

from tailorbird.know.statistics.held import Held

Predicate = Callable[[Any, bytes, int], bool]  # standing, person, instant


def held_start(
    held: Held, predicate: Predicate, blank: Callable[[], Any], person: bytes, at: int, changing: bool
) -> Held:
    """A Held whose person's first event is at `at`: the last edge before it at which the predicate was not true."""
    last = (at - 1) // held.granule
    # Where nothing is known only the calendar can make a difference between one edge and the next.
    for back in range(held.edges if changing else 1):
        if not predicate(blank(), person, (last - back) * held.granule):
            held.false_edge = last - back
            held.until = (held.false_edge + held.edges) * held.granule
            break
    held.value = True
    return held


def held_before(
    predicate: Predicate, blank: Callable[[], Any], person: bytes, now: int, granule: int, edges: int
) -> bool:
    """Whether a predicate is true, and was at each of the last edges, of somebody without any event."""
    last = now // granule
    return all(predicate(blank(), person, at) for at in (now, *((last - back) * granule for back in range(edges))))
