"""Whom time alone moves, and when: a durable index by due time, one entry a person.

An entry is a key, due time and person, so the next ones due stand first and a million who are not due cost nothing.
It says exactly what the person's standing says (`Standing.due`), so the index is a function of the log as all state is
(docs/why/091-logical-time.md).
"""

from collections.abc import Iterator
from itertools import islice

from tailorbird.know.tables import DUE, Reader, time_key, time_of


class Timers:
    """What one batch changes in the table `due`."""

    def __init__(self) -> None:
        self.writes: dict[bytes, bytes | None] = {}

    def move(self, person: bytes, before: int, due: int) -> None:
        """The person was due at `before` and is now at `due` (ms); 0 is never."""
        # Mostly it is as it was: the oldest thing that can expire is no matter of what has just happened.
        if before == due:
            return
        if before:
            self.writes[time_key(before) + person] = None
        if due:
            self.writes[time_key(due) + person] = b""


def fallen_due(reader: Reader, through: int, limit: int) -> list[bytes]:
    """Whoever is due by `through`, the earliest first, at most `limit` of them."""
    return [key[8:] for key in islice(_keys(reader, through), limit)]


def earliest(reader: Reader) -> int | None:
    """When the next person is due; None: nobody ever, unless something happens."""
    first = next(iter(reader.scan(DUE)), None)
    return time_of(first[0]) if first is not None else None


def _keys(reader: Reader, through: int) -> Iterator[bytes]:
    return (key for key, _ in reader.scan(DUE, b"", time_key(through + 1)))
