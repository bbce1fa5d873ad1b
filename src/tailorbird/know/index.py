"""Finding again: a leaf's records without a scan, the rejected ones, and how many there were of what."""

from collections import Counter

import msgspec

from tailorbird.events import DAY_MS, Decided, Event, Rejected
from tailorbird.know.tables import EVENT, LEAF, REJECTED, STATS, Reader, Writes, offset_key

_decode_count = msgspec.msgpack.Decoder(int).decode
_encode = msgspec.msgpack.Encoder().encode


class Index:
    """What one batch adds to the tables `event`, `leaf`, `rejected` and `stats`."""

    def __init__(self) -> None:
        self._events: dict[bytes, bytes | None] = {}
        self._leaves: dict[bytes, bytes | None] = {}
        self._rejected: dict[bytes, bytes | None] = {}
        self._counts: Counter[tuple[int, str, str]] = Counter()

    def event(self, offset: int, event: Event, payload: bytes) -> None:
        """Index a kept event; `payload` is taken as the log has it."""
        key = offset_key(offset)
        self._events[key] = payload
        self._leaves[event.leaf + key] = b""
        what = event.event if event.type == "track" else event.type
        self._counts[event.received_at // DAY_MS, what, event.source] += 1

    def decided(self, offset: int, decided: Decided, payload: bytes) -> None:
        """Index a decision with the leaf that it was made for, if it was made for anybody."""
        self._counts[decided.at // DAY_MS, "(decided)", decided.placement] += 1
        if decided.leaf:
            key = offset_key(offset)
            self._events[key] = payload
            self._leaves[decided.leaf + key] = b""

    def rejected(self, offset: int, rejected: Rejected, payload: bytes) -> None:
        """Keep a call that could not be understood, for the console and for another try."""
        self._rejected[offset_key(offset)] = payload
        self._counts[rejected.received_at // DAY_MS, "(rejected)", rejected.reason] += 1

    def writes(self, reader: Reader) -> Writes:
        """The tables' changes; `reader` gives the counts so far."""
        stats: dict[bytes, bytes | None] = {}
        keys = [stats_key(*what) for what in self._counts]
        for key, before, count in zip(keys, reader.get_many(STATS, keys), self._counts.values(), strict=True):
            stats[key] = _encode(count + (_decode_count(before) if before else 0))
        return {EVENT: self._events, LEAF: self._leaves, REJECTED: self._rejected, STATS: stats}


def stats_key(day: int, what: str, source: str) -> bytes:
    """The key of a count: day (4 bytes), then what and by whom, each at most 200 bytes.

    >>> read_stats_key(stats_key(20000, "page", "web"))
    (20000, 'page', 'web')
    """
    parts = (part.replace("\0", " ").encode(errors="replace")[:200] for part in (what, source))
    return day.to_bytes(4, "big") + b"\0".join(parts)


def read_stats_key(key: bytes) -> tuple[int, str, str]:
    """(day, what, source) of a key of `stats`."""
    what, _, source = key[4:].partition(b"\0")
    return int.from_bytes(key[:4], "big"), what.decode(errors="replace"), source.decode(errors="replace")
