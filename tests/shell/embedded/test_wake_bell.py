"""A bell wakes who waits for it, also in a process with very many open files."""

import os
import threading
import time
from pathlib import Path

from tailorbird.shell.embedded.wake import Bell


def test_a_ring_is_heard_once_also_behind_a_thousand_open_files(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    many = [os.dup(here) for _ in range(1_100)]
    bell, other = Bell(tmp_path / "bell"), Bell(tmp_path / "bell")
    try:
        threading.Timer(0.05, other.ring).start()
        started = time.monotonic()
        bell.wait(20)
        assert time.monotonic() - started < 10
        started = time.monotonic()
        bell.wait(0.02)
        assert time.monotonic() - started >= 0.015
    finally:
        for handle in (here, *many):
            os.close(handle)
        bell.close()
        other.close()
    bell.wait(0.001)  # closed, it only waits


def test_without_a_fifo_it_looks_again_soon(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "missing" / "bell")
    started = time.monotonic()
    bell.wait(20)
    assert time.monotonic() - started < 10
    bell.ring()
    bell.close()
