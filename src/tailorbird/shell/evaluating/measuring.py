"""What a model cost: seconds, and the most memory that the process held meanwhile."""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tailorbird.offer.hybrid.tools import Cost

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_KB = 1 if sys.platform != "darwin" else 1024  # ru_maxrss is in kB, on macOS in bytes
_open: list[Cost] = []  # the blocks that we are in, outermost first: the kernel keeps one peak for all of them


@contextmanager
def cost() -> Iterator[Cost]:
    """Wall seconds and peak memory of the process within the block; where the peak cannot be reset, since its start."""
    _seen()
    _open.append(Cost())
    spent, began = _open[-1], time.perf_counter()
    _reset()
    try:
        yield spent
    finally:
        spent.seconds = time.perf_counter() - began
        _seen()
        _open.remove(spent)


def peak_mb() -> float:
    """The most memory so far, or since the last reset, in MB."""
    try:
        [line] = [line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1000
    except (OSError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KB / 1000


def _seen() -> None:
    """A peak within a block is one of all blocks around it."""
    peak = peak_mb() if _open else 0.0
    for around in _open:
        around.peak_mb = max(around.peak_mb, peak)


def _reset() -> None:
    try:
        # 5: the kernel forgets the peak of this process's memory (proc(5), clear_refs).
        _CLEAR.write_text("5")
    except OSError:
        return
