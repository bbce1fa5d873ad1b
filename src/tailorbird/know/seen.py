"""Once: a message counts once per source for at least 24 hours (law 2).

Digests stand in a table per day of `received_at`. A repeat within 24 hours was received on the same day or the day
after, so two tables are looked in and older ones can be dropped whole. The third, of the day that follows, catches
web workers that wrote to the log in another order than they received.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2s

from tailorbird.events import DAY_MS
from tailorbird.know.heading import Heading
from tailorbird.know.sieve import Sieve
from tailorbird.know.tables import Reader, Writes, seen_table

KEPT_DAYS = 2

Message = tuple[int, bytes]  # day of receipt, digest


class Seen:
    """The messages of one batch: which were counted before, and which count now.

    Most batches hold no repeat at all, so `look_up` finds out for many events at once who is under suspicion, and only
    those are looked at closer.
    """

    def __init__(self, reader: Reader, sieve: Sieve) -> None:
        self.day = 0  # the latest day of receipt so far
        self.suspects: set[bytes] = set()  # of the messages looked up last: all others count for the first time
        self._reader, self._sieve = reader, sieve
        self._stored: dict[int, set[bytes]] = defaultdict(set)  # day -> digests of its table, as far as asked
        self._counted: dict[int, dict[bytes, bytes | None]] = defaultdict(dict)  # day -> what its table gets

    def look_up(self, events: Sequence[Heading]) -> list[Message]:
        """The events' messages, in their order; the next questions are about these."""
        messages = [(event.received_at // DAY_MS, digest(event.source, event.message_id)) for event in events]
        digests = [key for _, key in messages]
        days = {day for day, _ in messages}  # mostly one: it is the day of receipt
        self.suspects = _twice(digests)
        self._suspect({near for day in days for near in _near(day)}, digests)
        # Only now: what comes twice among these is a suspect already.
        self._sieve.put(digests)
        self.day = max(self.day, *days, 0)
        return messages

    def _suspect(self, days: Collection[int], digests: list[bytes]) -> None:
        suspects = self._sieve.suspects(self._reader, days, digests)
        for day in days if suspects else ():
            stored = self._reader.get_many(seen_table(day), suspects)
            self._stored[day].update(key for key, value in zip(suspects, stored, strict=True) if value is not None)
        self.suspects.update(suspects)

    def again(self, day: int, key: bytes) -> bool:
        """Whether the message was counted before."""
        if key not in self.suspects:
            return False
        return any(key in self._stored[near] or key in self._counted[near] for near in _near(day))

    def count(self, messages: Iterable[Message]) -> None:
        """These messages count now."""
        for day, key in messages:
            self._counted[day][key] = b""

    def writes(self) -> Writes:
        """What to remember of the messages that count."""
        return {seen_table(day): rows for day, rows in self._counted.items() if rows}


def _near(day: int) -> tuple[int, ...]:
    """The days in whose tables a message of that day may stand."""
    return day, day - 1, day + 1


def _twice(keys: Sequence[bytes]) -> set[bytes]:
    if len(set(keys)) == len(keys):
        return set()
    return {key for key, times in Counter(keys).items() if times > 1}


def digest(source: str, message_id: str) -> bytes:
    """Sixteen bytes that stand for one message of one source."""
    # Joined: Cython 3.1 leaves an escape in an f-string as it is written, and repeats would count once more.
    return blake2s("\0".join((source, message_id)).encode(), digest_size=16).digest()


def forgettable(day: int, back: int = 30) -> list[str]:
    """The tables that nobody looks in any more once messages of `day` arrive.

    >>> forgettable(100, back=5)
    ['seen:95', 'seen:96', 'seen:97']
    """
    return [seen_table(old) for old in range(day - back, day - KEPT_DAYS)]
