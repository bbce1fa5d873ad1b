"""Random histories: the engine on disk and its twin in memory cannot be told apart."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.events import encode_record
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.embedded.segment_log import SegmentLog
from tailorbird.testing import MemoryLog, MemoryState, shop
from tailorbird.testing.lake_contract import everything

pytestmark = pytest.mark.slow

TABLES = st.sampled_from(["a", "b", "c"])
KEYS = st.binary(min_size=1, max_size=3)
ROWS = st.dictionaries(KEYS, st.none() | st.binary(max_size=5), max_size=6)
COMMIT = st.dictionaries(TABLES, ROWS, max_size=3)
CLEAR = st.none() | st.lists(TABLES, max_size=2)
SCAN = st.tuples(TABLES, st.binary(max_size=2), st.none() | st.binary(max_size=2))


@settings(max_examples=30, deadline=None)
@given(st.lists(COMMIT | CLEAR.map(lambda tables: ("clear", tables)), max_size=12), SCAN)
def test_state_answers_as_its_twin(tmp_path_factory, steps, scan):
    engine = LmdbState(tmp_path_factory.mktemp("state"), writer=True, map_bytes=1 << 28)
    twin = MemoryState()
    for offset, step in enumerate(steps, 1):
        for state in (engine, twin):
            if isinstance(step, tuple):
                state.clear(step[1])
            else:
                state.commit(step, offset)
        with engine.snapshot() as real, twin.snapshot() as model:
            assert real.offset == model.offset == engine.offset()
            assert list(real.scan(*scan)) == list(model.scan(*scan))
            assert [list(real.scan(table)) for table in "abc"] == [list(model.scan(table)) for table in "abc"]
            assert [real.count(table) for table in "abc"] == [model.count(table) for table in "abc"]
    engine.close()


PAYLOADS = st.lists(st.binary(min_size=1, max_size=40), max_size=5)


@settings(max_examples=20, deadline=None)
@given(st.lists(PAYLOADS, max_size=12), st.integers(1, 200), st.integers(1, 100))
def test_log_answers_as_its_twin(tmp_path_factory, appends, segment_bytes, max_bytes):
    engine = SegmentLog(tmp_path_factory.mktemp("log"), segment_bytes=segment_bytes)
    twin = MemoryLog()
    assert [engine.append(payloads) for payloads in appends] == [twin.append(payloads) for payloads in appends]
    real, after = [], 0
    while (batch := engine.read(after, max_bytes)).records:
        real += batch.records
        after = batch.through
    assert real == twin.read(0).records
    engine.close()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(-1e308, 1e308) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
PART = st.dictionaries(st.text(max_size=8), JSON, max_size=5)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(PART, PART, st.integers(-(2**45), 2**45)), max_size=6))
def test_any_event_comes_back_from_the_lake_to_the_byte(tmp_path_factory, parts):
    lake = ParquetLake(tmp_path_factory.mktemp("lake"))
    plain = shop.events()[0]
    rows = [
        (n, msgspec.structs.replace(plain, plain_properties=one, plain_context=two, timestamp=at))
        for n, (one, two, at) in enumerate(parts, 1)
    ]
    for row in rows:
        lake.seal([row], [], through=row[0])
    for _ in range(2):
        assert [(n, encode_record(r)) for n, r in everything(lake)] == [(n, encode_record(r)) for n, r in rows]
        lake.compact()
    lake.query("SELECT * FROM people_events")
    lake.close()
