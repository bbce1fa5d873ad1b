"""Which columns of `history` a program looks at, and what they are called.

    history (person BLOB, happened_at BIGINT ms, name VARCHAR, log_offset BIGINT, contact BOOLEAN,
             properties_revenue__number, context_page_path__text, event_name__text, traits_tier__text,
             consent_messaging, properties_products LIST(STRUCT(category__text, price__number, ...)))

A column's name follows from what it holds alone, so that one view serves every definition.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from hashlib import blake2b
from math import inf
from typing import Any, Literal

from tailorbird.know.language import tree as t
from tailorbird.know.language.walk import nodes

Group = Literal["properties", "context", "event", "traits", "consent"]

AFFINE: tuple[t.Property, ...] = tuple(t.Property("properties", (of,), "text") for of in ("category", "brand"))
PRODUCTS = "products"
_PLAIN = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the values of one kind under one path of one part of the event; NULL where there is none."""

    name: str
    group: Group
    path: tuple[str, ...]
    kind: t.Kind


@dataclass(slots=True)
class Needs:
    """What a program looks at."""

    columns: dict[str, Column] = field(default_factory=dict)
    lists: dict[str, dict[str, Column]] = field(default_factory=dict)  # the fields of each list of objects
    list_events: dict[str, set[str]] = field(default_factory=dict)  # in which it is looked at; "*": in all
    list_back: dict[str, float] = field(default_factory=dict)  # how many ms before now it is looked at


def slug(path: Iterable[str]) -> str:
    """A path as part of a column's name; what does not fit carries a digest, so that no two are the same.

    >>> slug(["revenue"]), slug(["shipping", "country"]), slug(["page.path"])[:10], slug(["Page Path"])[:10]
    ('revenue', 'shipping__country', 'page_path_', 'page_path_')
    """
    parts = tuple(path)
    if all(_PLAIN.fullmatch(part) for part in parts):
        return "__".join(parts)
    # "page.path" and "page_path" would else be one column.
    digest = blake2b("\0".join(parts).encode(), digest_size=3).hexdigest()
    return re.sub(r"[^a-z0-9]+", "_", "_".join(parts).lower()).strip("_") + "_" + digest


def column_of(property: t.Property) -> Column:
    """The column of a property of the event.

    >>> column_of(t.Property("properties", ("revenue",), "number")).name
    'properties_revenue__number'
    """
    path = tuple(property.path[0].split(".")) if property.group == "context" else property.path
    return Column(f"{property.group}_{slug(path)}__{property.kind}", property.group, property.path, property.kind)


def field_of(property: t.Property) -> Column:
    """The field of a property of a list's element."""
    return Column(f"{slug(property.path)}__{property.kind}", "properties", property.path, property.kind)


def trait_column(trait: t.Trait) -> Column:
    return Column(f"traits_{slug((trait.name,))}__{trait.kind}", "traits", (trait.name,), trait.kind)


def consent_column(purpose: str) -> Column:
    return Column(f"consent_{slug((purpose,))}", "consent", (purpose,), "boolean")


def list_column(name: str) -> str:
    """The column of a list of objects.

    >>> list_column("products")
    'properties_products'
    """
    return f"properties_{slug((name,))}"


def needs(expressions: Iterable[t.Expression]) -> Needs:
    """The columns that these expressions look at."""
    found = Needs()
    for expression in expressions:
        _look(expression, found)
    return found


def children(node: Any) -> Iterator[Any]:
    """Nodes right below, out of tuples too; other than `walk.parts` the events with their lists among them."""
    if is_dataclass(node):
        for each in fields(node):
            yield from _nodes(getattr(node, each.name))


def _nodes(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for one in value:
            yield from _nodes(one)
    elif is_dataclass(value):
        yield value


def _look(node: Any, found: Needs, then: bool = False) -> None:
    """`then`: it is asked for instants of the past, too."""
    for events, looking in _LOOKED_AT.get(type(node), lambda _: ())(node):
        _seen_in(events, looking, found)
        if events.each:
            back = inf if then else _back(node)
            found.list_back[events.each] = max(back, found.list_back.get(events.each, 0))
    if isinstance(node, t.Trait):
        _add(found.columns, trait_column(node))
    elif isinstance(node, t.Consented):
        _add(found.columns, consent_column(node.purpose))
    for child in children(node):
        _look(child, found, then or isinstance(node, t.Held))


def _back(node: Any) -> float:
    """How far before now an event may lie to count."""
    if isinstance(node, t.Aggregate) and node.window is not None:
        return node.window.length
    return node.of * node.every if isinstance(node, t.Periods) else inf


def _seen_in(events: t.Events, looking: tuple[t.Expression | None, ...], found: Needs) -> None:
    """Note what `looking` reads of these events, or of the elements of their list."""
    if events.each:
        found.lists.setdefault(events.each, {})
        found.list_events.setdefault(events.each, set()).add(events.name)
    for expression in looking:
        for node in nodes(expression) if expression is not None else ():
            if isinstance(node, t.Property):
                _note(node, events.each, found)


def _note(property: t.Property, each: str, found: Needs) -> None:
    if each and property.group == "properties":
        _add(found.lists[each], field_of(property))
    else:
        _add(found.columns, column_of(property))


def _add(columns: dict[str, Column], column: Column) -> None:
    columns.setdefault(column.name, column)


def _affine(node: t.Affinity) -> Iterator[tuple[t.Events, tuple[t.Expression | None, ...]]]:
    # Both at once: one relation of contacts then serves every affinity.
    yield t.Events("*"), AFFINE
    yield t.Events("Order Completed", each=PRODUCTS), AFFINE


_Looked = Iterable[tuple[t.Events, tuple[t.Expression | None, ...]]]
_LOOKED_AT: Mapping[type, Any] = {
    t.Aggregate: lambda node: [(node.events, (node.events.where, node.value))],
    t.Affinity: _affine,
    t.Sequence: lambda node: [(step, (step.where, node.key)) for step in node.steps],
    t.Absence: lambda node: [(step, (step.where, node.key)) for step in (node.first, node.then)],
    t.Periods: lambda node: [(node.events, (node.events.where,))],
    t.Restart: lambda node: [(node.events, (node.events.where,))],
}
