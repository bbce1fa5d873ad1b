"""The one place on disk where keys stand: slots of 32 bytes, leaf and key, each written once and wiped in place."""

import mmap
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tailorbird.events import Leaf
from tailorbird.shell.embedded.files import write_at

KEY_BYTES = 16
SLOT_BYTES = 2 * KEY_BYTES
_WIPED = bytes(SLOT_BYTES)


class KeySlots:
    """Numbered slots. Who gets which number is decided elsewhere, under a lock."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._view: mmap.mmap | bytes = b""

    def read(self, slot: int, leaf: Leaf) -> bytes | None:
        """The key of this leaf, or None if the slot was wiped or is another's."""
        start = slot * SLOT_BYTES
        if start + SLOT_BYTES > len(self._view):
            self._look_again()
        # The leaf stands beside its key and is compared: a key must never be given out for somebody else's leaf.
        found = self._view[start : start + SLOT_BYTES]
        return found[KEY_BYTES:] if found[:KEY_BYTES] == leaf and found != _WIPED else None

    def write(self, first: int, keys: Sequence[tuple[Leaf, bytes]]) -> None:
        """Put leaves and keys in the slots from `first` on, as the last of the file; on disk when this returns."""
        if self.end() > first:  # a process was killed before anybody could find what it wrote here
            os.ftruncate(self._fd, first * SLOT_BYTES)
        write_at(self._fd, b"".join(leaf + key for leaf, key in keys), first * SLOT_BYTES)
        os.fdatasync(self._fd)

    def wipe(self, slots: list[int]) -> None:
        """Overwrite leaves and keys themselves; on disk when this returns."""
        # In place: the file system may move blocks, but no copy of ours ever stood anywhere else (docs/why/024).
        for slot in slots:
            write_at(self._fd, _WIPED, slot * SLOT_BYTES)
        os.fdatasync(self._fd)

    def all(self) -> Iterator[tuple[int, Leaf]]:
        """Every slot in use, and whose it is."""
        self._look_again()
        # Rounded down: half a slot at the end is nobody's key.
        for slot in range(len(self._view) // SLOT_BYTES):
            leaf = self._view[slot * SLOT_BYTES : slot * SLOT_BYTES + KEY_BYTES]
            if any(leaf):
                yield slot, leaf

    def end(self) -> int:
        """The first number that no slot ever had."""
        # Rounded up: half a slot, torn by a power cut, is passed over and never given out.
        return -(-os.fstat(self._fd).st_size // SLOT_BYTES)

    def close(self) -> None:
        self._view = b""
        os.close(self._fd)

    def _look_again(self) -> None:
        """Map the file as it is now: it has grown. The old map is let go when no thread reads from it any more."""
        if size := os.fstat(self._fd).st_size:
            self._view = mmap.mmap(self._fd, size, access=mmap.ACCESS_READ)
