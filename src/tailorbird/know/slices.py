"""What moves everyone, a slice at a time, so that events never wait long for it.

    drain    whom the clock has reached, the earliest first
    sweep    whom the latest definitions, or the latest baseline, have not reached, in the order of their ids

How far a sweep has come stands in the state beside what it did, so that a crash repeats nothing.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from tailorbird.know.component import decode_component
from tailorbird.know.force import Force
from tailorbird.know.index import Index
from tailorbird.know.past import Found, find
from tailorbird.know.standings import Standings
from tailorbird.know.tables import PERSON, Reader
from tailorbird.know.timers import fallen_due

NOTHING = Found([], [])  # of whom no event has to be read


class Slice(NamedTuple):
    """How much of it is done between two batches: some hundred ms at most."""

    people: int = 5_000
    events: int = 20_000  # read back, but for the last person's


def drain(reader: Reader, force: Force, standings: Standings, size: Slice) -> bool:
    """Let time pass for some of those whom it has reached; whether there may be more."""
    reached = fallen_due(reader, force.clock, size.people)
    # In the order of the tables: neighbours share a page.
    waiting = sorted(person for person in reached if not standings.seen(person))
    standings.look_up(waiting)
    for person in waiting:
        standings.let_pass(person)
    return len(reached) == size.people


def sweep(reader: Reader, index: Index, force: Force, standings: Standings, size: Slice) -> bool:
    """Let some meet the latest signal; whether there are more."""
    if force.cursor is None:
        return False
    rows = list(islice(reader.scan(PERSON, force.cursor + b"\0" if force.cursor else b""), size.people))
    reached = dict(_reached(reader, index, force, standings, rows, size.events))
    standings.catch_up({person: found for person, found in reached.items() if found is not None})
    # Through only where nobody was left over and fewer were there than asked for; else it goes on behind the last one.
    last = next(reversed(reached), b"")
    force.reach(last if last != (rows[-1][0] if rows else b"") or len(rows) == size.people else None)
    return force.cursor is not None


def _reached(
    reader: Reader, index: Index, force: Force, standings: Standings, rows: list[tuple[bytes, bytes]], most: int
) -> Iterator[tuple[bytes, Found | None]]:
    """Everybody of the slice, with their events where those must be read back."""
    standings.look_up([person for person, _ in rows])
    events = 0
    for person, value in rows:
        found = None
        if not standings.seen(person):
            if standings.unread(person):
                found = find(reader, index, decode_component(value).nodes, force.latest.offset)
                events += len(found.stored)
            elif standings.foreign(person):
                found = NOTHING
            else:
                standings.let_pass(person)
        yield person, found
        if events >= most:
            return
