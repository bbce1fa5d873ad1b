"""What a bare name means: a trait of the person, or inside an event's filter or value a property of that event."""

from collections.abc import Mapping
from typing import Protocol

from tailorbird.know.language.kinds import OPEN
from tailorbird.know.language.mistake import Mistake, instead, shown
from tailorbird.know.language.schema import ANY_EVENT, SESSION, FieldKind, Kinds, Schema
from tailorbird.know.language.tree import Expression, Kind, Property, Trait

CONTEXT, EVENT = "context", "event"
PAGES = ("page", "screen")
# An event's own fields, as text: what it is called for pages and screens, and who sent it.
FIELDS = ("name", "source")


class Scope(Protocol):
    """Where names are looked up. `of` says so in errors; only a person has statistics."""

    of: str
    statistics: bool

    def name(self, path: tuple[str, ...], at: int | None) -> Expression: ...


class Person:
    """Names of traits: computed ones are put in place, declared plain ones are read."""

    of = "the person"
    statistics = True

    def __init__(self, schema: Schema, computed: Mapping[str, Expression]) -> None:
        self.schema = schema
        self.computed = computed

    def name(self, path: tuple[str, ...], at: int | None) -> Expression:
        """The trait; raises Mistake with the nearest known one."""
        name = ".".join(path)
        if name in self.computed:
            return self.computed[name]
        kind = self.schema.traits.get(name)
        if kind is None:
            raise Mistake(f"{shown(name)} is no trait.", self._hint(name), at)
        return Trait(name, _scalar_kind(f"Trait {shown(name)}", kind, at))

    def _hint(self, name: str) -> str:
        # A property of an event, most likely: to offer the nearest trait would lead away from it.
        if any(name in kinds for kinds in self.schema.events.values()) or name.partition(".")[0] in (CONTEXT, EVENT):
            return f"Properties of events stand inside a function: last('Product Viewed', {name})."
        plain = (trait for trait, kind in self.schema.traits.items() if kind not in ("personal", "list"))
        return instead(name, [*self.computed, *plain])


class Event:
    """Names of the properties of one event, or of the elements of one of its lists."""

    statistics = False

    def __init__(self, schema: Schema, event: str, each: str = "") -> None:
        self.schema, self.event, self.each = schema, event, each
        self.fields: Kinds = schema.lists(event)[each] if each else schema.kinds(event)
        self.of = f"an element of {each}" if each else "an event" if event == ANY_EVENT else f"'{event}'"

    def name(self, path: tuple[str, ...], at: int | None) -> Property:
        """The property, of the event, its context or its own fields; raises Mistake with the nearest known one."""
        name = ".".join(path)
        # Before the declared ones: `name` of a page is what page("Home") said, whether or not it was sent along.
        if own := self._own(path):
            return own
        if name in self.fields:
            return Property("properties", (name,), _scalar_kind(f"Property {shown(name)}", self.fields[name], at))
        if path[0] == CONTEXT and len(path) > 1:
            return self._context(".".join(path[1:]), at)
        # Nobody declared what lies inside, so what it is compared with tells its kind.
        if self.fields.get(path[0]) == "any":
            return Property("properties", path, OPEN)
        raise Mistake(f"{self.of} has no property {shown(name)}.", self._hint(name), at)

    def _own(self, path: tuple[str, ...]) -> Property | None:
        shortly = path == ("name",) and self.event in PAGES and not self.each
        if shortly or (path[0] == EVENT and path[1:] in {(field,) for field in FIELDS}):
            return Property("event", (path[-1],), "text")
        return None

    def _context(self, name: str, at: int | None) -> Property:
        kind = self.schema.context.get(name)
        if kind is None:
            raise Mistake(f"The context has no field {shown(name)}.", instead(name, self.schema.context), at)
        return Property("context", (name,), _scalar_kind(f"context.{name}", kind, at))

    def _hint(self, name: str) -> str:
        if self.event == SESSION:
            return "A session has no properties, only context."
        lists = [one for one, fields in self.schema.lists(self.event).items() if name in fields]
        if lists and not self.each:
            return f"Its {lists[0]} have: write each => '{lists[0]}'."
        if self.each and name in self.schema.kinds(self.event):
            return f"The event has; with each => '{self.each}' names are those of the elements."
        return instead(name, [one for one, kind in self.fields.items() if kind not in ("personal", "list")])


def _scalar_kind(what: str, kind: FieldKind, at: int | None) -> Kind:
    """The kind of a field that can be compared."""
    if kind == "personal":
        raise Mistake(
            f"{what} is personal: it is sealed, and no expression reads it.",
            "Declare it with personal: false in the tracking plan if it names nobody.",
            at,
        )
    if kind == "list":
        raise Mistake(f"{what} is a list.", "Name a field of its elements, with each => 'LIST'.", at)
    return OPEN if kind == "any" else kind
