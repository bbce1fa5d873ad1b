"""When it happened: every way in which trackers write a time, and the correction of a wrong clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_END_MS = 253_402_300_800_000  # the year 10000
# A number's size tells its unit: seconds until the year 5138, then ms, us, ns (ms before March 1973 are out of reach).
_UNITS = ((1e11, 1000.0), (1e14, 1.0), (1e17, 1e-3), (9e18, 1e-6))


def parse_time(value: Any) -> int:
    """Whole ms since 1970 in UTC from ISO 8601 text (`Z`, offset or neither) or from s, ms, us, ns as number or text.

    Raises ValueError for anything else and for times before 1970 or after 9999.

    >>> parse_time("2026-11-21T20:53:16.964Z") == parse_time(1795294396.964) == parse_time("1795294396964")
    True
    >>> parse_time("2026-11-21T21:53:16.964+01:00") == parse_time("2026-11-21 20:53:16.964")
    True
    """
    if value.__class__ is str and value[4:5] == "-":
        moment = datetime.fromisoformat(value)
        at = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND
    elif value.__class__ is str:
        at = _from_number(_number(value))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        at = _from_number(value)
    else:
        raise ValueError("a time must be text or a number")
    if not 0 <= at < _END_MS:
        raise ValueError("a time must lie between 1970 and 9999")
    return at


def corrected(original: int, sent_at: int | None, received_at: int) -> int:
    """When it happened by our clock: `received_at - (sent_at - original)`, never after it was received.

    The device's own clock may be wrong, but wrong by the same amount at both of its readings. Without `sent_at` the
    original stands.

    >>> corrected(original=1_000, sent_at=1_500, received_at=9_000)
    8500
    """
    at = original if sent_at is None else received_at - (sent_at - original)
    return received_at if at > received_at else at if at > 0 else 0


def iso(ms: int) -> str:
    """ISO 8601 text in UTC with milliseconds.

    >>> iso(parse_time("2026-11-21T20:53:16.964Z"))
    '2026-11-21T20:53:16.964Z'
    """
    return (_EPOCH + timedelta(milliseconds=ms)).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def _number(text: str) -> int | float:
    if len(text) > 40:
        raise ValueError("not a time")
    # As an int where it can be: a float cannot hold nanoseconds, 19 digits, exactly.
    return int(text) if text.isdecimal() else float(text)


def _from_number(value: int | float) -> int:
    for below, to_ms in _UNITS:
        if 0 <= value < below:
            return round(value * to_ms)
    raise ValueError("a time must lie between 1970 and 9999")
