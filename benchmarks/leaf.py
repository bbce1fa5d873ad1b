"""All events of a leaf without a scan: 1,000 of them."""

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.fold import rate
from benchmarks.records import payloads
from benchmarks.table import Row, row
from tailorbird.consent.purpose import Policy
from tailorbird.events import decode_record
from tailorbird.know.tables import EVENT, LEAF, after
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.run import Worker
from tailorbird.testing.memory_keys import MemoryKeys
from tailorbird.testing.memory_log import MemoryLog

PEOPLE = 20


def run() -> list[Row]:
    keys = MemoryKeys()
    with tempfile.TemporaryDirectory() as folder:
        state = LmdbState(Path(folder), writer=True)
        rate(Worker(MemoryLog(), state, keys, Policy()), list(payloads(keys, 1_000 * PEOPLE, PEOPLE, each_once=True)))
        with state.snapshot() as snapshot:
            leaves = sorted({key[:16] for key, _ in snapshot.scan(LEAF)})
        took_ms = [read_ms(state, leaf) for leaf in leaves]
        state.close()
    figure = median(took_ms)
    return [row("1,000 events of a leaf, read and decoded", figure, "ms", "<= 5", figure <= 5)]


def read_ms(state: LmdbState, leaf: bytes) -> float:
    started = time.perf_counter()
    with state.snapshot() as snapshot:
        offsets = [key[16:] for key, _ in snapshot.scan(LEAF, leaf, after(leaf))]
        events = [decode_record(payload) for payload in snapshot.get_many(EVENT, offsets) if payload]
    took = (time.perf_counter() - started) * 1000
    assert len(events) == 1_000, len(events)
    return took
