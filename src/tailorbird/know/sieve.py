"""Which digests were surely never counted: nearly all of them, told without a look into the store.

A Bloom filter with one hash (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970) over the tables
of `know.seen`: a bit for each of 64 million places, and a digest's first bytes are its place. Whoever meets a bit that
is set is looked up. So of a million messages one in seventy is looked up for nothing, and of a hundred million all are,
which costs what it would without a sieve.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.tables import Reader, seen_table

PLACES = 1 << 26
FULL = PLACES // 16  # digests, from which on it is emptied where days are in it that are over
KEPT = 3  # days, of the latest
AT_ONCE = 100_000  # digests, read from a table

_EIGHT = np.array([1 << bit for bit in range(8)], np.uint8)


class Sieve:
    """The digests of the days that anybody asked for."""

    def __init__(self) -> None:
        self._bits = np.zeros(PLACES // 8, np.uint8)
        self._days: set[int] = set()  # whose tables are in it
        self._count = 0
        self._read = 0  # of these, what was read from tables

    def begin(self) -> None:
        """A new batch. Within one nothing may be forgotten: what it counted is not in the store yet.

        Emptied only when more was put in than reading the tables anew cost, so that late events which ask for days of
        long ago in every batch cannot have all tables read in every batch.
        """
        full = self._count > max(FULL, 2 * self._read)
        if full and min(self._days) + KEPT <= max(self._days):
            self._bits.fill(0)
            self._days.clear()
            self._count = self._read = 0

    def suspects(self, reader: Reader, days: Iterable[int], digests: Sequence[bytes]) -> list[bytes]:
        """Those of `digests` that the tables of these days may hold, or that were put in here."""
        for day in days:
            if day not in self._days:
                self._days.add(day)
                self._load(reader, day)
        places = _places(digests)
        hits = self._bits[places >> 3] & _EIGHT[places & 7]
        return [digests[at] for at in hits.nonzero()[0].tolist()]

    def _load(self, reader: Reader, day: int) -> None:
        before, rows = self._count, reader.scan(seen_table(day))
        while part := [key for key, _ in islice(rows, AT_ONCE)]:
            self.put(part)
        self._read += self._count - before

    def put(self, digests: Sequence[bytes]) -> None:
        """From now on these are suspects."""
        places = _places(digests)
        # By `at`: two of them may share a byte, and `|=` with repeated places keeps the last one's bit alone.
        np.bitwise_or.at(self._bits, places >> 3, _EIGHT[places & 7])
        self._count += len(digests)


def _places(digests: Sequence[bytes]) -> NDArray[np.uint32]:
    """A digest's first 26 bits."""
    # A digest is as good as random, so some of its bits are as good a hash as any.
    words = np.frombuffer(b"".join(digests), np.dtype("<u4"))
    return words[::4] & np.uint32(PLACES - 1)  # four words a digest
