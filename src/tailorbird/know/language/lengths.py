"""Lengths of time as text ('90 days'), and the granules that windows move in."""

import re

from tailorbird.know.language.mistake import Mistake, shown
from tailorbird.know.language.tree import Window

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
UNITS = {
    "minute": MINUTE,
    "hour": HOUR,
    "day": DAY,
    "week": 7 * DAY,
    "month": 30 * DAY,
    "year": 365 * DAY,
}
GRANULES = 1_000  # a window's buckets are kept per person
# Longer than any history, and short enough that no instant leaves what a time can be.
LONGEST = 100 * UNITS["year"]
# At most 18 digits: more is longer than LONGEST in any unit, and int() of a long text takes the square of its length.
_LENGTH = re.compile(r"\s*([0-9]{1,18})\s*([a-z]+?)s?\s*", re.IGNORECASE)


def read_length(text: str, at: int | None = None) -> int:
    """The ms of a length: a whole number of minutes, hours, days, weeks, months (30 days) or years (365 days).

    >>> read_length("90 days") == read_length("3 months") == 90 * DAY
    True

    Raises Mistake for any other unit, for nothing at all and for more than 100 years.
    """
    found = _LENGTH.fullmatch(text)
    unit = UNITS.get(found[2].lower()) if found else None
    if found is None or unit is None:
        raise Mistake(f"{shown(text)} is no length of time.", "Write '90 days': minutes, hours, days, weeks, …", at)
    length = int(found[1]) * unit
    if not 0 < length <= LONGEST:
        raise Mistake(f"{shown(text)} cannot be: a length lies between 1 minute and 100 years.", at=at)
    return length


def granule_of(length: int) -> int:
    """The granule a length moves in unless told otherwise: a minute up to 3 hours, an hour up to 3 days, else a day.

    >>> granule_of(90 * DAY) == DAY, granule_of(3 * HOUR) == MINUTE
    (True, True)
    """
    return MINUTE if length <= 3 * HOUR else HOUR if length <= 3 * DAY else DAY


def window(length: int, granule: int | None = None, at: int | None = None) -> Window:
    """The window of this length, checked: whole granules, at most 1,000 of them.

    >>> window(90 * DAY)
    Window(length=7776000000, granule=86400000)

    Raises Mistake that names a granularity that would do.
    """
    size = granule or granule_of(length)
    if length % size:
        raise Mistake(
            f"A window of {spell_length(length)} is no multiple of its granularity, {spell_length(size)}.",
            f"Write granularity => '{spell_length(_fitting(length))}'.",
            at,
        )
    if length // size > GRANULES:
        raise Mistake(
            f"A window of {spell_length(length)} has {length // size:,} granules of {spell_length(size)};"
            f" it may have {GRANULES:,}.",
            f"Write granularity => '{spell_length(_fitting(length))}'.",
            at,
        )
    return Window(length, size)


def spell_length(length: int) -> str:
    """A length in its largest whole unit: what `read_length` reads back.

    >>> spell_length(90 * DAY), spell_length(HOUR), spell_length(14 * DAY), spell_length(90 * MINUTE)
    ('90 days', '1 hour', '14 days', '90 minutes')
    """
    unit = next(name for name in ("day", "hour", "minute") if length % UNITS[name] == 0)
    count = length // UNITS[unit]
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _fitting(length: int) -> int:
    """The smallest whole number of the natural granules that divides the length into at most 1,000."""
    unit = granule_of(length)
    base = unit if length % unit == 0 else MINUTE
    count = length // base
    # Rounded up.
    fewest = -(-count // GRANULES)
    return base * next(step for step in range(fewest, count + 1) if count % step == 0)
