"""The types that a tracking plan can declare, and how a value on the wire becomes one of them.

string    text; a number becomes its text                     product_id: 42 -> "42"
number    a finite float; text that spells a number           price: "18.99" -> 18.99
integer   64 bits; a whole float or text                      position: 3.0 -> 3
boolean   true or false, or their text
datetime  ISO 8601 text in UTC with milliseconds, from any form that `times.parse_time` reads
array     a list, of objects where `items` declares their fields
object    a JSON object
any       text, number, boolean, array or object as it came
"""

import math
import re
from collections.abc import Callable
from typing import Any, Final, Literal

from tailorbird.collect.draft import Refused
from tailorbird.collect.times import iso, parse_time

Kind = Literal["string", "number", "integer", "boolean", "datetime", "array", "object", "any"]
MAX_DEPTH = 32
_INT64 = range(-(2**63), 2**63)
# Asked in place: a call costs more than all of its work.
_AS_THEY_ARE = frozenset((str, float, bool, type(None)))
_BOOLEANS = {"true": True, "false": False}
_WHOLE = re.compile(r"-?[0-9]{1,19}")


class _Wrong:
    def __repr__(self) -> str:
        return "WRONG"


WRONG: Final = _Wrong()  # what a coercion gives where the value is not of the kind


def to_string(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else WRONG


def to_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return WRONG
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return WRONG
    return number if math.isfinite(number) else WRONG


def to_integer(value: Any) -> Any:
    if isinstance(value, str):
        # Not by way of a float, which holds 15 digits exactly: ids of other systems have 19.
        value = int(value) if _WHOLE.fullmatch(value) else to_number(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    # The class and not isinstance: True is an int to Python.
    return value if value.__class__ is int and value in _INT64 else WRONG


def to_boolean(value: Any) -> Any:
    if isinstance(value, str):
        return _BOOLEANS.get(value.lower(), WRONG)
    return value if isinstance(value, bool) else WRONG


def to_datetime(value: Any) -> Any:
    try:
        return iso(parse_time(value))
    except ValueError:
        return WRONG


def to_array(value: Any) -> Any:
    return storable(value) if isinstance(value, list) else WRONG


def to_object(value: Any) -> Any:
    return storable(value) if isinstance(value, dict) else WRONG


def storable(value: Any, depth: int = MAX_DEPTH) -> Any:
    """The same JSON with whole numbers beyond 64 bits as text: neither columns nor msgpack know larger ones.

    Raises Refused with reason "depth" where it is nested too deep to be read back from a deeper stack.
    """
    kind = value.__class__
    if kind is int:
        return value if value in _INT64 else str(value)
    if kind is not dict and kind is not list:
        return value
    if not depth:
        raise Refused("depth", "", f"The event is nested deeper than {MAX_DEPTH} levels.")
    if kind is dict:
        return {
            name: inner if inner.__class__ in _AS_THEY_ARE else storable(inner, depth - 1)
            for name, inner in value.items()
        }
    return [inner if inner.__class__ in _AS_THEY_ARE else storable(inner, depth - 1) for inner in value]


COERCE: dict[Kind, Callable[[Any], Any]] = {
    "string": to_string,
    "number": to_number,
    "integer": to_integer,
    "boolean": to_boolean,
    "datetime": to_datetime,
    "array": to_array,
    "object": to_object,
    "any": storable,
}
# Values of exactly this class need no coercion: the hot path asks for the class alone.
EXACT: dict[Kind, type] = {"string": str, "number": float, "boolean": bool}


def kind_of(value: Any) -> Kind:
    """The narrowest kind that a value fits, as proposed for a property that nobody declared.

    >>> [kind_of(value) for value in (True, 3, 2.5, "2026-11-21T20:53:16Z", "red", [1], {"a": 1})]
    ['boolean', 'integer', 'number', 'datetime', 'string', 'array', 'object']
    """
    if isinstance(value, str):
        # A date and a time: "2026" or "12.5" parse as times, too, and would be proposed as such.
        return "datetime" if value[4:5] == "-" and value[10:11] == "T" and to_datetime(value) is not WRONG else "string"
    return next((kind for cls, kind in _CLASSES if isinstance(value, cls)), "any")


_CLASSES: tuple[tuple[type, Kind], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (list, "array"),
    (dict, "object"),
)
