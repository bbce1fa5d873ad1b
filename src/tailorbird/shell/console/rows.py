"""How records look as rows: the same pill for the same kind, the same colour for the same person, on every page."""

from collections.abc import Iterator
from typing import Any

import msgspec
from markupsafe import Markup

from tailorbird.events import Decided, Event, Rejected
from tailorbird.shell.console import numbers
from tailorbird.shell.console.feed import Entry, colour_of
from tailorbird.shell.console.markup import join, pill, span, tag

TONES = {
    "track": "info",
    "page": "quiet",
    "screen": "quiet",
    "identify": "good",
    "alias": "good",
    "group": "good",
    "decision": "accent",
    "rejected": "bad",
}


def kind_pill(kind: str) -> Markup:
    return pill(kind, TONES.get(kind, "quiet"))


def leaf_tag(leaf: bytes) -> Markup:
    """Whose it is, as a colour and the first digits of the leaf's hash: enough to follow, nothing to know."""
    if not leaf:
        return span("nobody", cls="tb-quiet")
    dot = tag("i", style=f"background:{colour_of(leaf)}")
    return span(dot, leaf.hex()[:8], cls="tb-person", title="leaf: the keyed hash of the strongest identifier")


def person_link(person: bytes, text: str, note: str = "") -> Markup:
    """The way to a person's page; the colour tells masked names apart."""
    dot = tag("i", style=f"background:{colour_of(person)}")
    name = tag("a", span(dot, text, cls="tb-person"), href=f"/people/{person.hex()}", cls="tb-link")
    return join([name, span(note, cls="tb-sub") if note else None])


def feed_row(entry: Entry) -> Markup:
    """The cells of one row of the live page."""
    return join(
        [
            span(numbers.clock(entry.at), cls="tb-mono tb-quiet", title=numbers.moment(entry.at)),
            span(kind_pill(entry.kind)),
            span(entry.name or numbers.DASH, title=entry.name),
            span(entry.summary, cls="tb-quiet", title=entry.summary),
            span(entry.source, cls="tb-quiet"),
            leaf_tag(entry.leaf),
        ]
    )


def plain_pairs(entry: Entry) -> Iterator[tuple[str, str | Markup]]:
    """Everything about a record that may be shown without opening it."""
    record = entry.record
    yield "time", numbers.moment(entry.at)
    yield "offset", f"{entry.offset:,}"
    if isinstance(record, Event):
        yield "message id", span(record.message_id, cls="tb-mono")
        yield "received", numbers.moment(record.received_at)
        # Their types alone: the values are what is sealed.
        yield "identifiers", ", ".join(identifier.type for identifier in record.identifiers)
        for values in (record.plain_properties, record.plain_traits, record.plain_context):
            yield from ((name, written(value)) for name, value in values.items())
    elif isinstance(record, Rejected):
        yield from (("posted to", record.path), ("where", record.where), ("reason", record.reason))
        yield "detail", record.detail
    elif isinstance(record, Decided):
        yield "decision", span(record.id, cls="tb-mono")
        yield from (("chain link", record.link), ("model", record.model or numbers.DASH))
        yield "probability", numbers.decimal(record.probability)


def written(value: Any) -> str:
    """A plain value as text; what has structure as JSON.

    >>> written(5.0), written([1]), written(True)
    ('5', '[1]', 'true')
    """
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
