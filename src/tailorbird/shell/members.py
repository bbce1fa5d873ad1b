"""Who is in a segment: how many, page by page, and as the calls that make a snapshot of it."""

import time
from collections.abc import Iterator, Mapping
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple

from tailorbird.errors import BadRequest
from tailorbird.events import IDENTIFIER_TYPES
from tailorbird.know.profile import Profile, decode_profile
from tailorbird.know.tables import PROFILE
from tailorbird.shell.lists import snapped, snapshot_of
from tailorbird.shell.people import iso
from tailorbird.shell.ports import Snapshot, State
from tailorbird.shell.standing import counts, members, person_of

_FRESH_S = 2.0  # how old a count may be


class Sizes:
    """How many members each segment has. All standings are looked at at most every two seconds, and not while idle."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = Lock()
        self._counts: Mapping[str, int] = {}
        self._offset, self._look_at = -1, 0.0

    def now(self) -> Mapping[str, int]:
        """segment -> members."""
        with self._lock:
            offset = self._state.offset()
            if offset != self._offset and time.monotonic() >= self._look_at:
                with self._state.snapshot() as snapshot:
                    self._counts = counts(snapshot)
                self._offset, self._look_at = offset, time.monotonic() + _FRESH_S
            return self._counts


class Taken(NamedTuple):
    """A snapshot of a segment, ready to be sent."""

    list: str
    calls: Iterator[bytes]


def named_members(snapshot: Snapshot, segment: str, version: int, now: int) -> Taken:
    """The calls that put everybody who is in the segment on the list of this day."""
    named = {person: name for person, _ in members(snapshot, segment) if (name := name_of(snapshot, person))}
    taken = snapshot_of(segment, version, now)
    return Taken(taken.list, snapped(taken, named))


def page_of_members(snapshot: Snapshot, segment: str, limit: int, after: str = "") -> list[dict[str, Any]]:
    """Members by id behind `after`, each with an identifier and since when. Raises BadRequest for what is no id."""
    behind = person_of(after) if after else b""
    if behind is None:
        raise BadRequest("`after` is no person's id; take it from the page before.")
    return [
        {"person": person.hex(), "identifier": name_of(snapshot, person), "since": iso(since)}
        for person, since in islice(members(snapshot, segment, behind), limit)
    ]


def strongest(profile: Profile) -> str:
    """The identifier by which to speak of somebody: "userId:42"; "" where all of them are forgotten."""
    found = ((type, profile.identifiers.get(type)) for type in IDENTIFIER_TYPES)
    return next((f"{type}:{values[0]}" for type, values in found if values), "")


def name_of(snapshot: Snapshot, person: bytes) -> str:
    """The identifier by which to speak of a person; "" for who is none any more."""
    value = snapshot.get(PROFILE, person)
    return strongest(decode_profile(value)) if value is not None else ""
