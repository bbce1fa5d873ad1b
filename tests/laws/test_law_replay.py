"""Law 3: replay is live. Whatever the batches, restarts and engines, the same log gives the same state."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_histories import ANYTHING, LAW, made

from tailorbird.consent.purpose import Policy
from tailorbird.events import decode_record, encode_record
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.ports import Batch
from tailorbird.shell.rebuild import rebuild
from tailorbird.shell.run import Worker
from tailorbird.shell.sealing import seal_once
from tailorbird.testing.histories import OneKey, grown, tables
from tailorbird.testing.memory_lake import MemoryLake
from tailorbird.testing.memory_state import MemoryState


@LAW
@given(ANYTHING, st.lists(st.integers(1, 5), min_size=25, max_size=25))
def test_batch_boundaries_do_not_show(history, sizes):
    live = grown(made(history))
    cut = Worker(live.log, MemoryState(), OneKey(), Policy())
    for batch in cuts(live.log.read(0).records, sizes):
        cut.take(batch)
    assert tables(cut.state) == tables(live.state)


@LAW
@given(ANYTHING, st.lists(st.integers(1, 5), min_size=25, max_size=25))
def test_worker_killed_between_batches_does_not_show(history, sizes):
    live = grown(made(history))
    state = MemoryState()
    for batch in cuts(live.log.read(0).records, sizes):
        Worker(live.log, state, OneKey(), Policy()).take(batch)
    assert tables(state) == tables(live.state)


def cuts(records, sizes):
    for size in sizes:
        if records:
            yield Batch(records[:size], records[:size][-1][0])
        records = records[size:]


@LAW
@given(ANYTHING, st.integers(1, 2_000))
def test_state_from_the_lake_alone_equals_live_state(history, seal_bytes):
    live, lake = grown(made(history)), MemoryLake()
    seal_all(live, lake, seal_bytes)
    assert rebuilt(live, lake, MemoryState()) == comparable(live.state)


@LAW
@given(ANYTHING, st.integers(0, 25))
def test_state_from_lake_and_log_equals_live_state(history, in_lake):
    events = made(history)
    live, lake = grown(events[:in_lake]), MemoryLake()
    seal_all(live, lake)
    if events[in_lake:]:
        live.log.append([encode_record(one) for one in events[in_lake:]])
        live.turn()
    again = Worker(live.log, MemoryState(), OneKey(), Policy(), lake.sealed)
    rebuild(again, lake)
    again.prune(now=1e9)
    assert comparable(again.state) == comparable(live.state)


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(ANYTHING)
def test_state_from_the_parquet_lake_equals_live_state_in_lmdb(tmp_path_factory, history):
    folder = tmp_path_factory.mktemp("replay")
    live, lake = grown(made(history)), ParquetLake(folder / "lake")
    seal_all(live, lake, seal_bytes=1_500)
    state = LmdbState(folder / "state", writer=True)
    assert rebuilt(live, lake, state) == comparable(live.state)
    state.close()
    lake.close()


def seal_all(worker, lake, seal_bytes=1_000_000):
    while lake.sealed() < worker.offset:
        seal_once(worker.log, worker.state, lake, seal_bytes)
    worker.sealed = lake.sealed
    worker.prune(now=1e9)


def rebuilt(live, lake, state):
    again = Worker(live.log, state, OneKey(), Policy(), lake.sealed)
    rebuild(again, lake)
    again.prune(now=1e9)
    return comparable(state)


def comparable(state):
    """All tables; records by value, because the lake does not keep the order of an event's properties."""
    found = tables(state)
    return {**found, "event": {key: decode_record(value) for key, value in found.get("event", {}).items()}}
