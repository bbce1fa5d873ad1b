"""What an expression may name: the plain side of the tracking plan, the purposes, and the events that were seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from tailorbird.collect.fields import Fields
from tailorbird.collect.fields import Rule as Field
from tailorbird.collect.kinds import Kind as PlanKind
from tailorbird.collect.plan import BUILT_IN_PLAN, TrackingPlan
from tailorbird.consent.purpose import Policy
from tailorbird.events import DAY_MS
from tailorbird.know.language.tree import Kind

# "any": as it came, settled by what it is compared with; "list" and "personal" are known, and not to be asked for.
FieldKind = Literal[Kind, "any", "list", "personal"]
Kinds = Mapping[str, FieldKind]

# Types of call that are an event by their type alone.
CALLS = ("identify", "page", "screen", "group", "alias")
SESSION = "session"
ANY_EVENT = "*"

_KIND_OF: dict[PlanKind, FieldKind] = {
    "string": "text",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "datetime": "time",
    "array": "list",
    "object": "any",
    "any": "any",
}


@dataclass(frozen=True, slots=True)
class Purpose:
    """What holds for a purpose while a person said nothing, and for how many ms a yes holds (0: for ever)."""

    default: bool = True
    lasts: int = 0


@dataclass(frozen=True, slots=True)
class Schema:
    """All that expressions may name, as plain data: the same schema reads the same program for ever.

    >>> schema = schema_of()
    >>> schema.events["Order Completed"]["revenue"], schema.elements["Order Completed"]["products"]["price"]
    ('number', 'number')
    >>> Schema.of(schema.plain()) == schema
    True
    """

    events: Mapping[str, Kinds] = field(default_factory=dict)  # of declared, and names of seen, events
    elements: Mapping[str, Mapping[str, Kinds]] = field(default_factory=dict)  # event -> list of objects -> its fields
    traits: Kinds = field(default_factory=dict)
    context: Kinds = field(default_factory=dict)  # by dotted path
    purposes: Mapping[str, Purpose] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As dicts of text, numbers and booleans: what a `definitions` signal carries."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Schema":
        """Back from `plain()`; raises msgspec.ValidationError on foreign data."""
        return msgspec.convert(plain, cls)

    def kinds(self, event: str) -> Kinds:
        """The fields of one event; of "*" those that are of one kind wherever they are declared."""
        return _shared(self.events.values()) if event == ANY_EVENT else self.events.get(event, {})

    def lists(self, event: str) -> Mapping[str, Kinds]:
        """The lists of objects of one event (of "*": of all), each with its fields."""
        if event != ANY_EVENT:
            return self.elements.get(event, {})
        names = {name for lists in self.elements.values() for name in lists}
        return {name: _shared(of[name] for of in self.elements.values() if name in of) for name in names}


def schema_of(plan: TrackingPlan = BUILT_IN_PLAN, policy: Policy | None = None, seen: Iterable[str] = ()) -> Schema:
    """The schema of a site: its tracking plan, its purposes, and the names of events that came undeclared."""
    fields = {**plan.events, "page": plan.fields("page", ""), "screen": plan.fields("screen", "")}
    # Declared ones win over seen ones: a name that was only seen has no properties to ask for.
    events: dict[str, Kinds] = {name: {} for name in (*seen, *CALLS, SESSION)}
    return Schema(
        events | {name: _kinds(declared.rules) for name, declared in fields.items()},
        {name: lists for name, declared in fields.items() if (lists := _lists(declared))},
        _kinds(plan.traits.rules),
        _kinds(plan.context),
        {
            name: Purpose(purpose.default == "granted", purpose.lasts_days * DAY_MS)
            for name, purpose in (policy or Policy()).purposes.items()
        },
    )


def _kinds(rules: Mapping[str, Field]) -> Kinds:
    return {name: "personal" if rule.personal else _KIND_OF[rule.kind] for name, rule in rules.items()}


def _lists(declared: Fields) -> Mapping[str, Kinds]:
    return {
        name: _kinds(rule.items.rules)
        for name, rule in declared.rules.items()
        if rule.items is not None and not rule.personal
    }


def _shared(many: Iterable[Kinds]) -> Kinds:
    found: dict[str, set[FieldKind]] = {}
    for kinds in many:
        for name, kind in kinds.items():
            found.setdefault(name, set()).add(kind)
    # What is a number in one event and text in another has no kind for "*".
    return {name: kinds.pop() for name, kinds in found.items() if len(kinds) == 1}
