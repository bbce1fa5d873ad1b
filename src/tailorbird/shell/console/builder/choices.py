"""What each field of a row offers: events and properties from the tracking plan, names from what is in force."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tailorbird.know.language.schema import ANY_EVENT, Kinds, Schema
from tailorbird.know.language.tree import Kind as PlainKind
from tailorbird.shell.console.builder.condition import Condition, Kind
from tailorbird.shell.console.builder.forms import FORMS, Field

_PLAIN: tuple[PlainKind, ...] = ("number", "text", "boolean", "time")


@dataclass(frozen=True, slots=True)
class Choices:
    """All names that rows may choose from."""

    schema: Schema = field(default_factory=Schema)
    computed: Mapping[str, Kind] = field(default_factory=dict)  # traits of traits.yaml
    segments: Sequence[str] = ()
    lists: Sequence[str] = ()
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)  # usual values of a property

    def of(self, asked: Field, row: Condition) -> dict[str, str]:
        """What may stand in this field of this row: value -> words."""
        found = _OFFERS[asked.ask](self, row) if asked.ask in _OFFERS else dict.fromkeys(asked.choices, "")
        return {name: words or name for name, words in found.items()}

    def properties(self, row: Condition) -> dict[str, Kind]:
        """The plain properties that value and filters of this row may look at, with their kinds."""
        event = self._event(row)
        each = row.given.get("each")
        lists = self.schema.lists(event)
        own = lists.get(str(each), {}) if each else self.schema.kinds(event)
        context = {} if each else {f"context.{name}": kind for name, kind in self.schema.context.items()}
        return _plain({**own, **context})

    def kind_of(self, row: Condition) -> Kind | None:
        """The kind of a row's value; None where it depends on something not chosen yet or not declared."""
        kind = FORMS[row.form].kind
        if kind != "value":
            return kind
        if row.form == "trait":
            return self.traits().get(str(row.given.get("trait", "")))
        return self.properties(row).get(str(row.given.get("value", "")))

    def traits(self) -> dict[str, Kind]:
        """All traits, declared and computed."""
        return {**_plain(self.schema.traits), **self.computed}

    def _event(self, row: Condition) -> str:
        if row.form == "orders":
            return "Order Completed"
        steps = row.given.get("steps")
        return str(row.given.get("event") or (steps[-1] if isinstance(steps, tuple) and steps else ANY_EVENT))

    def _events(self, row: Condition) -> dict[str, str]:
        """Those with declared properties first: a name alone tells little."""
        names = sorted(self.schema.events, key=lambda name: (not self.schema.events[name], name))
        return {name: _CALLS.get(name, "") for name in names} | {ANY_EVENT: "any event"}

    def _values_of(self, row: Condition) -> dict[str, str]:
        wanted = {"sum": ("number",), "avg": ("number",)}.get(row.form, _PLAIN)
        return {name: "" for name, kind in self.properties(row).items() if kind in wanted}


_CALLS = {"session": "a visit begins", "page": "page seen", "screen": "screen seen", "identify": "said who they are"}


def _plain(kinds: Kinds) -> dict[str, Kind]:
    return {name: kind for name, kind in sorted(kinds.items()) if kind in _PLAIN}


def _named(names: Sequence[str]) -> dict[str, str]:
    return dict.fromkeys(names, "")


_OFFERS: dict[str, Callable[[Choices, Condition], dict[str, str]]] = {
    "event": Choices._events,
    "events": Choices._events,
    "property": Choices._values_of,
    "each": lambda all, row: _named([*all.schema.lists(all._event(row))]),
    "trait": lambda all, row: _named([*all.traits()]),
    "segment": lambda all, row: _named(all.segments),
    "list": lambda all, row: _named(all.lists),
    "purpose": lambda all, row: _named([*all.schema.purposes]),
}
