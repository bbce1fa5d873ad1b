"""Finding again: a leaf's records without a scan, the rejected ones, and how many there were of what."""

from collections import defaultdict
from itertools import islice

import msgspec

from tailorbird.events import DAY_MS, Decided, Rejected, Signal
from tailorbird.know.heading import Heading
from tailorbird.know.tables import DROPPED, EVENT, LEAF, REJECTED, STATS, Reader, Writes, encode, offset_key

_decode_count = msgspec.msgpack.Decoder(int).decode


class Index:
    """What one batch adds to the tables `event`, `leaf`, `rejected`, `dropped` and `stats`."""

    def __init__(self) -> None:
        self._events: dict[bytes, bytes | None] = {}
        self._leaves: dict[bytes, bytes | None] = {}
        self._rejected: dict[bytes, bytes | None] = {}
        self._dropped: dict[bytes, bytes | None] = {}
        self._counts: dict[tuple[int, str, str], int] = defaultdict(int)
        self._by_leaf: dict[bytes, list[bytes]] = defaultdict(list)  # made when somebody asks, as far as they asked
        self._sorted = 0
        self._fresh: list[tuple[int, bytes, Heading]] = []  # kept, and not yet filed

    def keep(self, record: tuple[int, bytes, Heading]) -> None:
        """Index an event that counts: its offset, its payload as the log has it, and the payload's heading."""
        self._fresh.append(record)

    def file(self) -> None:
        """Put what was kept where it is found: many at once, while they are in the processor's cache."""
        events, leaves, counts = self._events, self._leaves, self._counts
        for offset, payload, event in self._fresh:
            key = offset.to_bytes(8, "big")
            events[key] = payload
            leaves[event.leaf + key] = b""
            what = event.event if event.type == "track" else event.type
            counts[event.received_at // DAY_MS, what, event.source] += 1
        self._fresh.clear()

    def kept(self, leaf: bytes) -> list[tuple[bytes, bytes]]:
        """(offset key, payload) of a leaf's records in this batch so far, in order."""
        self.file()
        # Only what came since the last question: a dictionary keeps the order in which it was filled.
        for key in islice(self._leaves, self._sorted, None):
            self._by_leaf[key[:-8]].append(key[-8:])
        self._sorted = len(self._leaves)
        return [(key, self._events[key] or b"") for key in self._by_leaf.get(leaf, ())]

    def drop(self, offset: int, why: str) -> None:
        """Note that a record must not enter the lake."""
        self._dropped[offset_key(offset)] = why.encode()

    def other(self, offset: int, payload: bytes, record: object) -> str:
        """Index what is no event; what it was."""
        if isinstance(record, Decided):
            return self._decided(offset, payload, record)
        if isinstance(record, Rejected):
            return self._reject(offset, payload, record)
        if isinstance(record, Signal):
            self._count(record.at, "(signal)", record.kind)
            return "signal"
        self.drop(offset, "foreign")
        return "foreign"

    def _decided(self, offset: int, payload: bytes, decided: Decided) -> str:
        self._count(decided.at, "(decided)", decided.placement)
        # A decision for nobody in particular belongs to no timeline; the lake has it.
        if decided.leaf:
            self._events[offset_key(offset)] = payload
            self._leaves[decided.leaf + offset_key(offset)] = b""
        return "decided"

    def _reject(self, offset: int, payload: bytes, rejected: Rejected) -> str:
        self._count(rejected.received_at, "(rejected)", rejected.reason)
        self._rejected[offset_key(offset)] = payload
        return "rejected"

    def _count(self, at: int, what: str, by: str) -> None:
        self._counts[at // DAY_MS, what, by] += 1

    def writes(self, reader: Reader) -> Writes:
        """The tables' changes; `reader` gives the counts so far."""
        self.file()
        stats: dict[bytes, bytes | None] = {}
        keys = [stats_key(*what) for what in self._counts]
        for key, before, count in zip(keys, reader.get_many(STATS, keys), self._counts.values(), strict=True):
            stats[key] = encode(count + (_decode_count(before) if before else 0))
        rows = {EVENT: self._events, LEAF: self._leaves, REJECTED: self._rejected, DROPPED: self._dropped}
        return {**rows, STATS: stats}


def stats_key(day: int, what: str, source: str) -> bytes:
    """The key of a count: day (4 bytes), then what and by whom, each at most 200 bytes.

    >>> read_stats_key(stats_key(20000, "page", "web"))
    (20000, 'page', 'web')
    """
    # \0 parts the two. Bounded, because LMDB takes keys of 511 bytes at most, and a sender names the event.
    parts = (part.replace("\0", " ").encode(errors="replace")[:200] for part in (what, source))
    return day.to_bytes(4, "big") + b"\0".join(parts)


def read_stats_key(key: bytes) -> tuple[int, str, str]:
    """(day, what, source) of a key of `stats`."""
    what, _, source = key[4:].partition(b"\0")
    return int.from_bytes(key[:4], "big"), what.decode(errors="replace"), source.decode(errors="replace")
