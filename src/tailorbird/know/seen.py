"""Once: a message counts once per source for at least 24 hours (law 2).

Digests stand in a table per day of `received_at`. A repeat within 24 hours was received on the same day or the day
after, so two tables are looked in and older ones can be dropped whole. The third, of the day that follows, catches
web workers that wrote to the log in another order than they received.
"""

from collections.abc import Iterable
from hashlib import blake2b

from tailorbird.events import DAY_MS, Event
from tailorbird.know.tables import Reader, Writes, seen_table

KEPT_DAYS = 2


class Seen:
    """The messages of one batch: which were counted before, and which count now."""

    def __init__(self, reader: Reader, events: Iterable[Event]) -> None:
        self.writes: Writes = {}
        self._reader = reader
        self._digests: dict[int, set[bytes]] = {}  # day -> the digests of its table that concern this batch
        asked: dict[int, list[bytes]] = {}
        for event in events:
            asked.setdefault(event.received_at // DAY_MS, []).append(digest(event.source, event.message_id))
        for day, digests in asked.items():
            for near in (day, day - 1, day + 1):
                self._fetch(near, digests)
        self.day = max(asked, default=0)

    def _fetch(self, day: int, digests: list[bytes]) -> None:
        stored = self._reader.get_many(seen_table(day), digests)
        known = {key for key, value in zip(digests, stored, strict=True) if value is not None}
        self._digests.setdefault(day, set()).update(known)

    def again(self, event: Event) -> bool:
        """Whether the message was counted before."""
        key, day = digest(event.source, event.message_id), event.received_at // DAY_MS
        known = self._digests
        return key in known[day] or key in known[day - 1] or key in known[day + 1]

    def count(self, event: Event) -> None:
        """The message counts now."""
        key, day = digest(event.source, event.message_id), event.received_at // DAY_MS
        self._digests[day].add(key)
        self.writes.setdefault(seen_table(day), {})[key] = b""


def digest(source: str, message_id: str) -> bytes:
    """Sixteen bytes that stand for one message of one source."""
    return blake2b(f"{source}\0{message_id}".encode(errors="surrogatepass"), digest_size=16).digest()


def forgettable(day: int, back: int = 30) -> list[str]:
    """The tables that nobody looks in any more once messages of `day` arrive.

    >>> forgettable(100, back=5)
    ['seen:95', 'seen:96', 'seen:97']
    """
    return [seen_table(old) for old in range(day - back, day - KEPT_DAYS)]
