"""Opening LMDB, and what its errors mean to us."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lmdb

from tailorbird.errors import StateUnavailable

_READERS = 1024
_SMALLEST_MAP = 1 << 28


@dataclass
class _Shared:
    env: lmdb.Environment
    writes: bool
    users: int = 1


_shared: dict[tuple[int, Path], _Shared] = {}
_mutex = threading.Lock()


def open_shared(folder: Path, map_bytes: int, *, writes: bool, **options: Any) -> lmdb.Environment:
    """The environment of the folder; one per process, because LMDB's locks allow no second. Give it back by `release`.

    Raises StateUnavailable if this process has it open for reading and now wants to write.
    """
    # With the process: LMDB must not be used across a fork, so a child opens its own.
    place = (os.getpid(), folder.resolve())
    with _mutex:
        shared = _shared.get(place)
        if shared is None:
            env = _open_sparse(folder, map_bytes, readonly=not writes, **options)
            _shared[place] = _Shared(env, writes)
            return env
        if writes and not shared.writes:
            raise StateUnavailable(f"{folder} is open for reading in this process: close that first, then write.")
        shared.users += 1
        return shared.env


def release(folder: Path) -> None:
    """Close the environment when its last user of this process has let go."""
    place = (os.getpid(), folder.resolve())
    with _mutex:
        shared = _shared.get(place)
        if shared is None:  # opened before a fork: it is the parent's
            return
        shared.users -= 1
        if not shared.users:
            shared.env.close()
            del _shared[place]


def _open_sparse(folder: Path, map_bytes: int, **options: Any) -> lmdb.Environment:
    """With the largest map that this machine's address space allows; disk is used only as it fills."""
    while True:
        try:
            return lmdb.open(str(folder), map_size=map_bytes, max_readers=_READERS, mode=0o600, **options)
        # A container or a small machine may not have so much address space to give, though it needs no memory.
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
