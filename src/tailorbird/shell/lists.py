"""Static lists: who is on one is said by 'List Joined' and 'List Left' events (docs/why/101).

So a list survives merging, replay and rebuild, lies in the lake, and any segment may ask for it: in_list('spring').
A snapshot is the list NAME@DATE of the members that a segment had on that day.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from tailorbird.errors import BadRequest
from tailorbird.events import IDENTIFIER_TYPES
from tailorbird.shell.on_behalf import track
from tailorbird.shell.ports import Lake

JOINED, LEFT = "List Joined", "List Left"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}(@\d{4}-\d\d-\d\d)?")

_COLUMN = "properties_list"  # of the lake; it is there once a list event is
_HAS_COLUMN = "SELECT 1 FROM information_schema.columns WHERE table_name = 'people_events' AND column_name = ?"
# Who is on a list is what was said last: by when it happened, and of two at one instant by the log.
_ON_LISTS = f"""
SELECT list, count(*) FILTER (joined) AS people, epoch_ms(max(said_at)) AS changed_at FROM (
    SELECT {_COLUMN} AS list, max(timestamp) AS said_at,
        arg_max(event = '{JOINED}', (least(timestamp, received_at), log_offset)) AS joined
    FROM people_events WHERE event IN ('{JOINED}', '{LEFT}') AND {_COLUMN} IS NOT NULL GROUP BY {_COLUMN}, person
) GROUP BY list ORDER BY list
"""  # noqa: S608  constants of our own


class Snapshot(NamedTuple):
    """A segment as it was: who goes onto which list."""

    list: str
    segment: str
    version: int  # of the segment's definition


def checked_name(name: str) -> str:
    """The name of a list; raises BadRequest for what is none.

    >>> checked_name("spring_letter"), checked_name("lapsed@2026-11-22")
    ('spring_letter', 'lapsed@2026-11-22')
    """
    if _NAME.fullmatch(name):
        return name
    raise BadRequest(f"A list cannot be named '{name[:80]}': use a-z, 0-9 and _, a letter first, at most 64.")


def snapshot_of(segment: str, version: int, now: int) -> Snapshot:
    """The list of a segment's members on the day of `now` (ms, UTC).

    >>> snapshot_of("lapsed", 3, 0)
    Snapshot(list='lapsed@1970-01-01', segment='lapsed', version=3)
    """
    day = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%d")
    return Snapshot(checked_name(f"{segment}@{day}"), segment, version)


def joined(list: str, people: Iterable[str]) -> Iterator[bytes]:
    """The calls that put people, each TYPE:VALUE, on a list."""
    return (_said(JOINED, named, {"list": list}) for named in people)


def left(list: str, people: Iterable[str]) -> Iterator[bytes]:
    """The calls that take people off a list."""
    return (_said(LEFT, named, {"list": list}) for named in people)


def snapped(snapshot: Snapshot, members: Mapping[bytes, str]) -> Iterator[bytes]:
    """The calls that put members (person -> TYPE:VALUE) on the snapshot's list."""
    properties = snapshot._asdict()
    for person, named in members.items():
        # The same snapshot, taken twice or gone on with after a crash, says the same message: it counts once.
        message_id = f"list-{snapshot.list}-{snapshot.version}-{person.hex()}"
        yield _said(JOINED, named, properties, message_id)


def names_of(lines: Iterable[str], type: str = "userId") -> Iterator[str]:
    """Who stands in a file: one a line, as TYPE:VALUE, or as a bare value of the given type. Empty lines and # are not.

    >>> list(names_of(["42", "email:ann@example.com", "", "# a note"]))
    ['userId:42', 'email:ann@example.com']
    """
    for line in lines:
        text = line.strip().strip('"')
        if text and not text.startswith("#"):
            yield text if text.partition(":")[0] in IDENTIFIER_TYPES and ":" in text else f"{type}:{text}"


def on_lists(lake: Lake) -> list[dict[str, Any]]:
    """Each list with how many people are on it now, and when that changed last, as far as the lake goes."""
    known = lake.query(_HAS_COLUMN, [_COLUMN])
    return [dict(row) for row in lake.query(_ON_LISTS)] if known else []


def _said(event: str, named: str, properties: dict[str, Any], message_id: str = "") -> bytes:
    return track(named, event, properties, type="track", messageId=message_id or uuid4().hex)
