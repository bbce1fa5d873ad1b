"""Once: a message counts once per source for at least 24 hours (law 2).

Digests stand in a table per day of `received_at`. A repeat within 24 hours was received on the same day or the day
after, so two tables are looked in and older ones can be dropped whole. The third, of the day that follows, catches
web workers that wrote to the log in another order than they received.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from tailorbird.events import DAY_MS
from tailorbird.know.heading import Heading
from tailorbird.know.tables import Reader, Writes, seen_table

KEPT_DAYS = 2


class Seen:
    """The messages of one batch: which were counted before, and which count now.

    `keys` has one (day, digest) for each event, in their order. Most batches hold no repeat at all, so it is found out
    for all events at once who is under suspicion, and only those are looked at closer.
    """

    def __init__(self, reader: Reader, events: Sequence[Heading]) -> None:
        self.keys = [(event.received_at // DAY_MS, digest(event.source, event.message_id)) for event in events]
        self._known: dict[int, set[bytes]] = {}  # day -> the digests of its table that concern this batch
        asked: dict[int, list[bytes]] = {}
        for day, key in self.keys:
            asked.setdefault(day, []).append(key)
        for day, digests in asked.items():
            # Tables that do not exist answer at once; on most days that is the one of tomorrow.
            for near in (day, day - 1, day + 1):
                self._fetch(reader, near, digests)
        self.day = max(asked, default=0)
        self._suspects = set[bytes]().union(*self._known.values(), _twice([key for _, key in self.keys]))

    def _fetch(self, reader: Reader, day: int, digests: list[bytes]) -> None:
        known = self._known.setdefault(day, set())
        stored = reader.get_many(seen_table(day), digests)
        # Counting None runs in C, and nearly every batch ends here.
        if stored.count(None) < len(stored):
            known.update(key for key, value in zip(digests, stored, strict=True) if value is not None)

    def again(self, day: int, key: bytes) -> bool:
        """Whether the message was counted before."""
        if key not in self._suspects:
            return False
        known = self._known
        return key in known[day] or key in known[day - 1] or key in known[day + 1]

    def count(self, day: int, key: bytes) -> None:
        """The message counts now."""
        if key in self._suspects:
            self._known[day].add(key)

    def writes(self, kept: Iterable[tuple[int, bytes]]) -> Writes:
        """What to remember of the messages that count."""
        days: dict[int, dict[bytes, bytes | None]] = {}
        for day, key in kept:
            days.setdefault(day, {})[key] = b""
        return {seen_table(day): rows for day, rows in days.items()}


def _twice(keys: Sequence[bytes]) -> list[bytes]:
    if len(set(keys)) == len(keys):
        return []
    return [key for key, times in Counter(keys).items() if times > 1]


def digest(source: str, message_id: str) -> bytes:
    """Sixteen bytes that stand for one message of one source."""
    return blake2b(f"{source}\0{message_id}".encode(), digest_size=16).digest()


def forgettable(day: int, back: int = 30) -> list[str]:
    """The tables that nobody looks in any more once messages of `day` arrive.

    >>> forgettable(100, back=5)
    ['seen:95', 'seen:96', 'seen:97']
    """
    return [seen_table(old) for old in range(day - back, day - KEPT_DAYS)]
