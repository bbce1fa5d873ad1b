"""A bell between processes: writers ring, the one waiting reader wakes. Made of a FIFO, so it needs no server."""

import os
import select
from contextlib import suppress
from pathlib import Path

_POLL_S = 0.005  # where the file system has no FIFOs, the waiting reader looks this often


class Bell:
    """Ringing never blocks and never fails; a ring nobody heard is heard by the next `wait`."""

    def __init__(self, path: Path) -> None:
        with suppress(OSError):
            os.mkfifo(path, 0o600)
        try:
            # Read-write, so that opening waits for nobody.
            self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        except OSError:
            self._fd = -1
        # Not `select`, which knows no file above the 1,024th.
        self._watched = select.poll()
        if self._fd >= 0:
            self._watched.register(self._fd, select.POLLIN)

    def ring(self) -> None:
        if self._fd >= 0:
            with suppress(OSError):  # a full pipe has rung enough
                os.write(self._fd, b"!")

    def wait(self, timeout_s: float) -> None:
        """Return at a ring, or when the time is over."""
        if self._watched.poll(1000 * (timeout_s if self._fd >= 0 else min(timeout_s, _POLL_S))):
            with suppress(OSError):
                # All rings at once, a pipe holds no more: ten thousand appends wake the reader once.
                os.read(self._fd, 65_536)

    def close(self) -> None:
        if self._fd >= 0:
            self._watched.unregister(self._fd)
            os.close(self._fd)
            self._fd = -1
