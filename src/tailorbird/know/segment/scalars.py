"""The scalar functions of the language, as generated code calls them: arguments are never None, a result may be."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import asin, ceil, copysign, cos, exp, floor, isfinite, log, radians, sin, sqrt
from typing import Any

EARTH_KM = 6371.0088
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def lower(text: str) -> str:
    """By character, each to one character, as SQL engines do.

    >>> lower("ÄRGER İ")
    'ärger i'
    """
    # By letter, as Python's whole-text form knows endings (the last sigma of a word) that SQL engines do not.
    return text.lower() if text.isascii() else "".join(map(_lower, text))


def _lower(letter: str) -> str:
    return letter.lower()[0]  # only İ gives two, and its simple form is the first


def upper(text: str) -> str:
    """By character, each to one character: ß to ẞ, because SQL engines disagree on it, and agree on that.

    >>> upper("straße")
    'STRAẞE'
    """
    return text.upper() if text.isascii() else "".join(map(_upper, text.replace("ß", "ẞ")))


def _upper(letter: str) -> str:
    for form in (letter.upper(), letter.title()):
        if len(form) == 1:
            return form
    return letter


def trim(text: str) -> str:
    return text.strip(" ")


def length(text: str) -> int:
    return len(text)


def substr(text: str, start: float, length: float | None = None) -> str:
    """From place `start` on, which counts from 1.

    >>> substr("shoes", 2, 3)
    'hoe'
    """
    begin = max(int(start) - 1, 0)
    return text[begin:] if length is None else text[begin : begin + max(int(length), 0)]


def contains(text: str, part: str) -> bool:
    return part in text


def replace(text: str, old: str, new: str) -> str:
    return text.replace(old, new) if old else text


def concat(*texts: str) -> str:
    return "".join(texts)


def round_(value: float, digits: float = 0) -> float | None:
    """Half away from zero, as SQL has it.

    >>> round_(2.5), round_(-0.125, 2)
    (3.0, -0.13)
    """
    scale = 10.0 ** int(digits)
    # Python's own rounds half to even; SQL rounds it away from zero.
    scaled = abs(value) * scale + 0.5
    return copysign(floor(scaled), value) / scale if isfinite(scaled) else None


def floor_(value: float) -> float:
    return float(floor(value))


def ceil_(value: float) -> float:
    return float(ceil(value))


def sqrt_(value: float) -> float | None:
    return sqrt(value) if value >= 0 else None


def ln(value: float) -> float | None:
    return log(value) if value > 0 else None


def exp_(value: float) -> float | None:
    # Beyond it a double is infinite.
    return exp(value) if value < 709.78 else None


def power(base: float, exponent: float) -> float | None:
    """None where it is not a finite real number.

    >>> power(2.0, 0.5) == sqrt_(2.0), power(-1.0, 0.5), power(0.0, -1.0), power(10.0, 999.0)
    (True, None, None, None)
    """
    try:
        result = float(base) ** float(exponent)
    except (OverflowError, ZeroDivisionError):
        return None
    return result if isinstance(result, float) and isfinite(result) else None


def sign(value: float) -> float:
    return float((value > 0) - (value < 0))


def distance(lat: float, lon: float, lat0: float, lon0: float) -> float | None:
    """Kilometres over the globe: the haversine formula (Sinnott, Sky and Telescope 68, 1984).

    >>> round(distance(52.52, 13.405, 48.137, 11.575))
    504
    """
    dy, dx = radians(lat - lat0) / 2, radians(lon - lon0) / 2
    h = sin(dy) ** 2 + cos(radians(lat)) * cos(radians(lat0)) * sin(dx) ** 2
    # Rounding may lift h above 1 for points opposite each other; a latitude beyond the poles can push it below 0.
    return 2 * EARTH_KM * asin(sqrt(min(1.0, h))) if h >= 0 else None


def part_of(unit: str) -> Callable[[int], int | None]:
    """A part of a time's calendar in UTC; weekday from 1 Monday to 7 Sunday.

    >>> part_of("year")(0), part_of("weekday")(0), part_of("hour")(-1)
    (1970, 4, 23)
    """

    def part(at: int) -> int | None:
        try:
            when = _EPOCH + timedelta(milliseconds=at)
        except OverflowError:
            return None
        return when.isoweekday() if unit == "weekday" else int(getattr(when, unit))

    return part


def next_of(unit: str) -> Callable[[int], int]:
    """When the present month or year ends.

    >>> next_of("month")(0) == 31 * 86_400_000, next_of("year")(0) == 365 * 86_400_000
    (True, True)
    """

    def next_(at: int) -> int:
        when = _EPOCH + timedelta(milliseconds=at)
        year, month = (when.year, when.month + 1) if unit == "month" else (when.year + 1, 1)
        # December's next month is January of the year behind it.
        edge = datetime(year + (month > 12), (month - 1) % 12 + 1, 1, tzinfo=UTC)
        return (edge - _EPOCH) // timedelta(milliseconds=1)

    return next_


def like(pattern: str, any_case: bool) -> Callable[[str], bool]:
    """SQL's like as a function of the text: % for any run, _ for any one character.

    >>> like("%oe_", False)("shoes"), like("SH%", True)("shoes"), like("a.c", False)("abc")
    (True, True, False)
    """
    parts = {"%": ".*", "_": "."}
    wanted = "".join(parts.get(letter, re.escape(letter)) for letter in (lower(pattern) if any_case else pattern))
    # A line break is a character like any other to SQL's % and _.
    match = re.compile(wanted, re.DOTALL).fullmatch
    return (lambda text: match(lower(text)) is not None) if any_case else (lambda text: match(text) is not None)


PARTS = ("year", "month", "day", "weekday", "hour")
SCALARS: dict[str, Callable[..., Any]] = {
    "lower": lower, "upper": upper, "trim": trim, "length": length, "substr": substr, "starts_with": str.startswith,
    "ends_with": str.endswith, "contains": contains, "replace": replace, "concat": concat, "abs": abs, "round": round_,
    "floor": floor_, "ceil": ceil_, "greatest": max, "least": min, "sqrt": sqrt_, "ln": ln, "exp": exp_,
    "power": power, "sign": sign, "distance": distance, **{unit: part_of(unit) for unit in PARTS},
}  # fmt: skip
# Those that can be NULL though no argument is.
PARTIAL = {"round", "sqrt", "ln", "exp", "power", "distance", *PARTS}
