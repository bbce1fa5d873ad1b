"""Small durable steps on files that several engines need."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make names created, renamed or removed in `folder` survive a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_file(path: Path) -> None:
    """Make the bytes of `path` survive a power cut."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_at(fd: int, data: bytes, position: int) -> None:
    """Write all of `data`; the system may take it in pieces when the disk is nearly full."""
    view = memoryview(data)
    while view:
        written = os.pwrite(fd, view, position)
        view, position = view[written:], position + written


def replace_file(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Put `data` in the place of `path`: a reader, or a start after a power cut, sees the old bytes or the new.

    What can be made again need not be `durable`: then only readers have that promise.
    """
    # Beside it, so that the rename stays within one file system: only there it is atomic.
    draft = path.with_name(path.name + ".tmp")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        write_at(fd, data, 0)
        if durable:
            os.fsync(fd)
    finally:
        os.close(fd)
    # The bytes are on disk before the name points to them, or a power cut could leave an empty file under the good
    # name.
    draft.replace(path)
    if durable:
        sync_folder(path.parent)


class FileLock:
    """An exclusive lock between processes that the system drops when its holder dies. One thread at a time."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def try_acquire(self) -> bool:
        """Take it if it is free; whether it is ours now."""
        try:
            # flock and not lockf: it belongs to this open file, and closing another handle of the same file does not
            # let it go.
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @contextmanager
    def held(self, mode: int = fcntl.LOCK_EX) -> Iterator[None]:
        fcntl.flock(self._fd, mode)
        try:
            yield
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._fd)
