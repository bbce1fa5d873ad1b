"""Replaying the log from its files into a fresh state, one core."""

import tempfile
import time
from pathlib import Path

from benchmarks.records import payloads
from benchmarks.table import Row, row
from tailorbird.consent.purpose import Policy
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.embedded.segment_log import SegmentLog
from tailorbird.shell.run import Worker, tune_memory
from tailorbird.testing.memory_keys import MemoryKeys

EVENTS = 150_000


def run() -> list[Row]:
    keys = MemoryKeys()
    with tempfile.TemporaryDirectory() as folder:
        log = SegmentLog(Path(folder) / "log")
        records = list(payloads(keys, EVENTS, 5_000))
        for start in range(0, EVENTS, 1_000):
            log.append(records[start : start + 1_000])
        state = LmdbState(Path(folder) / "state", writer=True)
        worker = Worker(log, state, keys, Policy())
        tune_memory()
        started = time.perf_counter()
        while worker.offset < log.end():
            worker.turn()
        figure = EVENTS / (time.perf_counter() - started)
        state.close()
        log.close()
    return [row("replay of the log into fresh state, one core", figure, "events/s", ">= 60,000", figure >= 60_000)]
