"""The tables in which `know` keeps what it knows, and how their keys are built.

    node      type code + hash        person id                     identity
    person    person id               Component                     identity
    edge      node + node             Edge, the evidence            identity
    links     offset + number         LinkChange, until sealed      identity -> lake
    profile   person id               Profile                       profile
    event     offset                  the record as the log has it  index
    leaf      leaf + offset           nothing: the key says it      index
    seen:DAY  digest                  nothing                       once
    dropped   offset                  why it is not in the lake     once, consent; until sealed
    rejected  offset                  Rejected, as the log has it   index
    stats     day + type + source     how many events               index
    standing  person id               Standing                      segments
    due       due + person id         nothing: the key says it      segments: whom time alone moves, and when
    moves     person + at + what      why it did                    segments: one person's history
    moved     number                  Move                          segments: everybody's, as they were emitted
    meta      name                    what is in force              segments

A leaf's events are found in `leaf` and fetched from `event`: two writes in which only the small one is scattered
cost a third of one large scattered write (docs/why/031-leaf-index.md).
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

# The number of the state's format. Raise it with every change of a table, of a key, or of what a value looks like: a
# worker that finds a state of another number builds its own from lake and log, and readers wait for it.
FORMAT = 4

NODE, PERSON, EDGE, LINKS = "node", "person", "edge", "links"
PROFILE, EVENT, LEAF = "profile", "event", "leaf"
DROPPED, REJECTED, STATS = "dropped", "rejected", "stats"
STANDING, DUE, MOVES, MOVED, META = "standing", "due", "moves", "moved", "meta"

PERSON_BYTES = 16

Writes = dict[str, dict[bytes, bytes | None]]


class Reader(Protocol):
    """What the core needs of a state snapshot."""

    def get(self, table: str, key: bytes) -> bytes | None: ...

    def get_many(self, table: str, keys: Sequence[bytes]) -> list[bytes | None]: ...

    def scan(self, table: str, start: bytes = b"", stop: bytes | None = None) -> Iterator[tuple[bytes, bytes]]: ...


_BEFORE_1970 = 1 << 63

encode = msgspec.msgpack.Encoder().encode


def seen_table(day: int) -> str:
    """The table of the messages received on one day (days since 1970 in UTC).

    >>> seen_table(20000)
    'seen:20000'
    """
    return f"seen:{day}"


def offset_key(offset: int) -> bytes:
    """Eight bytes that sort as the number does.

    >>> offset_key(1) < offset_key(256)
    True
    """
    return offset.to_bytes(8, "big")


def offset_of(key: bytes) -> int:
    """The offset that the last eight bytes of a key of `event`, `leaf` or `dropped` spell."""
    return int.from_bytes(key[-8:], "big")


def time_key(at: int) -> bytes:
    """Eight bytes that sort as the time does, years before 1970 included.

    >>> time_key(-1) < time_key(0) < time_key(256)
    True
    """
    return (at + _BEFORE_1970).to_bytes(8, "big")


def time_of(key: bytes) -> int:
    """The time that the first eight bytes of a key spell.

    >>> time_of(time_key(-5) + b"person")
    -5
    """
    return int.from_bytes(key[:8], "big") - _BEFORE_1970


def after(prefix: bytes) -> bytes | None:
    """The smallest key behind all that start with `prefix`: the `stop` of a scan; None where there is none.

    >>> after(b"ab")
    b'ac'
    """
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes([kept[-1] + 1]) if kept else None
