"""Folding events into live people: warm, and cold from the store. (Segments come with a later version.)"""

import tempfile
import time
from pathlib import Path

from benchmarks.records import payloads
from benchmarks.table import Row, row
from tailorbird.consent.purpose import Policy
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.ports import Batch
from tailorbird.shell.run import BATCH_BYTES, Worker, tune_memory
from tailorbird.testing.memory_keys import MemoryKeys
from tailorbird.testing.memory_log import MemoryLog

BATCH = BATCH_BYTES // 770  # events of this traffic that the worker takes at once when it is behind


def rate(worker: Worker, records: list[bytes]) -> float:
    """Events a second through dedupe, identity, profile, index and commit."""
    numbered = [(worker.offset + 1 + i, payload) for i, payload in enumerate(records)]
    slices = [numbered[i : i + BATCH] for i in range(0, len(numbered), BATCH)]
    batches = [Batch(some, some[-1][0]) for some in slices]
    started = time.perf_counter()
    for batch in batches:
        worker.take(batch)
    return len(records) / (time.perf_counter() - started)


def run() -> list[Row]:
    keys = MemoryKeys()
    tune_memory()
    with tempfile.TemporaryDirectory() as folder:
        state = LmdbState(Path(folder) / "warm", writer=True)
        worker = Worker(MemoryLog(), state, keys, Policy())
        rate(worker, list(payloads(keys, 20_000, 5_000, seed=1)))
        warm = rate(worker, list(payloads(keys, 120_000, 5_000, seed=2)))
        state.close()
        state = LmdbState(Path(folder) / "cold", writer=True)
        worker = Worker(MemoryLog(), state, keys, Policy())
        people = 20_000
        rate(worker, list(payloads(keys, people * 2, people, seed=3, each_once=True)))
        cold_records = list(payloads(keys, people, people, seed=4, each_once=True))
        worker.fold.forget()
        cold = rate(worker, cold_records)
        state.close()
    return [
        row("fold with identity, warm, one core", warm, "events/s", ">= 60,000", warm >= 60_000),
        row("fold with identity, cold from the store", cold, "events/s", ">= 20,000", cold >= 20_000),
    ]
