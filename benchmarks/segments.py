"""Fifty realistic segments on one core: an event, a standing's way to bytes and back, a refold, an edge that fell due.

Each figure is the least processor time of several runs: other work on the machine makes it wait, not work more.
"""

import time
from collections import defaultdict
from collections.abc import Callable

import msgspec

from benchmarks.fifty import SEGMENTS, TRAITS
from benchmarks.records import payloads
from benchmarks.table import Row, row
from tailorbird.collect.plan import BUILT_IN_PLAN
from tailorbird.consent.purpose import Policy
from tailorbird.events import DAY_MS, Event, decode_record, encode_record
from tailorbird.know.language.program import check
from tailorbird.know.language.schema import schema_of
from tailorbird.know.segment.live import Act, Live, compile_live
from tailorbird.know.segment.move import Cause, Move
from tailorbird.know.segment.standing import Standing, encode_standing
from tailorbird.testing.memory_keys import MemoryKeys

EVENTS, PEOPLE, RUNS = 10_000, 100, 7
VISIT, STEP_MS, BETWEEN_MS = 10, 20_000, 3 * DAY_MS  # contacts a visit, from one to the next, from visit to visit
START = 1_780_000_000_000
BUDGETS = {"event": "<= 4", "standing": "<= 10", "refold": ">= 200k", "edge": "<= 4"}
Histories = dict[bytes, list[bytes]]


def run() -> list[Row]:
    live = compile_live(check(TRAITS, SEGMENTS, schema_of(BUILT_IN_PLAN, Policy())), version=1)
    histories = by_person()
    acts = {person: [live.read(payload) for payload in history] for person, history in histories.items()}
    event_us = least(lambda: visits(live, acts)) * 1e6
    stored = {person: encode_standing(refolded(live, person, history)) for person, history in histories.items()}
    standing_us = least(lambda: there_and_back(live, stored)) * 1e6
    refolds = 1 / least(lambda: timed(EVENTS, lambda: [refolded(live, *one) for one in histories.items()]))
    edge_us = least(lambda: edges(live, stored)) * 1e6
    return [
        row("50 segments: an event of a visit", event_us, "us", BUDGETS["event"], event_us <= 4),
        row("50 segments: a standing decoded and encoded", standing_us, "us", BUDGETS["standing"], standing_us <= 10),
        row("50 segments: refold, events decoded", refolds, "events/s", BUDGETS["refold"], refolds >= 200_000),
        row("50 segments: an edge that fell due", edge_us, "us", BUDGETS["edge"], edge_us <= 4),
    ]


def by_person() -> Histories:
    """The benchmarks' traffic as visits: what a person does stands close together, then there is nothing for days."""
    histories: Histories = defaultdict(list)
    for payload in payloads(MemoryKeys(), EVENTS, PEOPLE):
        event = decode_record(payload)
        assert isinstance(event, Event)
        visit, contact = divmod(len(histories[event.leaf]), VISIT)
        at = START + visit * BETWEEN_MS + contact * STEP_MS
        histories[event.leaf].append(encode_record(msgspec.structs.replace(event, timestamp=at, received_at=at)))
    return histories


def least(measure: Callable[[], float]) -> float:
    return min(measure() for _ in range(RUNS))


def timed(count: int, work: Callable[[], object]) -> float:
    """Seconds of processor time for one of `count`."""
    started = time.thread_time()
    work()
    return (time.thread_time() - started) / count


def visits(live: Live, acts: dict[bytes, list[Act]]) -> float:
    """An event behind the first of its visit: days that passed before it have a figure of their own."""
    took = count = 0.0
    for person, history in acts.items():
        standing, moves = live.new(), list[Move]()
        for start in range(0, len(history), VISIT):
            live.apply(standing, person, history[start], start, moves)
            rest = history[start + 1 : start + VISIT]
            took += timed(1, lambda: [live.apply(standing, person, act, 1, moves) for act in rest])  # noqa: B023
            count += len(rest)
    return took / count


def refolded(live: Live, person: bytes, history: list[bytes]) -> Standing:
    return live.refold(live.new(), person, map(live.read, history), 0, Cause(), [])


def there_and_back(live: Live, stored: dict[bytes, bytes]) -> float:
    return timed(len(stored), lambda: [encode_standing(live.decode(one) or live.new()) for one in stored.values()])


def edges(live: Live, stored: dict[bytes, bytes]) -> float:
    """From each person's last event on, fifty edges."""
    took = count = 0.0
    for person, value in stored.items():
        standing, moves = live.decode(value) or live.new(), list[Move]()
        for _ in range(50):
            if due := standing.due:
                took += timed(1, lambda: live.advance(standing, person, due, moves))  # noqa: B023
                count += 1
    return took / count
