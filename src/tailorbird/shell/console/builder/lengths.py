"""Lengths of time as a number and a unit, as the builder asks for them."""

import re

UNITS = {"minutes": "minutes", "hours": "hours", "days": "days", "weeks": "weeks", "months": "months", "years": "years"}
_LENGTH = re.compile(r"\s*(\d+)\s*([a-z]+?)s?\s*", re.IGNORECASE)


def parts_of(length: str) -> tuple[int | None, str]:
    """Number and unit of a length; (None, "days") where there is none.

    >>> parts_of("1 hour"), parts_of("")
    ((1, 'hours'), (None, 'days'))
    """
    found = _LENGTH.fullmatch(length)
    unit = f"{found[2].lower()}s" if found else ""
    return (int(found[1]), unit) if found and unit in UNITS else (None, "days")


def length_of(number: float | None, unit: str) -> str:
    """The length as it is written; "" for none.

    >>> length_of(1, "hours"), length_of(90, "days"), length_of(None, "days")
    ('1 hour', '90 days', '')
    """
    if not number or number < 0:
        return ""
    return f"{int(number)} {unit.removesuffix('s') if number == 1 else unit}"
