"""Expressions as text in DuckDB's SQL; functions written `tb_...` are spelled per dialect in `dialects.py`.

Numbers are doubles. Whatever is not finite is NULL: it is looked for where a chain of + - * / ends, because infinities
and NaN pass through all but a divisor, and each check says twice what it checks. What is said twice is a name where the
place can give one (`Place.once`): a text in a text in a text would double each time.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from tailorbird.errors import BadDefinition
from tailorbird.know.language import tree as t

EARTH_KM = 6371.0088
SQL_OF_KIND: Mapping[t.Kind, str] = {"number": "DOUBLE", "text": "VARCHAR", "boolean": "BOOLEAN", "time": "BIGINT"}


class Place(Protocol):
    """Where an expression stands: how it reads a property, and what else is known there."""

    @property
    def now(self) -> str:
        """The text of the present (ms)."""

    def leaf(self, node: Any) -> str:
        """The text of a property, trait, statistic or membership."""

    def once(self, text: str) -> str:
        """What to write where `text` is needed several times: a name for it, or the text itself."""


def sql_of(node: t.Expression, place: Place) -> str:
    """The expression as a text that can stand anywhere."""
    written = _WRITTEN.get(type(node))
    return written(node, place) if written else place.leaf(node)


def literal(value: t.Value, kind: t.Kind) -> str:
    """A constant.

    >>> literal(0.5, "number"), literal(3, "number"), literal("it's", "text"), literal(None, "time")
    ('0.5e0', '3e0', "'it''s'", 'CAST(NULL AS BIGINT)')
    """
    if value is None:
        return f"CAST(NULL AS {SQL_OF_KIND[kind]})"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return quoted(value)
    return str(int(value)) if kind == "time" else number(float(value))


def number(value: float) -> str:
    """A double: with an exponent, for SQL takes 0.1 as a decimal."""
    text = repr(value).removesuffix(".0")
    text = text if "e" in text else f"{text}e0"
    return f"({text})" if value < 0 else text


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def finite(text: str) -> str:
    return f"CASE WHEN ABS({text}) <= 1.7976931348623157e308 THEN {text} END"


# -- operators


def _arithmetic(node: t.Arithmetic, place: Place) -> str:
    return finite(place.once(_chain(node, place)))


def _chain(node: t.Expression, place: Place) -> str:
    if not isinstance(node, t.Arithmetic):
        return sql_of(node, place)
    left = _chain(node.left, place)
    if node.operator in ("/", "%"):
        return f"({left} {node.operator} NULLIF({sql_of(node.right, place)}, 0e0))"
    return f"({left} {node.operator} {_chain(node.right, place)})"


def _joined(word: str) -> Callable[[Any, Place], str]:
    return lambda node, place: "(" + f" {word} ".join(sql_of(part, place) for part in node.parts) + ")"


def _in(node: t.In, place: Place) -> str:
    options = ", ".join(sql_of(option, place) for option in node.options)
    return f"({sql_of(node.value, place)} IN ({options}))"


def _like(node: t.Like, place: Place) -> str:
    value, pattern = sql_of(node.value, place), quoted(node.pattern)
    return f"(LOWER({value}) LIKE LOWER({pattern}))" if node.any_case else f"({value} LIKE {pattern})"


def _case(node: t.Case, place: Place) -> str:
    branches = " ".join(f"WHEN {sql_of(when, place)} THEN {sql_of(then, place)}" for when, then in node.branches)
    return f"CASE {branches} ELSE {sql_of(node.otherwise, place)} END"


def _elapsed(node: t.Elapsed, place: Place) -> str:
    return f"FLOOR(({place.now} - {sql_of(node.time, place)}) / {number(node.unit)})"


# -- functions


def _call(node: t.Call, place: Place) -> str:
    written = _CALLS.get(node.name)
    if written is None:
        known = ", ".join(sorted(_CALLS))
        raise BadDefinition(f"Function {node.name!r} has no SQL. Known: {known}.")
    arguments = [sql_of(argument, place) for argument in node.arguments]
    return written(*(map(place.once, arguments) if node.name in _REPEATING else arguments))


def _plain(name: str) -> Callable[..., str]:
    return lambda *arguments: f"{name}({', '.join(arguments)})"


def _double(name: str) -> Callable[..., str]:
    return lambda argument: f"CAST({name}({argument}) AS DOUBLE)"


def _substr(text: str, start: str, length: str | None = None) -> str:
    # A start below 1 engines read in ways of their own: DuckDB counts from the end.
    begin = f"CAST(FLOOR(CASE WHEN {start} < 1 THEN 1 ELSE {start} END) AS INT)"
    if length is None:
        return f"SUBSTR({text}, {begin})"
    return f"SUBSTR({text}, {begin}, CAST(FLOOR(CASE WHEN {length} < 0 THEN 0 ELSE {length} END) AS INT))"


def _round(value: str, digits: str = "0e0") -> str:
    # Spelled out, half away from zero: engines differ in how they round a double that only looks like a half.
    scale = "1e0" if digits == "0e0" else f"POWER(1e1, FLOOR({digits}))"
    return finite(f"(SIGN({value}) * FLOOR(ABS({value}) * {scale} + 5e-1) / {scale})")


def _of_all(name: str) -> Callable[..., str]:
    """NULL where any argument is, which engines do not agree about."""
    return lambda *many: (
        f"CASE WHEN {' AND '.join(f'{one} IS NOT NULL' for one in many)} THEN {name}({', '.join(many)}) END"
    )


def _part(unit: str) -> Callable[[str], str]:
    return lambda at: PART_OF_TIME[unit].format(at=at, days=f"tb_floor_div({at}, 86400000)")


# Hours and weekdays are counted out; only years, months and days need a calendar.
PART_OF_TIME: Mapping[str, str] = {
    "year": "CAST(YEAR(tb_date({days})) AS DOUBLE)",
    "month": "CAST(MONTH(tb_date({days})) AS DOUBLE)",
    "day": "CAST(DAY(tb_date({days})) AS DOUBLE)",
    "weekday": "CAST((({days} + 3) % 7 + 7) % 7 + 1 AS DOUBLE)",  # % has the sign of what lies before 1970
    "hour": "CAST(tb_floor_div({at}, 3600000) - 24 * {days} AS DOUBLE)",
}


def _distance(lat: str, lon: str, lat0: str, lon0: str) -> str:
    dy, dx = f"SIN(RADIANS({lat} - {lat0}) / 2e0)", f"SIN(RADIANS({lon} - {lon0}) / 2e0)"
    h = f"{dy} * {dy} + COS(RADIANS({lat})) * COS(RADIANS({lat0})) * {dx} * {dx}"
    # LEAST would take NULL for 1; rounding can lift h a hair over 1 between antipodes.
    return f"({number(2 * EARTH_KM)} * ASIN(SQRT(CASE WHEN {h} > 1e0 THEN 1e0 ELSE {h} END)))"


_CALLS: Mapping[str, Callable[..., str]] = {
    "lower": _plain("LOWER"),
    # Engines disagree on ß alone: it stays, or becomes SS, or its capital. Of ẞ none makes anything else.
    "upper": lambda text: f"UPPER(REPLACE({text}, 'ß', 'ẞ'))",
    "trim": lambda text: f"tb_trim({text})",
    "length": _double("LENGTH"),
    "substr": _substr,
    "starts_with": _plain("tb_starts_with"),
    "ends_with": _plain("tb_ends_with"),
    "contains": _plain("tb_contains"),
    "replace": _plain("REPLACE"),
    "concat": lambda *texts: "(" + " || ".join(texts) + ")",
    "abs": _plain("ABS"),
    "round": _round,
    "floor": _double("FLOOR"),
    "ceil": _double("CEIL"),
    "greatest": _of_all("GREATEST"),
    "least": _of_all("LEAST"),
    # Where there is no result DuckDB ends the whole query with an error; here it is NULL.
    "sqrt": lambda value: f"CASE WHEN {value} >= 0 THEN SQRT({value}) END",
    "ln": lambda value: f"CASE WHEN {value} > 0 THEN LN({value}) END",
    "exp": lambda value: finite(f"EXP({value})"),
    "power": lambda base, exponent: finite(f"POWER({base}, {exponent})"),
    "sign": _double("SIGN"),
    "coalesce": _plain("COALESCE"),
    "nullif": _plain("NULLIF"),
    "distance": _distance,
    **{unit: _part(unit) for unit in PART_OF_TIME},
}
# Those whose text has an argument in it more than once.
_REPEATING = {"substr", "round", "greatest", "least", "sqrt", "ln", "exp", "power", "distance", *PART_OF_TIME}
_WRITTEN: Mapping[type, Callable[[Any, Place], str]] = {
    t.Constant: lambda node, _: literal(node.value, node.kind),
    t.Now: lambda node, place: _part(node.unit)(place.now),
    t.Elapsed: _elapsed,
    t.Call: _call,
    t.Arithmetic: _arithmetic,
    t.Compare: lambda node, place: f"({sql_of(node.left, place)} {node.operator} {sql_of(node.right, place)})",
    t.And: _joined("AND"),
    t.Or: _joined("OR"),
    t.Not: lambda node, place: f"(NOT {sql_of(node.part, place)})",
    t.In: _in,
    t.Like: _like,
    t.IsNull: lambda node, place: f"({sql_of(node.value, place)} IS NULL)",
    t.Case: _case,
}
