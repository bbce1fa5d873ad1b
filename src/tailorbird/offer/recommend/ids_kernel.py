"""The compiled part of ids.py: a number of 64 bits for each of many texts, without Python's lock."""

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Longs: TypeAlias = NDArray[np.int64]

PRIME = np.uint64(0x100000001B3)  # of FNV-1a (Fowler, Noll, Vo)
FIRST, SECOND = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)  # of MurmurHash3's last step (Appleby)
HALF = np.uint64(33)


@njit(cache=True, nogil=True)
def hashes(text: Bytes, ends: Longs, key: int) -> Longs:
    """Of the texts `text[ends[i] : ends[i + 1]]`: FNV-1a from `key` on, mixed as MurmurHash3 does at its end."""
    found = np.empty(len(ends) - 1, np.int64)
    for i in range(len(found)):
        # Unsigned: shifted to the right, a negative number brings its sign along.
        number = np.uint64(key)
        for place in range(ends[i], ends[i + 1]):
            number = (number ^ np.uint64(text[place])) * PRIME
        number = (number ^ (number >> HALF)) * FIRST
        number = (number ^ (number >> HALF)) * SECOND
        found[i] = np.int64(number ^ (number >> HALF))
    return found
