"""From a tree back to text: what `read` would read it from, traits put in place and shorthands written out.

Reasons, errors and `explain` quote parts of definitions by it: a part of a tree has no text of its own.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from tailorbird.collect.times import iso
from tailorbird.know.language import tree as t
from tailorbird.know.language.dialect import WORDS
from tailorbird.know.language.lengths import DAY, HOUR, MINUTE, granule_of, spell_length
from tailorbird.know.language.prediction import model_of

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
# How tightly an operator binds: what stands inside a tighter one is put into brackets.
_OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _ATOM = range(7)
_HALF_LIFE = 30 * DAY


def spell(tree: t.Expression) -> str:
    """The text of an expression.

    >>> from tailorbird.know.language.program import read
    >>> from tailorbird.know.language.schema import schema_of
    >>> spell(read("ORDERS('3 months')>=3 AND (plan='gold')", schema_of()))
    "orders('90 days') >= 3 and plan = 'gold'"
    """
    return _SPELLED[type(tree)](tree)[0]


def quoted(text: str) -> str:
    """Text as a literal.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def spell_value(value: t.Value, kind: t.Kind) -> str:
    """A value as a literal: times as text in UTC, whole numbers without a point.

    >>> spell_value(3.0, "number"), spell_value(None, "text"), spell_value(0, "time")
    ('3', 'null', "'1970-01-01T00:00:00.000Z'")
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if kind == "time":
        return quoted(iso(int(value)))
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


Spelled = tuple[str, int]  # the text, and how tightly it holds together


def _in(tree: t.Expression, level: int) -> str:
    """The text as it stands inside an operator that binds at `level`."""
    text, own = _SPELLED[type(tree)](tree)
    return text if own >= level else f"({text})"


def _name(*path: str) -> str:
    return ".".join(one if _is_bare(one) else '"' + one.replace('"', '""') + '"' for one in path)


def _is_bare(name: str) -> bool:
    return bool(_BARE.fullmatch(name)) and not WORDS.intersection(name.lower().split("."))


def _call(name: str, *arguments: str, **named: str) -> Spelled:
    given = [*(one for one in arguments if one), *(f"{name} => {value}" for name, value in named.items() if value)]
    return f"{name}({', '.join(given)})", _ATOM


# -- leaves


def _constant(node: t.Constant) -> Spelled:
    text = spell_value(node.value, node.kind)
    # A minus in front binds as a subtraction does: within a product it needs brackets.
    return text, _ADD if text.startswith("-") else _ATOM


def _property(node: t.Property) -> Spelled:
    return _name(*node.path) if node.group == "properties" else _name(node.group, *node.path), _ATOM


# -- statistics


def _filter(events: t.Events) -> dict[str, str]:
    where = spell(events.where) if events.where is not None else ""
    return {"where": where, "each": quoted(events.each) if events.each else ""}


def _event(events: t.Events) -> str:
    """An event where several are named, so that its filter is its own."""
    filter = _filter(events)
    return _call("event", quoted(events.name), **filter)[0] if any(filter.values()) else quoted(events.name)


def _window(window: t.Window | None) -> tuple[str, str]:
    """The length, and the granularity where it is not the usual one."""
    if window is None:
        return "", ""
    unusual = window.granule != granule_of(window.length)
    return quoted(spell_length(window.length)), quoted(spell_length(window.granule)) if unusual else ""


def _length(length: int | None) -> str:
    return quoted(spell_length(length)) if length else ""


def _aggregate(node: t.Aggregate) -> Spelled:
    if model := model_of(node):
        return model, _ATOM
    value = spell(node.value) if node.value is not None else ""
    length, granularity = _window(node.window)
    orders = (node.function, node.events.name) == ("count", "Order Completed")
    name = "orders" if orders else node.function
    event = "" if orders else quoted(node.events.name)
    return _call(name, event, value, length, granularity=granularity, **_filter(node.events))


_ELAPSED = {DAY: "days_since", HOUR: "hours_since", MINUTE: "minutes_since"}


def _elapsed(node: t.Elapsed) -> Spelled:
    last = node.time
    if isinstance(last, t.Aggregate) and last.function == "last_at" and last.window is None:
        return _call(_ELAPSED[node.unit], quoted(last.events.name), **_filter(last.events))
    # A text in days_since() is the name of an event.
    return _call("days_ago" if isinstance(last, t.Constant) else _ELAPSED[node.unit], spell(last))


def _affinity(node: t.Affinity) -> Spelled:
    half_life = _length(node.half_life) if node.half_life != _HALF_LIFE else ""
    return _call("affinity", quoted(node.of), quoted(node.value), half_life=half_life)


def _sequence(node: t.Sequence) -> Spelled:
    length, granularity = _window(node.window)
    named = {"within": _length(node.within), "key": _key(node.key), "in": length, "granularity": granularity}
    return _call("sequences", *map(_event, node.steps), **named)


def _key(key: t.Expression | None) -> str:
    return spell(key) if key is not None else ""


def _absence(node: t.Absence) -> Spelled:
    named = {"then": _event(node.then), "within": _length(node.within), "key": _key(node.key)}
    return _call("absent", _event(node.first), **named, until=_length(node.until))


def _periods(node: t.Periods) -> Spelled:
    return _call(
        "periods", quoted(node.events.name), of=str(node.of), every=_length(node.every), **_filter(node.events)
    )


def _restart(node: t.Restart) -> Spelled:
    named = {"after": _length(node.after), "within": _length(node.within), **_filter(node.events)}
    return _call("restarted", quoted(node.events.name), **named)


def _held(node: t.Held) -> Spelled:
    length, granularity = _window(t.Window(node.length, node.granule))
    return _call("held", spell(node.predicate), **{"for": length, "granularity": granularity})


# -- as in SQL


def _of_call(node: t.Call) -> Spelled:
    return _call(node.name, *map(spell, node.arguments))


def _arithmetic(node: t.Arithmetic) -> Spelled:
    level = _ADD if node.operator in "+-" else _MULTIPLY
    # The right side has to bind tighter: a - (b - c) is not a - b - c.
    return f"{_in(node.left, level)} {node.operator} {_in(node.right, level + 1)}", level


def _compare(node: t.Compare) -> Spelled:
    return f"{_in(node.left, _ADD)} {node.operator} {_in(node.right, _ADD)}", _COMPARE


def _joined(word: str, level: int) -> Callable[[Any], Spelled]:
    return lambda node: (f" {word} ".join(_in(part, level + 1) for part in node.parts), level)


def _not(node: t.Not) -> Spelled:
    part = node.part
    match part:
        # As people write it: `x not in (…)`, not `not x in (…)`.
        case t.IsNull():
            return f"{_in(part.value, _ATOM)} is not null", _COMPARE
        case t.In():
            return _of_in(part, "not in")
        case t.Like():
            return _of_like(part, "not ")
    return f"not {_in(part, _ATOM)}", _NOT


def _of_in(node: t.In, word: str = "in") -> Spelled:
    return f"{_in(node.value, _ATOM)} {word} ({_list(node.options)})", _COMPARE


def _list(many: Iterable[t.Expression]) -> str:
    return ", ".join(map(spell, many))


def _of_like(node: t.Like, negation: str = "") -> Spelled:
    word = "ilike" if node.any_case else "like"
    return f"{_in(node.value, _ATOM)} {negation}{word} {quoted(node.pattern)}", _COMPARE


def _case(node: t.Case) -> Spelled:
    branches = "".join(f" when {spell(condition)} then {spell(then)}" for condition, then in node.branches)
    return f"case{branches} else {spell(node.otherwise)} end", _ATOM


_SPELLED: dict[type[Any], Callable[[Any], Spelled]] = {
    t.Constant: _constant,
    t.Property: _property,
    t.Trait: lambda node: (_name(node.name), _ATOM),
    t.Now: lambda node: (f"{node.unit}(now())", _ATOM),
    t.Member: lambda node: _call("segment", quoted(node.segment)),
    t.Consented: lambda node: _call("consent", quoted(node.purpose)),
    t.RandomBucket: lambda node: _call("random_bucket", quoted(node.salt)),
    t.Aggregate: _aggregate,
    t.Elapsed: _elapsed,
    t.Affinity: _affinity,
    t.Sequence: _sequence,
    t.Absence: _absence,
    t.Periods: _periods,
    t.Restart: _restart,
    t.Held: _held,
    t.Call: _of_call,
    t.Arithmetic: _arithmetic,
    t.Compare: _compare,
    t.And: _joined("and", _AND),
    t.Or: _joined("or", _OR),
    t.Not: _not,
    t.In: _of_in,
    t.Like: _of_like,
    t.IsNull: lambda node: (f"{_in(node.value, _ATOM)} is null", _COMPARE),
    t.Case: _case,
}
