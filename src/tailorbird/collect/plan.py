"""The tracking plan: which events and properties there are, of which kind, and which of them are personal.

A site declares its own in `site/events.yaml` (docs/guide/tracking-plan.md) on top of the built-in events.
"""

from collections.abc import Mapping
from typing import Any, Self

from tailorbird.collect import ecommerce
from tailorbird.collect.declare import UNKNOWN, event_fields, mapping, one_of, over, paths_of, rules_of
from tailorbird.collect.draft import Refused
from tailorbird.collect.fields import Fields, Split
from tailorbird.collect.kinds import storable
from tailorbird.collect.tree import Tree
from tailorbird.errors import BadDefinition
from tailorbird.events import EventType

_TOP = ("version", "unknown", "unknown_events", "events", "page", "screen", "traits", "context")


class TrackingPlan:
    """An immutable plan, compiled for splitting. Make one with `load`.

    >>> plan = TrackingPlan.load({"events": {"Quiz Done": {"properties": {"score": "integer"}}}})
    >>> plan.split_event("track", "Quiz Done", {"score": 7, "nick": "Ann"})
    ({'score': 7}, {'nick': 'Ann'})
    """

    def __init__(self, body: Mapping[str, Any], version: int) -> None:
        unknown = one_of("unknown", body.get("unknown", "keep"), UNKNOWN)
        self.version = version
        self.unknown_events = one_of("unknown_events", body.get("unknown_events", "keep"), ("keep", "reject"))
        events = mapping("events", body["events"])
        self.events = {str(name): event_fields(f"events.{name}", event, unknown) for name, event in events.items()}
        self._by_type = {kind: event_fields(kind, body[kind], unknown) for kind in ("page", "screen")}
        self._undeclared = Fields({}, unknown)
        self._anything = Fields({})
        self.traits = Fields(rules_of("traits", body["traits"]), unknown)
        self.context = paths_of("context", body["context"])  # by dotted path
        self._context = Tree.of(self.context)

    @classmethod
    def load(cls, body: Mapping[str, Any], version: int | None = None) -> Self:
        """The built-in plan with the declarations of `body` (as read from `site/events.yaml`) over it.

        Raises BadDefinition with the place, the value and what is known there.
        """
        body = mapping("the plan", body, _TOP)
        number = version if version is not None else body.get("version", 0)
        if not isinstance(number, int) or isinstance(number, bool):
            raise BadDefinition(f"Tracking plan: version is {number!r}; it must be a whole number.")
        return cls(over(_BUILT_IN, body), number)

    def fields(self, type: EventType, event: str) -> Fields:
        """The declared properties of an event."""
        if type == "track":
            return self.events.get(event, self._undeclared)
        return self._by_type.get(type, self._anything)

    def split_event(self, type: EventType, event: str, properties: dict[str, Any]) -> Split:
        """(plain, secret) properties. Raises Refused as `Fields.split`, and for unknown events if the plan says so."""
        fields = self.fields(type, event)
        if fields is self._undeclared and self.unknown_events == "reject":
            raise Refused("unknown_event", "event", "The plan declares no such event and refuses others.")
        return fields.split(properties)

    def split_context(self, context: dict[str, Any]) -> Split:
        """(plain by dotted path, secret as it was nested)."""
        plain: dict[str, Any] = {}
        return plain, self._context.split_into(plain, context)

    def split_traits(self, type: EventType, traits: dict[str, Any]) -> Split:
        """(plain, secret) traits of the person. A group's traits describe no person and stay sealed."""
        # An account's e-mail or name would else become a trait of whoever sent the call.
        return ({}, storable(traits)) if type == "group" else self.traits.split(traits, "traits")


def _spelled(line: str) -> dict[str, Any]:
    """The mapping form of a line of the built-in table."""
    fields: dict[str, Any] = {}
    for word in line.split():
        if word == "@product":
            fields |= _spelled(ecommerce.PRODUCT)
        elif word == "@products":
            fields["products"] = {"type": "array", "items": _spelled(ecommerce.PRODUCT)}
        else:
            name, _, kind = word.partition(":")
            fields[name.lstrip("!")] = {"type": kind or "string", "personal": name.startswith("!")}
    return fields


_BUILT_IN = {
    "events": {
        name: {"properties": _spelled(line)} for name, line in (ecommerce.EVENTS | ecommerce.OUR_EVENTS).items()
    },
    "page": {"properties": _spelled(ecommerce.PAGE)},
    "screen": {"properties": _spelled(ecommerce.SCREEN)},
    "traits": _spelled(ecommerce.TRAITS),
    "context": _spelled(ecommerce.CONTEXT),
}
BUILT_IN_PLAN = TrackingPlan.load({})
