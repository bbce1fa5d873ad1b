"""What a program looks at of an event, and how that much of one is decoded."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypedDict

import msgspec

from tailorbird.events import EventType
from tailorbird.know.language.tree import Expression, Property
from tailorbird.know.language.walk import nodes
from tailorbird.know.segment.plan import Plan


def act_decoder(plan: Plan, also: Iterable[str] = ()) -> Callable[[bytes], Any]:
    """A decoder of encoded events (`tailorbird.events.Event`) that skips all that no slot looks at.

    With `also`, names of properties, it decodes what `know.fold` looks at as well: one decoding serves both.
    """
    raw = msgspec.Raw
    said = {slot.key[0] for slot in plan.all_slots()}
    fields: list[tuple[str, Any]] = [
        ("source", str),
        ("message_id", str),
        ("type", EventType),
        ("event", str),
        ("leaf", raw),
        ("identifiers", raw),
        ("timestamp", int),
        ("received_at", int),
        ("plain_properties", _facts({*needed(plan, "properties"), *also})),
        ("plain_context", _facts(needed(plan, "context"))),
        ("plain_traits", dict[str, Any] if "trait" in said or also else raw),
        ("consent", dict[str, bool] if "consent" in said else raw),
    ]
    # An array without names in front, as `Event` is encoded: fields are found by their place.
    act = msgspec.defstruct("Act", fields, array_like=True, tag_field="k", tag="e", frozen=True, gc=False)
    return msgspec.msgpack.Decoder(act).decode


def needed(plan: Plan, group: str) -> set[str]:
    """The names of the properties (or the keys of the context) that are looked at."""
    found = {
        node.path[0] if group == "properties" else ".".join(node.path)
        for feed in plan.slots.feeds
        for e in _asked(feed.events.where, feed.value)
        for node in nodes(e)
        if isinstance(node, Property) and node.group == group
    }
    if group == "properties":
        found |= {feed.events.each for feed in plan.slots.feeds if feed.events.each}
        found |= {name for feed in plan.slots.feeds if feed.of for name in (feed.of, "products")}
    return found


def _asked(*expressions: Expression | None) -> Iterator[Expression]:
    return (e for e in expressions if e is not None)


def _facts(names: set[str]) -> Any:
    if not names:
        return msgspec.Raw
    # Any: the plan is the site's, and a field of another kind than declared must not make the event unreadable.
    return TypedDict("Facts", dict.fromkeys(sorted(names), Any), total=False)  # type: ignore[operator]
