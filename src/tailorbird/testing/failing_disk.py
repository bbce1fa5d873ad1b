"""A disk whose syncs may fail, and what it holds after a power cut.

As Linux has it: a page that could not be written counts as clean from then on, so that the next sync of the same file
succeeds without it (https://wiki.postgresql.org/wiki/Fsync_Errors). Any process may see the written bytes until then.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest


class FailingDisk:
    """Stands between Python and the files below `folder`, for this process."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder.resolve()
        self._kept: dict[Path, bytearray] = {}  # what is on disk of each file
        self._dirty: dict[Path, list[tuple[int, bytes]]] = {}  # written since its last sync, good or bad
        self.failing: Callable[[], bool] = lambda: False  # asked at each sync
        write, cut, sync, opened = os.pwrite, os.ftruncate, os.fdatasync, os.open

        def pwrite(fd: int, data: bytes, position: int) -> int:
            if path := self._path(fd):
                self._dirty.setdefault(path, []).append((position, bytes(data)))
            return write(fd, data, position)

        def ftruncate(fd: int, length: int) -> None:
            if path := self._path(fd):
                self._shorten(path, length)
            cut(fd, length)

        def fdatasync(fd: int) -> None:
            path = self._path(fd)
            if path is None:
                return sync(fd)
            dirty = self._dirty.pop(path, [])
            if self.failing():
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            for position, data in dirty:
                kept = self._kept.setdefault(path, bytearray())
                kept.extend(bytes(max(0, position - len(kept))))
                kept[position : position + len(data)] = data
            return None

        def open_(path: Path, flags: int, *rest: int) -> int:
            fd = opened(path, flags, *rest)
            if flags & os.O_TRUNC and (own := self._path(fd)):
                self._shorten(own, 0)
            return fd

        for name, function in (("pwrite", pwrite), ("ftruncate", ftruncate), ("fdatasync", fdatasync), ("open", open_)):
            patch.setattr(os, name, function)

    def cut_power(self) -> None:
        """Only what is on disk is left: what was never synced, or could not be, reads as zeros."""
        for path in self._folder.glob("*.log"):
            path.write_bytes(bytes(self._kept.get(path, b"")).ljust(path.stat().st_size, b"\0"))

    def _path(self, fd: int) -> Path | None:
        path = Path(f"/proc/self/fd/{fd}").readlink()
        return path if path.parent == self._folder and path.suffix == ".log" else None

    def _shorten(self, path: Path, length: int) -> None:
        dirty = self._dirty.get(path, [])
        self._dirty[path] = [(at, data[: length - at]) for at, data in dirty if at < length]
        del self._kept.setdefault(path, bytearray())[length:]
