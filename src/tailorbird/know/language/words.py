"""An expression in English: for reasons, previews and whoever would rather not read SQL."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from tailorbird.know.language import tree as t
from tailorbird.know.language.lengths import DAY, HOUR, MINUTE, spell_length
from tailorbird.know.language.prediction import model_of
from tailorbird.know.language.spell import quoted, spell_value


def words(tree: t.Expression) -> str:
    """What an expression says, as a phrase in the middle of a sentence.

    >>> from tailorbird.know.language.program import read
    >>> from tailorbird.know.language.schema import schema_of
    >>> words(read("orders('90 days') >= 3 and not plan = 'gold'", schema_of()))
    "the number of 'Order Completed' in the last 90 days is at least 3, and not: plan is 'gold'"
    """
    return _WORDS[type(tree)](tree)


# -- leaves


def _constant(node: t.Constant) -> str:
    return "nothing" if node.value is None else spell_value(node.value, node.kind)


def _property(node: t.Property) -> str:
    path = ".".join(node.path)
    return {"properties": path, "context": f"context {path}", "event": f"its {path}"}[node.group]


# -- statistics


def _event(events: t.Events) -> str:
    """The events, with what they must be like."""
    name = "any event" if events.name == "*" else quoted(events.name)
    each = f"{events.each} of " if events.each else ""
    return f"{each}{name}" + (f" (where {words(events.where)})" if events.where is not None else "")


def _lately(window: t.Window | None) -> str:
    return f" in the last {spell_length(window.length)}" if window else ""


_AGGREGATES: dict[t.Function, str] = {
    "count": "the number of {events}",
    "sum": "the sum of {value} over {events}",
    "avg": "the mean of {value} over {events}",
    "min": "the smallest {value} of {events}",
    "max": "the largest {value} of {events}",
    "first": "the first {value} of {events}",
    "last": "the latest {value} of {events}",
    "distinct": "the number of different {value} of {events}",
    "most_frequent": "the most frequent {value} of {events}",
    "first_at": "when {events} happened first",
    "last_at": "when {events} happened last",
}


_PREDICTED = {
    "likely": "the chance of {rest}",
    "likely_to_leave": "the chance that they do not come back within {rest}",
    "expected_value": "the revenue expected within {rest}",
    "next_category": "the likely category of the next order",
}


def predicted(model: str) -> str:
    """What a model predicts, by the call that names it.

    >>> predicted("likely('Order Completed', '14 days')"), predicted("expected_value('90 days')")
    ("the chance of 'Order Completed' within 14 days", 'the revenue expected within 90 days')
    """
    name, _, arguments = model.removesuffix(")").partition("(")
    # A name in quotes may hold a quote, written twice.
    rest = re.sub(r"^('(?:[^']|'')*'), '(\d+ days?)'", r"\1 within \2", arguments)
    return _PREDICTED.get(name, "{rest}").format(rest=rest if name == "likely" else rest.strip("'"))


def _aggregate(node: t.Aggregate) -> str:
    if model := model_of(node):
        return predicted(model)
    value = words(node.value) if node.value is not None else ""
    return _AGGREGATES[node.function].format(value=value, events=_event(node.events)) + _lately(node.window)


_UNITS = {DAY: "days", HOUR: "hours", MINUTE: "minutes"}


def _elapsed(node: t.Elapsed) -> str:
    last = node.time
    if isinstance(last, t.Aggregate) and last.function == "last_at" and last.window is None:
        return f"{_UNITS[node.unit]} since {_event(last.events)}"
    return f"{_UNITS[node.unit]} since {words(last)}"


def _steps(node: t.Sequence) -> str:
    same = f", with the same {words(node.key)}" if node.key is not None else ""
    steps = ", then ".join(map(_event, node.steps))
    return f"{steps} within {spell_length(node.within)}{same}{_lately(node.window)}"


def _absence(node: t.Absence) -> str:
    same = f" with the same {words(node.key)}" if node.key is not None else ""
    until = f", at most {spell_length(node.until)} ago" if node.until else ""
    return f"{_event(node.first)} and no {_event(node.then)}{same} within {spell_length(node.within)}{until}"


def _restart(node: t.Restart) -> str:
    after, within = spell_length(node.after), spell_length(node.within)
    return f"{_event(node.events)} again within the last {within}, after {after} or more without"


def _held(node: t.Held) -> str:
    return f"for {spell_length(node.length)} all the time: {words(node.predicate)}"


# -- as in SQL


_COMPARED = {
    "=": "is",
    "<>": "is not",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
}


def _compare(node: t.Compare) -> str:
    match node:
        # sequence() and regular() are read into comparisons: they are told as what somebody wrote.
        case t.Compare(">=", t.Sequence() as sequence, t.Constant(1.0)):
            return _steps(sequence)
        case t.Compare(">=", t.Periods() as periods, t.Constant() as least):
            return f"{_event(periods.events)} in {_constant(least)} or more of {_last_periods(periods)}"
    return f"{words(node.left)} {_COMPARED[node.operator]} {words(node.right)}"


def _last_periods(node: t.Periods) -> str:
    return f"the last {node.of} periods of {spell_length(node.every)}"


def _and(node: t.And) -> str:
    match node.parts:
        case (t.Compare(">=", value, low), t.Compare("<=", other, high)) if value == other:
            return f"{words(value)} is between {words(low)} and {words(high)}"
    return _joined(", and ", node.parts, t.Or)


def _joined(word: str, parts: Iterable[t.Expression], inner: type) -> str:
    return word.join(f"({words(part)})" if isinstance(part, inner) else words(part) for part in parts)


def _in(node: t.In) -> str:
    return f"{words(node.value)} is one of {', '.join(map(words, node.options))}"


def _like(node: t.Like) -> str:
    return f"{words(node.value)} looks like {quoted(node.pattern)}" + (" in any case" if node.any_case else "")


def _call(node: t.Call) -> str:
    first, *rest = map(words, node.arguments)
    if node.name == "coalesce":
        return f"{first} (if unknown, {', '.join(rest)})"
    return f"{node.name} of {', '.join((first, *rest))}"


def _case(node: t.Case) -> str:
    branches = ", ".join(f"{words(then)} if {words(condition)}" for condition, then in node.branches)
    return f"{branches}, else {words(node.otherwise)}"


_WORDS: dict[type[Any], Callable[[Any], str]] = {
    t.Constant: _constant,
    t.Property: _property,
    t.Trait: lambda node: node.name,
    t.Now: lambda node: f"the present {node.unit}",
    t.Member: lambda node: f"in segment {quoted(node.segment)}",
    t.Consented: lambda node: f"{node.purpose} is allowed",
    t.RandomBucket: lambda node: f"the random number for {quoted(node.salt)}",
    t.Aggregate: _aggregate,
    t.Elapsed: _elapsed,
    t.Affinity: lambda node: f"the leaning to {node.of} {quoted(node.value)}",
    t.Sequence: lambda node: f"how often {_steps(node)}",
    t.Absence: _absence,
    t.Periods: lambda node: f"in how many of {_last_periods(node)} there was {_event(node.events)}",
    t.Restart: _restart,
    t.Held: _held,
    t.Call: _call,
    t.Arithmetic: lambda node: f"({words(node.left)} {node.operator} {words(node.right)})",
    t.Compare: _compare,
    t.And: _and,
    t.Or: lambda node: _joined(", or ", node.parts, t.And),
    t.Not: lambda node: f"not: {words(node.part)}",
    t.In: _in,
    t.Like: _like,
    t.IsNull: lambda node: f"{words(node.value)} is unknown",
    t.Case: _case,
}
