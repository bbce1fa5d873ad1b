"""Folding events into live people, without and with fifty segments: warm, and cold from the store.

With segments twice: as the extra `native` compiled them before anything is measured, and as Python.
"""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.fifty import SEGMENTS, TRAITS
from benchmarks.records import RECEIVED_AT, payloads
from benchmarks.table import Row, row
from tailorbird.consent.purpose import Policy
from tailorbird.events import Signal, encode_record
from tailorbird.know.language.schema import schema_of
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.native.native import Native, native_of
from tailorbird.shell.ports import Batch, Keys
from tailorbird.shell.run import BATCH_BYTES, Worker, tune_memory
from tailorbird.testing.memory_keys import MemoryKeys
from tailorbird.testing.memory_log import MemoryLog

BATCH = BATCH_BYTES // 770  # events of this traffic that the worker takes at once when it is behind
PEOPLE, COLD_PEOPLE = 5_000, 20_000
UNDECLARED = ("Product Clicked", "Coupon Redeemed", "Campaign Received")


def fifty() -> Signal:
    """The definitions of fifty segments and their traits, as they come into force before all traffic."""
    written = {"traits": TRAITS, "segments": SEGMENTS}
    body = {kind: {name: {"sql": sql} for name, sql in all.items()} for kind, all in written.items()}
    return Signal("definitions", RECEIVED_AT - 1_000, 1, {**body, "schema": schema_of(seen=UNDECLARED).plain()})


def rate(worker: Worker, records: Sequence[bytes]) -> float:
    """Events a second of one core through dedupe, identity, profile, segments, index and commit.

    By the process's CPU time: a commit waits for no disk, so on a quiet machine the wall says the same.
    """
    numbered = [(worker.offset + 1 + i, payload) for i, payload in enumerate(records)]
    slices = [numbered[i : i + BATCH] for i in range(0, len(numbered), BATCH)]
    batches = [Batch(some, some[-1][0]) for some in slices]
    started = time.process_time()
    for batch in batches:
        worker.take(batch)
    worker.finish()
    return len(records) / (time.process_time() - started)


def compile_now(worker: Worker, native: Native | None) -> None:
    """What is in force compiled and taken up, as a running site has it some seconds later."""
    live = worker.fold.force.live
    while native is not None and live is not None and not live.adopted:
        native.look(live)
        native.wait()


def refused(event: str, detail: str) -> None:
    """Stop where it could not be compiled: the figure would be another one's."""
    if event == "program_not_compiled":
        raise RuntimeError(detail)


def warm(folder: Path, keys: Keys, first: Sequence[bytes], native: Native | None = None) -> float:
    """With everybody at hand, and known by some twenty events: who is new enters segments with every step."""
    state = LmdbState(folder, writer=True)
    worker = Worker(MemoryLog(), state, keys, Policy())
    rate(worker, [*first, *payloads(keys, 100_000, PEOPLE, seed=1)])
    compile_now(worker, native)
    figure = rate(worker, list(payloads(keys, 4 * BATCH, PEOPLE, seed=2, since=100_000)))
    assert not worker.fold.force.refused
    state.close()
    return figure


def cold(folder: Path, keys: Keys, first: Sequence[bytes], native: Native | None = None) -> float:
    """With nobody at hand, and nobody coming twice."""
    state = LmdbState(folder, writer=True)
    worker = Worker(MemoryLog(), state, keys, Policy())
    people = COLD_PEOPLE
    rate(worker, [*first, *payloads(keys, people * 2, people, seed=3, each_once=True)])
    records = list(payloads(keys, people, people, seed=4, each_once=True, since=people * 2))
    worker.fold.forget()
    worker.take(Batch([], worker.offset))  # what is in force is read back, and nobody
    compile_now(worker, native)
    figure = rate(worker, records)
    state.close()
    return figure


def run() -> list[Row]:
    keys, segments = MemoryKeys(), [encode_record(fifty())]
    tune_memory()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        native = native_of(True, folder / "native", refused)
        bare, bare_cold = warm(folder / "warm", keys, []), cold(folder / "cold", keys, [])
        python, python_cold = (kind(folder / f"{kind.__name__}50", keys, segments) for kind in (warm, cold))
        full, full_cold = python, python_cold
        if native is not None:
            full, full_cold = (kind(folder / f"{kind.__name__}C", keys, segments, native) for kind in (warm, cold))
            native.close()
    how = "compiled" if native is not None else "as Python (no extra native, or no C compiler)"
    fifty_segments = f"fold with identity and 50 segments {how}"
    return [
        row(f"{fifty_segments}, warm, one core", full, "events/s", ">= 60,000", full >= 60_000, bare),
        row(f"{fifty_segments}, cold", full_cold, "events/s", ">= 20,000", full_cold >= 20_000, bare_cold),
        row("  50 segments as Python, warm (to know)", python, "events/s", "", True, bare),
        row("  50 segments as Python, cold (to know)", python_cold, "events/s", "", True, bare_cold),
        row("  fold with identity, no segments, warm (to know)", bare, "events/s", "", True),
        row("  fold with identity, no segments, cold (to know)", bare_cold, "events/s", "", True),
    ]
