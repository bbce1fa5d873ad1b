"""Time alone: a million people due at once, and a new segment over a year of 2,500 households."""

import random
import tempfile
import time
from pathlib import Path

from benchmarks.table import Row, row
from tailorbird.collect.draft import Draft
from tailorbird.collect.identifiers import known
from tailorbird.collect.seal import seal
from tailorbird.consent.purpose import Policy
from tailorbird.events import DAY_MS, HOUR_MS, Secret, Signal, encode_record
from tailorbird.know.language.schema import schema_of
from tailorbird.know.segment.standing import Standing, encode_standing
from tailorbird.know.tables import DUE, STANDING, time_key
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.ports import Batch
from tailorbird.shell.run import Worker, tune_memory
from tailorbird.testing.memory_keys import MemoryKeys
from tailorbird.testing.memory_log import MemoryLog

START = 1_795_000_000_000
PEOPLE = 1_000_000
HOUSEHOLDS, EVENTS = 2_500, 165_000
SITE_KEY = b"timers" * 4
# Some are moved by the tick (their hour is over), some are only looked at (their day is not).
SEGMENTS = {
    "here_now": "count('Product Viewed', '1 hour', granularity => '1 minute') >= 2",
    "here_today": "count('Product Viewed', '1 day') >= 1",
    "regular": "orders('90 days') >= 3",
}
NEW = "sum('Order Completed', 'revenue', '90 days') > 100 and days_since('Order Completed') < 30"


def defined(segments: dict[str, str], at: int) -> Signal:
    body = {"segments": {name: {"sql": sql} for name, sql in segments.items()}, "schema": schema_of().plain()}
    return Signal("definitions", at, 1, body)


def event(number: int, person: int, name: str, at: int, **properties: object) -> bytes:
    """One sealed event of a person."""
    who = known(SITE_KEY, "userId", f"u{person}")
    assert who is not None
    hashed, readable = who.hashed, Secret([who.readable])
    draft = Draft("web", f"m{number}", "track", name, hashed.hash, [hashed], at, at, properties, {}, {}, {}, readable)
    return encode_record(seal(draft, b"k" * 16))


def tell(worker: Worker, *payloads: bytes) -> None:
    """Fold these records, and all that they set going."""
    records = [(worker.offset + 1 + i, payload) for i, payload in enumerate(payloads)]
    for start in range(0, len(records), 10_000):
        part = records[start : start + 10_000]
        worker.take(Batch(part, part[-1][0]))
    worker.finish()


def crowd(worker: Worker) -> None:
    """A million people who did what one did; each is due an hour after it."""
    tell(worker, encode_record(defined(SEGMENTS, START)))
    tell(worker, *(event(n, 0, "Product Viewed", START + n) for n in range(2 + 1)))
    with worker.state.snapshot() as snapshot:
        [(_, value)] = snapshot.scan(STANDING)
    live = worker.fold.force.live
    assert live is not None
    standing: Standing | None = live.decode(value)
    assert standing is not None
    chance = random.Random(1)
    for _ in range(0, PEOPLE, 100_000):
        people = sorted(chance.randbytes(16) for _ in range(100_000))
        rows = dict.fromkeys(people, encode_standing(standing))
        due = {time_key(standing.due) + person: b"" for person in people}
        worker.state.commit({STANDING: rows, DUE: due}, worker.offset)


def drained(folder: Path) -> float:
    """Due timers a second."""
    state = LmdbState(folder / "due", writer=True)
    worker = Worker(MemoryLog(), state, MemoryKeys(), Policy())
    crowd(worker)
    tick = encode_record(Signal("tick", START + 2 * HOUR_MS, 0))
    started = time.perf_counter()
    tell(worker, tick)
    took_s = time.perf_counter() - started
    with state.snapshot() as snapshot:
        assert snapshot.count("moves") >= PEOPLE
    state.close()
    return PEOPLE / took_s


def new_segment(folder: Path) -> float:
    """Seconds from a changed definition until everyone has met it."""
    state = LmdbState(folder / "year", writer=True)
    worker = Worker(MemoryLog(), state, MemoryKeys(), Policy())
    chance = random.Random(2)
    tell(worker, encode_record(defined(SEGMENTS, START)))
    times = sorted(START + chance.randrange(365 * DAY_MS) for _ in range(EVENTS))
    bought = {
        "revenue": 21.5,
        "products": [{"product_id": f"p{i}", "category": "food", "price": 2.15} for i in range(9)],
    }
    tell(
        worker, *(event(n, chance.randrange(HOUSEHOLDS), "Order Completed", at, **bought) for n, at in enumerate(times))
    )
    signal = encode_record(defined({**SEGMENTS, "worth_a_call": NEW}, times[-1]))
    started = time.perf_counter()
    tell(worker, signal)
    took_s = time.perf_counter() - started
    state.close()
    return took_s


def run() -> list[Row]:
    tune_memory()
    with tempfile.TemporaryDirectory() as folder:
        rate = drained(Path(folder))
        took_s = new_segment(Path(folder))
    return [
        row("a million timers due at once, drained", rate, "people/s", ">= 50,000", rate >= 50_000),
        row("a new segment live, over a year of 165,000 events", took_s, "s", "<= 2", took_s <= 2),
    ]
