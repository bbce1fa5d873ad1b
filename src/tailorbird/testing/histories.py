"""Make-believe histories: events as `collect` makes them, and a worker in memory that has folded them."""

from collections.abc import Sequence
from typing import Any

from tailorbird.collect.draft import Draft
from tailorbird.collect.identifiers import known
from tailorbird.collect.seal import seal
from tailorbird.consent.purpose import Policy
from tailorbird.events import DAY_MS, Event, Secret, encode_record
from tailorbird.know.tables import (
    DROPPED,
    DUE,
    EDGE,
    EVENT,
    LEAF,
    LINKS,
    META,
    MOVES,
    NODE,
    PERSON,
    PROFILE,
    REJECTED,
    STANDING,
    STATS,
    seen_table,
)
from tailorbird.shell.ports import State
from tailorbird.shell.run import Worker
from tailorbird.testing.memory_keys import MemoryKeys
from tailorbird.testing.memory_log import MemoryLog
from tailorbird.testing.memory_state import MemoryState

SITE_KEY = b"s" * 32
START = 20_000 * DAY_MS
KEY = b"k" * 16
# The days around the histories: tables of repeats are named by day, and a comparison must find all of them.
DAYS = range(START // DAY_MS - 3, START // DAY_MS + 40)
FIXED = (NODE, PERSON, EDGE, LINKS, PROFILE, EVENT, LEAF, DROPPED, REJECTED, STATS, STANDING, DUE, MOVES, META)
TABLES = (*FIXED, *(seen_table(day) for day in DAYS))


class OneKey(MemoryKeys):
    """Every leaf has the same key, so that equal histories give equal bytes."""

    def get(self, leaf: bytes) -> bytes:
        return KEY


def event(
    number: int, who: list[tuple[str, str]], name: str = "Product Viewed", *, at: int = START, **more: Any
) -> Event:
    """One sealed event of `who`; `more` may give type, properties, traits, consent, received_at, source, message_id.

    >>> event(1, [("userId", "anna")], "Product Viewed", properties={"product_id": "tea"}).plain_properties
    {'product_id': 'tea'}
    """
    found = [one for kind, value in who if (one := known(SITE_KEY, kind, value))]
    return seal(
        Draft(
            more.get("source", "web"),
            more.get("message_id", f"m{number}"),
            more.get("type", "track"),
            name,
            found[0].hashed.hash,
            [one.hashed for one in found],
            at,
            more.get("received_at", at),
            more.get("properties", {}),
            {},
            more.get("plain_traits", {}),
            more.get("consent", {}),
            Secret([one.readable for one in found], {}, {}, more.get("traits", {}), more.get("envelope", {})),
        ),
        KEY,
        nonce=number.to_bytes(12, "big"),
    )


def grown(events: Sequence[Event], policy: Policy | None = None, batch_bytes: int = 4_000_000) -> Worker:
    """A worker that has folded these events, with its log and state in memory."""
    worker = Worker(MemoryLog(), MemoryState(), OneKey(), policy or Policy())
    if events:
        worker.log.append([encode_record(one) for one in events])
    while worker.offset < worker.log.end():
        worker.take(worker.log.read(worker.offset, batch_bytes))
    return worker


def tables(state: State) -> dict[str, dict[bytes, bytes]]:
    """All that stands in a state, table by table; empty tables left out."""
    with state.snapshot() as snapshot:
        found = {name: dict(snapshot.scan(name)) for name in TABLES}
    return {name: rows for name, rows in found.items() if rows}
