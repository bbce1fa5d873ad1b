"""Which digests were surely never counted: nearly all of them, told without a look into the store.

A Bloom filter with one hash (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970), one for each
day's table of `know.seen`: a bit for each of 64 million places, and a digest's first bytes are its place. Whoever meets
a bit that is set is looked up. So with a million messages a day one of seventy is looked up for nothing, and with a
hundred million all of them are, which costs what it would without a sieve.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.tables import Reader, seen_table

PLACES = 1 << 26
KEPT = 4  # days; the oldest go first

_EIGHT = np.array([1 << bit for bit in range(8)], np.uint8)


class Sieve:
    """The digests of the latest days, as far as anybody asked for them."""

    def __init__(self) -> None:
        self._days: dict[int, NDArray[np.uint8] | None] = {}  # None: nothing in it so far

    def suspects(self, reader: Reader, day: int, digests: Sequence[bytes]) -> list[bytes]:
        """Those of `digests` that the table of a day may hold, or that were put in here."""
        if day not in self._days:
            self._load(reader, day)
        bits = self._days[day]
        if bits is None:
            return []
        places = _places(digests)
        hits = bits[places >> 3] & _EIGHT[places & 7]
        return [digests[at] for at in hits.nonzero()[0].tolist()]

    def put(self, day: int, digests: Sequence[bytes]) -> None:
        """From now on these are suspects on that day."""
        if not digests:
            return
        bits = self._days.get(day)
        if bits is None:
            bits = self._days[day] = np.zeros(PLACES // 8, np.uint8)
        places = _places(digests)
        np.bitwise_or.at(bits, places >> 3, _EIGHT[places & 7])

    def _load(self, reader: Reader, day: int) -> None:
        self._days[day] = None
        self.put(day, [key for key, _ in reader.scan(seen_table(day))])
        while len(self._days) > KEPT:
            del self._days[min(self._days)]


def _places(digests: Sequence[bytes]) -> NDArray[np.uint32]:
    """A digest's first 26 bits."""
    words = np.frombuffer(b"".join(digests), np.dtype("<u4"))
    return words[::4] & np.uint32(PLACES - 1)  # four words a digest
