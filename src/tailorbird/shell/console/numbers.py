"""How numbers, times and sizes are written everywhere in the console. A missing figure is a dash, never a zero."""

import itertools
from datetime import UTC, datetime

DASH = "–"
_STEPS = ((1_000_000_000, "B"), (1_000_000, "M"), (10_000, "k"))
_SIZES = ((1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB"))
_SPANS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"))
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def count(value: float | None) -> str:
    """Whole things, all digits.

    >>> count(1234567), count(None)
    ('1,234,567', '–')
    """
    return DASH if value is None else f"{value:,.0f}"


def compact(value: float | None) -> str:
    """Whole things in a narrow place.

    >>> compact(950), compact(9_999), compact(12_345), compact(2_500_000), compact(999_700)
    ('950', '9,999', '12.3 k', '2.5 M', '1000 k')
    """
    if value is None:
        return DASH
    for step, unit in _STEPS:
        if abs(value) >= step:
            return f"{_short(value / (1000 if unit == 'k' else step))} {unit}"
    return f"{value:,.0f}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share.

    >>> percent(0.12345), percent(0.00042, 2)
    ('12.3 %', '0.04 %')
    """
    return DASH if share is None else f"{100 * share:.{digits}f} %"


def money(value: float | None, currency: str = "") -> str:
    """An amount, with the sign or the code of its currency.

    >>> money(1234.5, "USD"), money(-3, "SEK"), money(9.999)
    ('$1,234.50', '-3.00 SEK', '10.00')
    """
    if value is None:
        return DASH
    sign = SIGNS.get(currency)
    if sign:
        return f"{'-' if value < 0 else ''}{sign}{abs(value):,.2f}"
    return f"{value:,.2f} {currency}".rstrip()


def decimal(value: float | None, digits: int = 3) -> str:
    """A measure between 0 and 1, or a score.

    >>> decimal(0.20493)
    '0.205'
    """
    return DASH if value is None else f"{value:.{digits}f}"


def size(bytes_: float | None) -> str:
    """Bytes.

    >>> size(512), size(1_500_000), size(3 << 30), size(1010 << 20)
    ('512 B', '1.43 MB', '3.00 GB', '1010 MB')
    """
    if bytes_ is None:
        return DASH
    for step, unit in _SIZES:
        if bytes_ >= step:
            return f"{_short(bytes_ / step)} {unit}" if bytes_ / step >= 10 else f"{bytes_ / step:.2f} {unit}"
    return f"{bytes_:.0f} B"


def _short(value: float) -> str:
    """Three digits; from 1000 on `g` would write powers of ten."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def span(ms: float | None) -> str:
    """A length of time in its largest unit, and the next one where that matters.

    >>> span(850), span(4_200), span(75_000), span(90_000_000)
    ('850 ms', '4.2 s', '1 min 15 s', '1 d 1 h')
    """
    if ms is None:
        return DASH
    if ms < 1000:
        return f"{ms:.0f} ms"
    if ms < 60_000:
        return f"{ms / 1000:.1f} s"
    for (step, unit), (below, smaller) in itertools.pairwise(_SPANS):
        if ms >= step:
            rest = int(ms % step // below)
            return f"{int(ms // step)} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{ms / 1000:.1f} s"


def ago(then: int | None, now: int) -> str:
    """How long ago, roughly.

    >>> ago(1_000, 1_500), ago(0, 200_000), ago(None, 0), ago(100_000_000, 900_000_000)
    ('just now', '–', '–', '9 d ago')
    """
    # 0 means never.
    if not then:
        return DASH
    gap = now - then
    if gap < 5_000:
        return "just now"
    for step, unit in _SPANS:
        if gap >= step:
            return f"{gap // step} {unit} ago"
    return "just now"


def _utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def clock(ms: int | None) -> str:
    """The time of day in UTC.

    >>> clock(1_700_000_000_000)
    '22:13:20'
    """
    return _utc(ms).strftime("%H:%M:%S") if ms else DASH


def day(ms: int | None) -> str:
    """The date in UTC.

    >>> day(1_700_000_000_000)
    '14 Nov 2023'
    """
    return f"{_utc(ms).day} {_utc(ms):%b %Y}" if ms else DASH


def when(ms: int | None, now: int) -> str:
    """The time of day, with the date before it unless that is today.

    >>> when(1_700_000_000_000, 1_700_000_001_000), when(1_700_000_000_000, 1_800_000_000_000)
    ('22:13:20', '14 Nov 22:13')
    """
    if not ms:
        return DASH
    same = ms // 86_400_000 == now // 86_400_000
    return clock(ms) if same else f"{_utc(ms).day} {_utc(ms):%b %H:%M}"


def moment(ms: int | None) -> str:
    """Date and time in UTC.

    >>> moment(1_700_000_000_000)
    '14 Nov 2023, 22:13:20'
    """
    return f"{day(ms)}, {clock(ms)}" if ms else DASH
