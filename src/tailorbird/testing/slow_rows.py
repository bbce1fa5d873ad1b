"""Which events a definition sees, slowly and obviously: for the oracle in `slow_segments.py`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tailorbird.events import Event
from tailorbird.know.fold import PASSIVE, SAID, VISITS
from tailorbird.know.language.tree import Events, Kind, Property, Value
from tailorbird.know.sessions import GAP_MS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FORMS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")
# `strptime` takes one digit, too.
SHAPE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z?)?", re.ASCII)


class Row(NamedTuple):
    """One event, or one element of an array in it, as filters and values look at it."""

    at: int
    name: str
    groups: Mapping[str, Mapping[str, Any]]  # "properties", "context", "event"


def at_of(event: Event) -> int:
    """From when on the event counts: nothing happened after it was heard of."""
    return min(event.timestamp, event.received_at)


def name_of(event: Event) -> str:
    return event.event if event.type == "track" else event.type


def rows_of(events: Sequence[Event], wanted: Events) -> Iterator[Row]:
    """The rows that `wanted` names, by time; its filter is not asked yet."""
    found = sessions(events) if wanted.name == "session" else named(events, wanted.name)
    yield from (element for row in found for element in (elements(row, wanted.each) if wanted.each else [row]))


def named(events: Sequence[Event], name: str) -> Iterator[Row]:
    for event in sorted(events, key=at_of):
        if name == name_of(event) or (name == "*" and name_of(event) not in SAID):
            own = {"name": event.event, "source": event.source}
            groups = {"properties": event.plain_properties, "context": event.plain_context, "event": own}
            yield Row(at_of(event), name_of(event), groups)


def sessions(events: Sequence[Event]) -> Iterator[Row]:
    """A start per session: a contact more than the gap behind the contact before it, or the first of all."""
    before = None
    for at in sorted(at_of(event) for event in events if is_contact(event)):
        # More than the gap: a contact exactly half an hour later belongs to the same session.
        if before is None or at - before > GAP_MS:
            yield Row(at, "session", {"properties": {}, "context": {}, "event": {}})
        before = at


def is_contact(event: Event) -> bool:
    return event.type in VISITS and name_of(event) not in PASSIVE


def elements(row: Row, each: str) -> Iterator[Row]:
    """The objects of an array property, each as a row with properties of its own."""
    found = row.groups["properties"].get(each)
    for element in found if isinstance(found, list) else ():
        if isinstance(element, dict):
            yield row._replace(groups={**row.groups, "properties": element})


def read(row: Row, wanted: Property) -> Value:
    """What the row says under a path; None where it says nothing of that kind."""
    found: Any = row.groups[wanted.group]
    for part in wanted.path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return of_kind(found, wanted.kind)


def of_kind(value: Any, kind: Kind) -> Value:
    """The value if it is of this kind, as the language counts with it; nothing is bent to fit.

    >>> of_kind(3, "number"), of_kind("3", "number"), of_kind(True, "number"), of_kind("1970-01-01T00:00:01Z", "time")
    (3.0, None, None, 1000)
    """
    return KINDS[kind](value)


def _number(value: Any) -> Value:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e100
    return float(value) if fits else None


def _time(value: Any) -> Value:
    for form in FORMS if isinstance(value, str) and value[:4] >= "1970" and SHAPE.fullmatch(value) else ():
        try:
            moment = datetime.strptime(value.replace("T", " ").rstrip("Z"), form)
        except ValueError:
            continue
        return round((moment.replace(tzinfo=UTC) - EPOCH).total_seconds() * 1000)
    return None


KINDS: dict[Kind, Callable[[Any], Value]] = {
    "number": _number,
    "text": lambda value: value if isinstance(value, str) else None,
    "boolean": lambda value: value if isinstance(value, bool) else None,
    "time": _time,
}


def smallest(values: Iterable[Any]) -> Any:
    """The smallest, None for none: Python compares text by code point and False below True, as the language does."""
    return min(values, default=None)


def largest(values: Iterable[Any]) -> Any:
    return max(values, default=None)
