"""The files of the log: named by the offset at which they begin, found, scanned, opened and dropped."""

import os
from pathlib import Path

from tailorbird.collect.frame import HEAD_BYTES, frames

_SUFFIX = ".log"


def path_of(folder: Path, base: int) -> Path:
    """The file that begins at `base`.

    >>> path_of(Path("log"), 42).as_posix()
    'log/00000000000000000042.log'
    """
    return folder / f"{base:020d}{_SUFFIX}"


def bases_in(folder: Path) -> list[int]:
    """The offsets at which files begin, ascending."""
    # Anything else in the folder is somebody else's: a copy, an editor's backup.
    return sorted(int(path.stem) for path in folder.glob(f"*{_SUFFIX}") if path.stem.isdigit())


def scan(path: Path, base: int) -> int:
    """The offset behind the last whole record in the file; what follows it is a torn tail."""
    end = base
    for end, _ in frames(path.read_bytes(), base):  # noqa: B007  the last one is what we want
        pass
    return end


class Segment:
    """An open file of the log. Closed by its last holder: a thread may still sync it while another rolls on."""

    def __init__(self, folder: Path, base: int, flags: int) -> None:
        self.base = base
        self.path = path_of(folder, base)
        self.fd = os.open(self.path, flags, 0o600)

    def size(self) -> int:
        return os.fstat(self.fd).st_size

    def read(self, after: int, stop: int, max_bytes: int) -> list[tuple[int, bytes]]:
        """Whole records in (after, stop]: up to `max_bytes`, but at least one if it is whole."""
        position = after - self.base
        found = list(frames(os.pread(self.fd, min(max_bytes, stop - after), position), after))
        if not found and stop - after > max_bytes:
            # The first record is larger than what was asked for: as much as its head says, so that a reader always gets
            # on.
            length = int.from_bytes(os.pread(self.fd, 4, position), "little") + HEAD_BYTES
            found = list(frames(os.pread(self.fd, min(length, stop - after), position), after))
        return found

    def __del__(self) -> None:
        fd = getattr(self, "fd", None)
        if fd is not None:
            os.close(fd)
