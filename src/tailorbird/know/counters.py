"""How often, in all and in any window of whole days."""

from collections.abc import Mapping

from tailorbird.events import DAY_MS
from tailorbird.know.profile import Counter

COUNTER_DAYS = 100  # counters answer windows up to this long
REVENUE_DAYS = 400  # money is asked for by the year
COUNTER_NAMES = 200
# Where names beyond COUNTER_NAMES are counted: a name with an id in it must not grow a profile.
OTHER = "(other)"
WINDOWS = (1, 7, 30, 90)


def bump(counters: dict[str, Counter], name: str, at: int) -> None:
    """Count one event of that name at `at`."""
    day = at // DAY_MS
    counter = counters.get(name)
    if counter is None:
        # Beyond the bound the total of all events stays right, only their names are lost.
        name = name if len(counters) < COUNTER_NAMES else OTHER
        counter = counters.setdefault(name, Counter(0, at, at, {day: 0}))
    counter.total += 1
    if at > counter.last_at:
        counter.last_at = at
    elif at < counter.first_at:
        counter.first_at = at
    days = counter.days
    if day in days:
        days[day] += 1
    else:
        days[day] = 1
        forget(days, COUNTER_DAYS)


def forget(days: dict[int, int] | dict[int, float], kept: int) -> None:
    """Drop the days that lie `kept` or more before the latest: the same whatever order the days came in."""
    # Counted from the latest day and not from now: a fold has no clock.
    oldest = max(days) - kept
    if min(days) <= oldest:
        for day in [day for day in days if day <= oldest]:
            del days[day]


def window(days: Mapping[int, int] | Mapping[int, float], now: int, length: int) -> int | float:
    """The sum over the last `length` whole days, today (UTC) included.

    >>> window({100: 2, 99: 1, 94: 4}, now=100 * 86_400_000 + 5, length=2)
    3
    """
    today = now // DAY_MS
    return sum(count for day, count in days.items() if today - length < day <= today)


def joined(a: Counter, b: Counter) -> Counter:
    """The counter of both."""
    days = dict(a.days)
    for day, count in b.days.items():
        days[day] = days.get(day, 0) + count
    if days:
        forget(days, COUNTER_DAYS)
    return Counter(a.total + b.total, min(a.first_at, b.first_at), max(a.last_at, b.last_at), days)
