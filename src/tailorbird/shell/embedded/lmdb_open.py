"""Opening LMDB, and what its errors mean to us."""

from pathlib import Path
from typing import Any

import lmdb

from tailorbird.errors import StateUnavailable

_READERS = 1024
_SMALLEST_MAP = 1 << 28


def open_sparse(folder: Path, map_bytes: int, **options: Any) -> lmdb.Environment:
    """The environment with the largest map that this machine's address space allows; disk is used only as it fills."""
    while True:
        try:
            return lmdb.open(str(folder), map_size=map_bytes, max_readers=_READERS, mode=0o600, **options)
        except (MemoryError, lmdb.MemoryError, OverflowError):
            if map_bytes <= _SMALLEST_MAP:
                raise
            map_bytes //= 4


def unavailable(what: str, folder: Path, error: Exception) -> StateUnavailable:
    """The error to raise in the place of LMDB's own."""
    return StateUnavailable(f"The {what} in {folder} cannot be used now: {error}. {_NEXT.get(type(error), _TRY_AGAIN)}")


_TRY_AGAIN = "Try again; `tailorbird doctor` looks closer."
_NEXT: dict[type, str] = {
    lmdb.MapFullError: "It has reached its largest size: forget what is old, or split it into partitions.",
    lmdb.DiskError: "Free some space on this disk.",
    lmdb.ReadersFullError: "Too many processes read it: stop some.",
}
