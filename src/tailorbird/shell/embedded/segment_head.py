"""The log's head: where its newest file begins and ends, as one page of memory that all its processes share.

It spares every append a look at the folder. It outlives killed processes but not a power cut: the boot id inside tells
the two apart, and then the newest file is read again, record by record.
"""

import mmap
import os
from pathlib import Path

from tailorbird.shell.embedded.files import write_at

_PAGE = 4096
_WORD = (1 << 64) - 1
_MAGIC = int.from_bytes(b"tb-log-1", "little")
_NAMES = ("magic", "boot_high", "boot_low", "base", "end", "synced", "roll", "cuts", "failed")
_FIELDS = {name: place for place, name in enumerate(_NAMES)}


class SegmentHead:
    """Words of 8 bytes, each stored in one piece, so that a process killed between two stores leaves no half number."""

    def __init__(self, path: Path) -> None:
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(fd).st_size < _PAGE:
                # Real bytes: storing into a hole of a full disk would end in SIGBUS.
                write_at(fd, bytes(_PAGE), 0)
            self._map = mmap.mmap(fd, _PAGE)
        finally:
            os.close(fd)
        self._words = memoryview(self._map).cast("Q")

    def holds(self, boot: bytes) -> bool:
        """Whether the numbers were written during this boot."""
        return self._get("magic") == _MAGIC and self._boot() == boot and any(boot)

    def begin(self, boot: bytes, base: int, end: int) -> None:
        """Trust these numbers, found by reading the newest file, from now on."""
        # Untrue while it is written: whoever is killed in between leaves a head that nobody trusts.
        self._set("magic", 0)
        words = {"base": base, "end": end, "synced": end, "roll": 0, "cuts": self.cuts + 1 & _WORD, "failed": 0}
        for name, value in words.items():
            self._set(name, value)
        self._set("boot_high", int.from_bytes(boot[:8], "little"))
        self._set("boot_low", int.from_bytes(boot[8:], "little"))
        self._set("magic", _MAGIC)

    @property
    def base(self) -> int:
        """The offset at which the newest file begins, which is also its name."""
        return self._get("base")

    @base.setter
    def base(self, offset: int) -> None:
        self._set("base", offset)

    @property
    def end(self) -> int:
        """The offset behind the last whole record."""
        return self._get("end")

    @end.setter
    def end(self, offset: int) -> None:
        self._set("end", offset)

    @property
    def synced(self) -> int:
        """An offset up to which all is known to be on disk; there may be more."""
        return self._get("synced")

    def raise_synced(self, offset: int) -> None:
        """One at a time: two who cross here would leave the smaller number, and what is behind it may be cut."""
        if offset > self.synced:
            self._set("synced", offset)

    @property
    def failed(self) -> bool:
        """Whether a sync failed: nothing may be written before `cut`."""
        return bool(self._get("failed"))

    @failed.setter
    def failed(self, value: bool) -> None:
        self._set("failed", int(value))

    @property
    def cuts(self) -> int:
        """How often what was written, and perhaps not on disk, was taken out again."""
        return self._get("cuts")

    def cut(self) -> None:
        """End where all is known to be on disk; the next append begins a new file there. While nobody syncs."""
        self.roll = True
        self._set("cuts", self.cuts + 1 & _WORD)
        self._set("end", self.synced)
        self.failed = False  # last: killed in between, the next one does it again

    @property
    def roll(self) -> bool:
        """Whether the next append must begin a new file, because this one could not be synced."""
        return bool(self._get("roll"))

    @roll.setter
    def roll(self, value: bool) -> None:
        self._set("roll", int(value))

    def close(self) -> None:
        self._words.release()
        self._map.close()

    def _boot(self) -> bytes:
        return self._get("boot_high").to_bytes(8, "little") + self._get("boot_low").to_bytes(8, "little")

    def _get(self, name: str) -> int:
        return self._words[_FIELDS[name]]

    def _set(self, name: str, value: int) -> None:
        self._words[_FIELDS[name]] = value
