"""How many people are in each segment now, counted from the state's standings."""

import threading
import time
from typing import NamedTuple

from tailorbird.know.tables import PROFILE
from tailorbird.shell.ports import State
from tailorbird.shell.standing import Told, counts, latest_number, told

_SHARE = 20  # a count may take one part in so many of the console's time


class Count(NamedTuple):
    """Members by segment, of so many people, at one offset of the state."""

    offset: int = -1
    people: int = 0
    members: dict[str, int] = {}  # noqa: RUF012 - never changed
    told: Told | None = None  # what the worker says of the definitions
    moves: int = 0  # so far

    def of(self, segment: str) -> int:
        return self.members.get(segment, 0)

    def share(self, segment: str) -> float | None:
        """The part of all known people that is in it; None where nobody is known."""
        return self.of(segment) / self.people if self.people else None


class Census:
    """The latest count; taken again when the state moved on, and never more often than it is cheap. Thread-safe."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._latest = Count()
        self._not_before = 0.0

    def count(self) -> Count:
        """About a microsecond a person when it is taken, nothing when it is not."""
        with self._lock:
            if time.monotonic() >= self._not_before and self._moved_on():
                # Of this thread: on a busy machine a count that only waited must not make the next one wait for long.
                begun = time.thread_time()
                self._latest = _count(self._state)
                self._not_before = time.monotonic() + (time.thread_time() - begun) * _SHARE
            return self._latest

    def _moved_on(self) -> bool:
        # Not by the offset alone: new definitions reach everyone in steps, all of them at the offset of their signal.
        with self._state.snapshot() as snapshot:
            now = (snapshot.offset, latest_number(snapshot), told(snapshot))
        return now != (self._latest.offset, self._latest.moves, self._latest.told)


def _count(state: State) -> Count:
    with state.snapshot() as snapshot:
        members, moves = dict(counts(snapshot)), latest_number(snapshot)
        return Count(snapshot.offset, snapshot.count(PROFILE), members, told(snapshot), moves)
