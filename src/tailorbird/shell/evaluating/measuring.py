"""What a model cost: seconds, and the most memory that the process held meanwhile."""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_KIB = 1 if sys.platform != "darwin" else 1024  # ru_maxrss is in kB, on macOS in bytes


@dataclass
class Cost:
    """Filled when the block ends."""

    seconds: float = 0.0
    peak_mb: float = 0.0


@contextmanager
def cost() -> Iterator[Cost]:
    """Wall seconds and peak memory of the process within the block; where the peak cannot be reset, since its start."""
    spent, began = Cost(), time.perf_counter()
    _reset()
    try:
        yield spent
    finally:
        spent.seconds, spent.peak_mb = time.perf_counter() - began, peak_mb()


def peak_mb() -> float:
    """The most memory so far, or since the last reset, in MB."""
    try:
        [line] = [line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1000
    except (OSError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB / 1000


def _reset() -> None:
    try:
        _CLEAR.write_text("5")
    except OSError:
        return
