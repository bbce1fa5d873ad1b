"""Every function of the language: its parameters, its kind and one line of help. The one table.

The reader, the docs and their test, the console's builder and the command line's help all read it. What a function
means to the last bit stands on its page (docs/guide/language/NAME.md), and for statistics in `tree`.

For all of `SCALARS`: NULL as soon as one argument is NULL, but for `coalesce`, `concat` as any other; numbers are
doubles, and a result that is not finite is NULL; times are UTC; text is compared and counted by code point.
"""

from dataclasses import dataclass
from typing import Literal

from tailorbird.know.language.tree import Kind

Takes = Literal[
    "event",  # text: the name of an event; or event('Name', where => ...)
    "value",  # text that names a property, or an expression over properties
    "filter",  # a condition over properties
    "list",  # text: a property that is a list of objects
    "window",  # text: a length that the window has
    "length",  # text: a length of time
    "count",  # a whole number, written out
    "words",  # text, written out
    "condition",  # a condition on the person
    "instant",  # a time, or text: the name of an event, for the last time of it
    "number",
    "text",
    "time",
    "boolean",
    "any",  # of any one kind
]
Group = Literal["events", "time", "order", "person", "number", "text", "choice"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; those with `named` are only written `name => value`."""

    name: str
    takes: Takes
    optional: bool = False
    named: bool = False
    many: bool = False  # this one as often as wanted; at least `least` times
    least: int = 1


@dataclass(frozen=True, slots=True)
class Function:
    """One function. `kind` of what it gives; "same" is that of its first argument or value."""

    name: str
    group: Group
    parameters: tuple[Parameter, ...]
    kind: Kind | Literal["same", "event"]
    help: str

    @property
    def signature(self) -> str:
        """How it is written.

        >>> FUNCTIONS["recency"].signature
        'recency(event [, half_life => length] [, where => filter] [, each => list])'
        """
        written = ""
        for one in self.parameters:
            part = f"{one.name} => {one.takes}" if one.named else one.name + (", …" if one.many else "")
            comma = ", " if written else ""
            written += f" [{comma}{part}]" if one.optional else f"{comma}{part}"
        return f"{self.name}({written.strip()})"

    @property
    def page(self) -> str:
        """Its page, under docs/guide/language."""
        return f"{self.name}.md"


_EVENT = Parameter("event", "event")
_VALUE = Parameter("value", "value")
_FILTER = (Parameter("where", "filter", True, True), Parameter("each", "list", True, True))
_WINDOW = (Parameter("window", "window", True), Parameter("granularity", "length", True, True))
_KEY = Parameter("key", "value", True, True)
_WITHIN = Parameter("within", "length", named=True)
_AFTER = Parameter("after", "length", named=True)
_HALF_LIFE = Parameter("half_life", "length", True, True)
_STEPS = Parameter("event", "event", many=True, least=2)
_ORDER = (_STEPS, _WITHIN, _KEY, Parameter("in", "window", True, True), _WINDOW[1], *_FILTER)
_PERIODS = (Parameter("of", "count", named=True), Parameter("every", "length", named=True), *_FILTER)
_ELAPSED = (Parameter("since", "instant"), *_FILTER)


def _events(name: str, kind: Kind | Literal["same"], help: str, *extra: Parameter) -> Function:
    return Function(name, "events", (_EVENT, *extra, *_FILTER), kind, help)


def _scalar(name: str, group: Group, kind: Kind | Literal["same"], help: str, *takes: str) -> Function:
    """`takes`: "name:kind", with "?" behind where it may be left out and "+" where it repeats."""
    parameters = []
    for one in takes:
        named, _, kinds = one.partition(":")
        bare: Takes = kinds.rstrip("?+")  # type: ignore[assignment]  # the table below spells only what Takes knows
        parameters.append(Parameter(named, bare, kinds.endswith("?"), many=kinds.endswith("+"), least=2))
    return Function(name, group, tuple(parameters), kind, help)


_STATISTICS = (
    _events("count", "number", "how many such events there were", *_WINDOW),
    _events("sum", "number", "the sum of a number over the events", _VALUE, *_WINDOW),
    _events("avg", "number", "the mean of a number over the events", _VALUE, *_WINDOW),
    _events("min", "same", "the smallest value", _VALUE, *_WINDOW),
    _events("max", "same", "the largest value", _VALUE, *_WINDOW),
    _events("first", "same", "the value of the earliest event", _VALUE, *_WINDOW),
    _events("last", "same", "the value of the latest event", _VALUE, *_WINDOW),
    _events("distinct", "number", "how many different values there were", _VALUE, *_WINDOW),
    _events("most_frequent", "same", "the value that came most often", _VALUE, *_WINDOW),
    Function("orders", "events", (*_WINDOW, *_FILTER), "number", "how many orders were completed"),
    Function("event", "events", (_EVENT, *_FILTER), "event", "an event with a filter of its own"),
    _events("first_at", "time", "when it happened first", *_WINDOW),
    _events("last_at", "time", "when it happened last", *_WINDOW),
    _events(
        "first_time",
        "boolean",
        "whether the first one ever lies in the window",
        Parameter("window", "window"),
        _WINDOW[1],
    ),
    Function("days_since", "time", _ELAPSED, "number", "whole days since an event, or since a time"),
    Function("hours_since", "time", _ELAPSED, "number", "whole hours since an event, or since a time"),
    Function("minutes_since", "time", _ELAPSED, "number", "whole minutes since an event, or since a time"),
    _scalar("days_ago", "time", "number", "how many whole days ago a time was", "time:time"),
    _events("recency", "number", "1 on the day of the event, half of it each half-life later, 0 if never", _HALF_LIFE),
    Function("regular", "time", (_EVENT, Parameter("k", "count"), *_PERIODS), "boolean", "in k of the last n periods"),
    Function("periods", "time", (_EVENT, *_PERIODS), "number", "in how many of the last n periods"),
    Function("stopped", "time", (_EVENT, _AFTER, *_FILTER), "boolean", "did it once, and not for so long"),
    Function("restarted", "time", (_EVENT, _AFTER, _WITHIN, *_FILTER), "boolean", "stopped, and lately started again"),
    Function(
        "held",
        "time",
        (Parameter("condition", "condition"), Parameter("for", "length", named=True), _WINDOW[1]),
        "boolean",
        "whether a condition is true now and was all the time",
    ),
    Function("sequence", "order", _ORDER, "boolean", "whether one event followed the other in time"),
    Function("sequences", "order", _ORDER, "number", "how often one event followed the other in time"),
    Function(
        "absent",
        "order",
        (
            _EVENT,
            Parameter("then", "event", named=True),
            _WITHIN,
            _KEY,
            Parameter("until", "length", True, True),
            *_FILTER,
        ),
        "boolean",
        "whether what should have followed did not",
    ),
    Function(
        "affinity",
        "person",
        (Parameter("of", "words"), Parameter("value", "words"), _HALF_LIFE),
        "number",
        "the leaning to a category or brand, against everyone",
    ),
    _scalar("segment", "person", "boolean", "whether the person is in another segment", "name:words"),
    _scalar("in_list", "person", "boolean", "whether the person is on a static list", "name:words"),
    _scalar("consent", "person", "boolean", "whether a purpose may use the person's data", "purpose:words"),
    Function(
        "likely",
        "person",
        (_EVENT, Parameter("span", "length"), *_FILTER),
        "number",
        "how likely they do it within the span ahead, as predicted",
    ),
    _scalar(
        "likely_to_leave",
        "person",
        "number",
        "how likely an active person does not come back within the span",
        "span:length",
    ),
    _scalar("expected_value", "person", "number", "the revenue to expect within the span ahead", "span:length"),
    Function("next_category", "person", (), "text", "the category most likely in their next order"),
    _scalar("random_bucket", "person", "number", "a number in [0, 100), for ever the same", "salt:words"),
    _scalar("score", "number", "number", "a sum in which a missing term counts 0", "sum:number"),
    Function("now", "time", (), "time", "the present, inside year, month, day, weekday or hour"),
)

_SCALARS = (
    _scalar("lower", "text", "text", "in small letters", "text:text"),
    _scalar("upper", "text", "text", "in capital letters", "text:text"),
    _scalar("trim", "text", "text", "without spaces (U+0020) at both ends", "text:text"),
    _scalar("length", "text", "number", "how many characters", "text:text"),
    _scalar("substr", "text", "text", "from a character on (from 1), at most so many",
            "text:text", "start:count", "length:count?"),
    _scalar("starts_with", "text", "boolean", "whether a text starts with another", "text:text", "start:text"),
    _scalar("ends_with", "text", "boolean", "whether a text ends with another", "text:text", "end:text"),
    _scalar("contains", "text", "boolean", "whether a text has another in it", "text:text", "part:text"),
    _scalar("replace", "text", "text", "every one of a text replaced", "text:text", "old:text", "new:text"),
    _scalar("concat", "text", "text", "texts put together, as || does", "text:text+"),
    _scalar("abs", "number", "number", "without its sign", "number:number"),
    _scalar("round", "number", "number", "to so many digits, half away from zero", "number:number", "digits:count?"),
    _scalar("floor", "number", "number", "the whole number at or below", "number:number"),
    _scalar("ceil", "number", "number", "the whole number at or above", "number:number"),
    _scalar("sign", "number", "number", "-1, 0 or 1", "number:number"),
    _scalar("sqrt", "number", "number", "the square root", "number:number"),
    _scalar("ln", "number", "number", "the natural logarithm", "number:number"),
    _scalar("exp", "number", "number", "e to the power", "number:number"),
    _scalar("power", "number", "number", "a number to the power of another", "number:number", "exponent:number"),
    _scalar("greatest", "number", "number", "the largest of several numbers", "number:number+"),
    _scalar("least", "number", "number", "the smallest of several numbers", "number:number+"),
    _scalar(
        "distance", "number", "number", "km between two points of the earth",
        "latitude:number", "longitude:number", "to_latitude:number", "to_longitude:number",
    ),
    _scalar("coalesce", "choice", "same", "the first that is not NULL", "value:any+"),
    _scalar("nullif", "choice", "same", "NULL where both are equal, else the first", "value:any", "other:any"),
    _scalar("year", "time", "number", "the year of a time", "time:time"),
    _scalar("month", "time", "number", "the month of a time, 1 to 12", "time:time"),
    _scalar("day", "time", "number", "the day of the month of a time, 1 to 31", "time:time"),
    _scalar("weekday", "time", "number", "the weekday of a time, 1 Monday to 7 Sunday", "time:time"),
    _scalar("hour", "time", "number", "the hour of a time, 0 to 23", "time:time"),
)  # fmt: skip

SCALARS = {function.name: function for function in _SCALARS}
FUNCTIONS = {function.name: function for function in (*_STATISTICS, *_SCALARS)}
