"""The newest records, followed from outside: what the live page and the sparkline show.

Only the tail is kept. The feed moves when somebody looks (`advance`), not by itself, so an unwatched console costs
nothing; and when events come faster than a page can show them it skips ahead and estimates the rate from the bytes.
"""

import colorsys
import threading
from collections import deque
from typing import NamedTuple

from tailorbird.events import Decided, Event, Rejected, Signal, decode_record
from tailorbird.know.tables import EVENT, offset_key, offset_of
from tailorbird.shell.ports import Log, State

KEPT = 400
SECONDS = 600  # how far back the rate is known
# Bytes of log to look for earlier events in, when the feed is opened.
_LOOK_BACK = (100_000, 1_000_000)
_BEHIND = 1_000_000  # bytes; further behind than this the feed skips
_AT_ONCE = 500_000
_TELLING = ("name", "placement", "query", "revenue", "category", "price", "path", "title")
_DULL = ("decision_id", "url", "image_url")


class Entry(NamedTuple):
    """One record as a row of the live page."""

    offset: int
    at: int
    kind: str  # "track", "page", ..., "decision", "rejected"
    name: str
    source: str
    leaf: bytes
    summary: str
    record: Event | Rejected | Decided


class Feed:
    """The last `KEPT` records, and how many events each of the last `SECONDS` seconds had. Thread-safe."""

    def __init__(self, log: Log, state: State) -> None:
        self._log, self._state = log, state
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._rates: dict[int, float] = {}
        self._through: int | None = None
        self._mean_bytes = 600.0

    def advance(self) -> None:
        """Read on to the end of the log, as far as one look may."""
        with self._lock:
            if self._through is None:
                self._through = self._open()
            self._skip_if_behind()
            for _ in range(4):
                batch = self._log.read(self._through, _AT_ONCE)
                self._take(batch.records)
                if batch.through == self._through:
                    return
                self._through = batch.through

    def after(self, offset: int, limit: int = 60) -> list[Entry]:
        """The newest entries behind `offset`, oldest first."""
        with self._lock:
            return [entry for entry in self._entries if entry.offset > offset][-limit:]

    def find(self, offset: int) -> Entry | None:
        with self._lock:
            return next((entry for entry in self._entries if entry.offset == offset), None)

    def rates(self, now: int, step_s: int = 10) -> list[tuple[int, float]]:
        """(ms, events per second) over the last ten minutes in steps, the unfinished one left out."""
        last = now // 1000 // step_s * step_s
        with self._lock:
            starts = range(last - SECONDS, last, step_s)
            return [(1000 * at, sum(self._rates.get(at + s, 0) for s in range(step_s)) / step_s) for at in starts]

    def _open(self) -> int:
        """Start with what the state still knows of the last events, then go on in the log."""
        with self._state.snapshot() as snapshot:
            for back in _LOOK_BACK:
                # The short look is enough on a busy site; a quiet one is asked for ten times as much.
                rows = list(snapshot.scan(EVENT, offset_key(max(0, snapshot.offset - back))))
                if len(rows) >= KEPT or snapshot.offset <= back:
                    break
            self._take([(offset_of(key), value) for key, value in rows])
            return snapshot.offset

    def _skip_if_behind(self) -> None:
        assert self._through is not None
        folded = self._state.offset()
        if folded - self._through > _BEHIND:
            second = self._entries[-1].at // 1000 if self._entries else 0
            # All in one second: when they came is not known without reading them, which is what is being avoided.
            self._rates[second] = self._rates.get(second, 0) + (folded - self._through) / self._mean_bytes
            self._through = folded

    def _take(self, records: list[tuple[int, bytes]]) -> None:
        for offset, payload in records:
            record = decode_record(payload)
            if isinstance(record, Signal):  # what the engine tells itself is nobody's doing
                continue
            entry = entry_of(offset, record)
            self._entries.append(entry)
            # A sliding mean of about a hundred records, with the 8 bytes that the log puts before each.
            self._mean_bytes += 0.01 * (len(payload) + 8 - self._mean_bytes)
            if entry.kind != "decision":
                second = _received(entry) // 1000
                self._rates[second] = self._rates.get(second, 0) + 1
        if len(self._rates) > 2 * SECONDS:
            oldest = max(self._rates) - SECONDS
            self._rates = {second: count for second, count in self._rates.items() if second > oldest}


def entry_of(offset: int, record: Event | Rejected | Decided) -> Entry:
    """A record as a row; nothing personal is in it."""
    if isinstance(record, Event):
        name = record.event or (record.plain_context.get("page.path", "") if record.type in ("page", "screen") else "")
        summary = _summary(record.plain_properties or record.plain_traits)
        return Entry(offset, record.timestamp, record.type, name, record.source, record.leaf, summary, record)
    if isinstance(record, Rejected):
        summary = f"{record.where}: {record.detail}"
        return Entry(offset, record.received_at, "rejected", record.reason, record.source, record.leaf, summary, record)
    items = f"{len(record.items)} items by {record.link}" + (f", {record.model}" if record.model else "")
    return Entry(offset, record.at, "decision", record.placement, "decide", record.leaf, items, record)


def colour_of(leaf: bytes) -> str:
    """A colour that stays with a leaf, so that one person's rows can be told from another's.

    >>> colour_of(bytes(16)) == colour_of(bytes(16))
    True
    """
    hue = int.from_bytes(leaf[:2], "big") / 65536
    red, green, blue = colorsys.hls_to_rgb(hue, 0.55, 0.42)
    return f"rgb({red * 255:.0f} {green * 255:.0f} {blue * 255:.0f})"


def _received(entry: Entry) -> int:
    return entry.record.at if isinstance(entry.record, Decided) else entry.record.received_at


def _summary(values: dict[str, object]) -> str:
    """The plain values on one line, the telling ones first; of a list only its length."""
    parts = []
    names = sorted((name for name in values if name not in _DULL), key=lambda name: name not in _TELLING)
    for name, value in ((name, values[name]) for name in names[:6]):
        shown = f"{len(value)} in all" if isinstance(value, list | dict) else str(value)
        parts.append(f"{name} {shown[:60]}")
    return " · ".join(parts)
