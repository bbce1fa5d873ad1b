"""On a full or read-only disk nothing is acknowledged that is not stored, and it heals by itself."""

import os

import msgspec
import pytest

from tailorbird.errors import LogUnavailable, StateUnavailable
from tailorbird.events import Item
from tailorbird.shell.embedded.lmdb_keys import LmdbKeys
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.embedded.segment_log import SegmentLog
from tailorbird.shell.embedded.sqlite_catalogue import SqliteCatalogue
from tailorbird.testing import shop
from tailorbird.testing.lake_contract import everything
from tailorbird.testing.log_contract import read_all

BIG = os.urandom(100_000)


def test_log_refuses_on_a_full_disk_and_recovers(small_disk):
    log = SegmentLog(small_disk.path / "log")
    end = log.append([b"before"])
    small_disk.fill()
    for _ in range(3):
        with pytest.raises(LogUnavailable, match="No space left"):
            log.append([BIG, b"more"])
        assert (log.end(), read_all(log)) == (end, [b"before"])
    small_disk.free()
    log.append([b"after"])
    assert read_all(log) == read_all(SegmentLog(small_disk.path / "log")) == [b"before", b"after"]


def test_log_fills_the_disk_and_keeps_what_it_acknowledged(small_disk):
    log, stored = SegmentLog(small_disk.path / "log", segment_bytes=300_000), []
    with pytest.raises(LogUnavailable):
        while True:
            payload = os.urandom(30_000)
            log.append([payload])
            stored.append(payload)
    assert len(stored) > 30
    assert read_all(log) == stored
    log.drop_through(log.end())
    assert log.append([b"after"]) == log.end()


def test_new_log_on_a_full_disk_starts_when_there_is_space(small_disk):
    small_disk.fill()
    log = SegmentLog(small_disk.path / "log")
    for call in (lambda: log.append([b"a"]), lambda: log.read(0), log.end, lambda: log.wait(0, 0.01)):
        with pytest.raises(LogUnavailable):
            call()
    small_disk.free()
    assert log.append([b"a"]) == log.end() == 9


def test_log_refuses_on_a_read_only_disk_and_recovers(small_disk):
    log = SegmentLog(small_disk.path / "log")
    log.append([b"a"])
    log.close()
    small_disk.make_read_only()
    log = SegmentLog(small_disk.path / "log")
    with pytest.raises(LogUnavailable, match="Read-only"):
        log.append([b"b"])
    small_disk.make_read_only(False)
    log.append([b"c"])
    assert read_all(log) == [b"a", b"c"]


def test_state_refuses_on_a_full_disk_and_recovers(small_disk):
    state = LmdbState(small_disk.path / "state", writer=True)
    state.commit({"t": {b"k": b"v"}}, 1)
    small_disk.fill()
    for _ in range(3):
        with pytest.raises(StateUnavailable):
            state.commit({"t": {b"k": b"w", b"big": BIG}, "new": {b"k": BIG}}, 2)
        with state.snapshot() as snapshot:
            assert (snapshot.get("t", b"k"), snapshot.get("new", b"k"), snapshot.offset) == (b"v", None, 1)
    small_disk.free()
    state.commit({"t": {b"k": b"w"}, "new": {b"k": BIG}}, 2)
    with state.snapshot() as snapshot:
        assert (snapshot.get("t", b"k"), snapshot.get("new", b"k"), snapshot.offset) == (b"w", BIG, 2)
    state.close()


def test_state_waits_for_space_to_begin(small_disk):
    small_disk.fill()
    with pytest.raises(StateUnavailable):
        LmdbState(small_disk.path / "state", writer=True)
    small_disk.free()
    LmdbState(small_disk.path / "state", writer=True).close()


def test_keys_refuse_on_a_full_disk_and_recover(small_disk):
    keys = LmdbKeys(small_disk.path / "keys")
    old = keys.ensure([b"a" * 16])
    small_disk.fill()
    with pytest.raises(StateUnavailable):
        keys.ensure(n.to_bytes(16, "big") for n in range(5_000))
    assert keys.get(b"a" * 16) == old[b"a" * 16]
    small_disk.free()
    assert len(keys.ensure(n.to_bytes(16, "big") for n in range(5_000))) == 5_000
    keys.close()


def test_lake_refuses_on_a_full_disk_and_recovers(small_disk):
    lake = ParquetLake(small_disk.path / "lake")
    rows = list(enumerate(shop.events(), 1))
    lake.seal(rows, [], through=10)
    small_disk.fill()
    event = msgspec.structs.replace(shop.events()[0], sealed=BIG)
    for _ in range(3):
        with pytest.raises(StateUnavailable, match="No space left"):
            lake.seal([(11, event)], [], through=20)
        assert (lake.sealed(), everything(lake)) == (10, rows)
    small_disk.free()
    lake.seal([(11, event)], [], through=20)
    assert everything(lake) == [*rows, (11, event)]
    lake.close()


def test_lake_that_cannot_be_compacted_keeps_everything(small_disk):
    lake, event = ParquetLake(small_disk.path / "lake"), msgspec.structs.replace(shop.events()[0], sealed=BIG)
    rows = [(n, event) for n in (1, 2, 3)]
    for row in rows:
        lake.seal([row], [], through=row[0])
    small_disk.fill()
    with pytest.raises(StateUnavailable):
        lake.compact()
    assert everything(lake) == rows
    small_disk.free()
    assert lake.compact() == 3
    assert everything(lake) == rows
    lake.close()


def test_catalogue_refuses_on_a_full_disk_and_recovers(small_disk):
    catalogue = SqliteCatalogue(small_disk.path / "catalogue.sqlite")
    catalogue.upsert(shop.items())
    small_disk.fill()
    with pytest.raises(StateUnavailable):
        catalogue.upsert([Item("big", text="word " * 100_000)])
    assert catalogue.count() == 4
    small_disk.free()
    catalogue.upsert([Item("small", "Small")])
    assert catalogue.search("small")[1] == 1
    catalogue.close()
