"""The scalar functions of the language, one line each: for the oracle in `slow_segments.py`."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tailorbird.know.language.tree import Value

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARTH_KM = 6371.0088
CLOSE = 1e-9


def strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """NULL where any argument is NULL, or the result is no finite number."""

    def checked(*arguments: Any) -> Any:
        if None in arguments:
            return None
        try:
            result = function(*arguments)
        except (ValueError, OverflowError, ZeroDivisionError):
            return None
        return (
            None if isinstance(result, complex) or (isinstance(result, float) and not math.isfinite(result)) else result
        )

    return checked


def moment(unit: str, at: int) -> int:
    """A part of a time's calendar in UTC; weekday from 1 Monday to 7 Sunday.

    >>> moment("year", 0), moment("weekday", 0), moment("hour", -1)
    (1970, 4, 23)
    """
    when = EPOCH + timedelta(milliseconds=at)
    return when.isoweekday() if unit == "weekday" else int(getattr(when, unit))


def like(value: str, pattern: str, any_case: bool) -> bool:
    """SQL's like, character by character: % for any run, _ for any one."""
    parts = {"%": ".*", "_": "."}
    if any_case:
        value, pattern = small(value), small(pattern)
    wanted = "".join(parts.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(wanted, value, re.DOTALL) is not None


def small(text: str) -> str:
    """One letter for one; İ is the one letter that Python makes two of."""
    return "".join("i" if letter == "İ" else letter.lower() for letter in text)


def capital(letter: str) -> str:
    """One letter for one: where Python makes several, the title form if that is one (the simple mapping of Unicode)."""
    if letter == "ß":
        return "ẞ"
    return next((form for form in (letter.upper(), letter.title()) if len(form) == 1), letter)


def substr(text: str, start: float, length: float | None = None) -> str:
    begin = max(int(start) - 1, 0)
    return text[begin:] if length is None else text[begin : begin + max(int(length), 0)]


def rounded(value: float, digits: float = 0) -> float:
    """Half away from zero, as SQL has it."""
    # Not Python's round, which takes halves to the even number.
    scale = 10.0 ** int(digits)
    return math.copysign(math.floor(abs(value) * scale + 0.5), value) / scale


def distance(lat: float, lon: float, lat0: float, lon0: float) -> float:
    """Kilometres over the globe: the haversine formula (Sinnott, Sky and Telescope 68, 1984)."""
    dy, dx = math.radians(lat - lat0) / 2, math.radians(lon - lon0) / 2
    h = math.sin(dy) ** 2 + math.cos(math.radians(lat)) * math.cos(math.radians(lat0)) * math.sin(dx) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, h)))


def coalesce(*values: Value) -> Value:
    return next((value for value in values if value is not None), None)


STRICT: dict[str, Callable[..., Any]] = {
    "lower": small,
    "upper": lambda text: "".join(map(capital, text)),
    "trim": lambda text: text.strip(" "),
    "length": lambda text: float(len(text)),
    "substr": substr,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": lambda text, part: part in text,
    "replace": lambda text, old, new: text.replace(old, new) if old else text,
    "concat": lambda *texts: "".join(texts),
    "abs": abs,
    "round": rounded,
    "floor": lambda value: float(math.floor(value)),
    "ceil": lambda value: float(math.ceil(value)),
    "greatest": max,
    "least": min,
    "sqrt": math.sqrt,
    "ln": math.log,
    "exp": math.exp,
    "power": lambda base, exponent: float(base) ** float(exponent),
    "sign": lambda value: float((value > 0) - (value < 0)),
    "distance": distance,
    **{unit: lambda at, unit=unit: moment(unit, at) for unit in ("year", "month", "day", "weekday", "hour")},
}
SCALARS: dict[str, Callable[..., Any]] = {
    **{name: strict(function) for name, function in STRICT.items()},
    "coalesce": coalesce,
    "nullif": lambda value, other: None if value == other and other is not None else value,
}
ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": math.fmod,  # the sign of the dividend, as SQL has it
}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def doubtful(left: Any, right: Any) -> bool:
    """Whether two floats are so close that the order of adding may decide; what a quarter divides is exact."""
    if not (isinstance(left, float) and isinstance(right, int | float)) or left * 4 % 1 == right * 4 % 1 == 0:
        return False
    return bool(abs(left - right) <= CLOSE * max(1.0, abs(left), abs(right)))
