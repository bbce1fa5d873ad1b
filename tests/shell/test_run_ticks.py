"""The worker tells the log the time: when somebody is due, and never else."""

from tailorbird.consent.purpose import Policy
from tailorbird.events import HOUR_MS, Signal, decode_record, encode_record
from tailorbird.know.language.schema import schema_of
from tailorbird.shell.run import Worker
from tailorbird.testing.clock import FixedClock
from tailorbird.testing.histories import START, OneKey, event
from tailorbird.testing.memory_log import MemoryLog
from tailorbird.testing.memory_state import MemoryState

BUSY = "count('Product Viewed', '1 hour', granularity => '1 minute') >= 1"
DEFINED = Signal("definitions", START, 1, {"segments": {"busy": {"sql": BUSY}}, "schema": schema_of().plain()})
ANNA = event(1, [("userId", "anna")])


def worker_at(now, *records):
    worker = Worker(MemoryLog(), MemoryState(), OneKey(), Policy(), now=FixedClock(now))
    worker.log.append([encode_record(one) for one in records])
    worker.turn(timeout_s=0)
    return worker


def ticks(worker):
    for _ in range(4):
        worker.turn(timeout_s=0)
    records = (decode_record(payload) for _, payload in worker.log.read(0).records)
    return [record.at for record in records if isinstance(record, Signal) and record.kind == "tick"]


def test_somebody_who_is_due_makes_the_log_tick_once():
    assert ticks(worker_at(START + 2 * HOUR_MS, DEFINED, ANNA)) == [START + 2 * HOUR_MS]


def test_nobody_due_is_nothing_appended():
    assert ticks(worker_at(START + HOUR_MS - 1, DEFINED, ANNA)) == []


def test_site_without_definitions_never_ticks():
    assert ticks(worker_at(START + 2 * HOUR_MS, ANNA)) == []


def test_worker_waits_no_longer_than_until_the_next_is_due():
    worker = worker_at(START + HOUR_MS - 100, DEFINED, ANNA)
    assert worker.tick(timeout_s=0.5) == 0.1


def test_replay_tells_no_time():
    live = worker_at(START + 2 * HOUR_MS, DEFINED, ANNA)
    replay = Worker(live.log, MemoryState(), OneKey(), Policy())
    assert ticks(replay) == []


def test_worker_with_a_long_way_to_the_end_has_not_caught_up(monkeypatch):
    worker = Worker(MemoryLog(), MemoryState(), OneKey(), Policy())
    worker.log.append([encode_record(event(n, [("userId", "anna")])) for n in range(20)])
    monkeypatch.setattr("tailorbird.shell.run.BATCH_BYTES", 1_000)
    worker.turn(timeout_s=0)
    assert (worker.offset < worker.log.end() - 1_000, worker.caught_up) == (True, False)
    while worker.offset < worker.log.end():
        worker.turn(timeout_s=0)
    assert worker.caught_up
