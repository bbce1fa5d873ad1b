"""A tree as one line of the language again: for comments of generated code, and for reasons."""

from collections.abc import Callable
from typing import Any

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.language.tree import (
    Absence,
    Affinity,
    Aggregate,
    And,
    Arithmetic,
    Call,
    Case,
    Compare,
    Consented,
    Constant,
    Elapsed,
    Events,
    Expression,
    Held,
    In,
    IsNull,
    Like,
    Member,
    Not,
    Now,
    Or,
    Periods,
    Property,
    RandomBucket,
    Restart,
    Sequence,
    Trait,
)

UNITS = {DAY_MS: "day", HOUR_MS: "hour", 60_000: "minute", 1000: "second"}


def words(e: Expression) -> str:
    """The text of an expression; on one line whatever a user wrote in it.

    >>> from tailorbird.know.language.tree import Window
    >>> orders = Aggregate("count", Events("Order Completed"), None, Window(90 * DAY_MS, DAY_MS), "number")
    >>> words(Compare(">=", orders, Constant(3, "number")))
    "count('Order Completed', '90 days') >= 3"
    """
    # It stands in comments of generated code: a line break would end the comment and run what a user wrote behind it.
    return "".join(letter if letter.isprintable() else " " for letter in WORDS[type(e)](e))


def length(ms: int) -> str:
    """A length of time in its largest whole unit.

    >>> length(90 * DAY_MS), length(3_600_000)
    ('90 days', '1 hour')
    """
    unit = next((unit for unit in UNITS if ms % unit == 0), 1)
    return f"{ms // unit} {UNITS.get(unit, 'ms')}{'s' if ms != unit else ''}"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _constant(e: Constant) -> str:
    if isinstance(e.value, str):
        return quoted(e.value)
    if isinstance(e.value, float) and e.value.is_integer():
        return str(int(e.value))
    return {None: "null", True: "true", False: "false"}.get(e.value) or str(e.value)  # type: ignore[arg-type]


def _events(e: Events) -> str:
    return quoted(e.name) + _more(where=e.where, each=e.each)


def _more(**named: Any) -> str:
    """The arguments that are named, as far as they are given."""
    shown = {name: value for name, value in named.items() if value not in (None, "")}
    return "".join(f", {name} => {value if isinstance(value, str) else words(value)}" for name, value in shown.items())


def _aggregate(e: Aggregate) -> str:
    value = f", {words(e.value)}" if e.value is not None else ""
    window = f", {quoted(length(e.window.length))}" if e.window else ""
    return f"{e.function}({quoted(e.events.name)}{value}{window}{_more(where=e.events.where, each=e.events.each)})"


def _sequence(e: Sequence) -> str:
    window = quoted(length(e.window.length)) if e.window else ""
    named = _more(within=quoted(length(e.within)), key=e.key) + (f", in => {window}" if window else "")
    return f"sequences({', '.join(map(_events, e.steps))}{named})"


def _absence(e: Absence) -> str:
    until = quoted(length(e.until)) if e.until else ""
    named = _more(within=quoted(length(e.within)), key=e.key, until=until)
    return f"absent({_events(e.first)}, then => {_events(e.then)}{named})"


def _periods(e: Periods) -> str:
    return f"periods({_events(e.events)}, of => {e.of}, every => {quoted(length(e.every))})"


def _restart(e: Restart) -> str:
    return f"restarted({_events(e.events)}, after => {quoted(length(e.after))}, within => {quoted(length(e.within))})"


def _case(e: Case) -> str:
    branches = "".join(f" when {words(test)} then {words(result)}" for test, result in e.branches)
    return f"case{branches} else {words(e.otherwise)} end"


def _joined(word: str) -> Callable[[Any], str]:
    return lambda e: f" {word} ".join(_nested(part) for part in e.parts)


def _nested(e: Expression) -> str:
    """In parentheses, if it is made of several parts."""
    return f"({words(e)})" if isinstance(e, And | Or | Arithmetic | Case) else words(e)


def _like(e: Like) -> str:
    return f"{_nested(e.value)} {'ilike' if e.any_case else 'like'} {quoted(e.pattern)}"


WORDS: dict[type, Callable[[Any], str]] = {
    Constant: _constant,
    Property: lambda e: ".".join(("context", *e.path) if e.group == "context" else e.path),
    Trait: lambda e: e.name,
    Now: lambda e: f"{e.unit}(now())",
    Member: lambda e: f"segment({quoted(e.segment)})",
    Consented: lambda e: f"consent({quoted(e.purpose)})",
    RandomBucket: lambda e: f"random_bucket({quoted(e.salt)})",
    Aggregate: _aggregate,
    Elapsed: lambda e: f"{UNITS.get(e.unit, 'unit')}s_since({words(e.time)})",
    Affinity: lambda e: f"affinity({quoted(e.of)}, {quoted(e.value)}, half_life => {quoted(length(e.half_life))})",
    Sequence: _sequence,
    Absence: _absence,
    Periods: _periods,
    Restart: _restart,
    Held: lambda e: f"held({words(e.predicate)}, for => {quoted(length(e.length))})",
    Call: lambda e: f"{e.name}({', '.join(map(words, e.arguments))})",
    Arithmetic: lambda e: f"{_nested(e.left)} {e.operator} {_nested(e.right)}",
    Compare: lambda e: f"{_nested(e.left)} {e.operator} {_nested(e.right)}",
    And: _joined("and"),
    Or: _joined("or"),
    Not: lambda e: f"not {_nested(e.part)}",
    In: lambda e: f"{_nested(e.value)} in ({', '.join(map(words, e.options))})",
    Like: _like,
    IsNull: lambda e: f"{_nested(e.value)} is null",
    Case: _case,
}
