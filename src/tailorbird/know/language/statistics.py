"""Builders of the functions that look at what a person did: from arguments to the nodes that compilers know."""

from collections.abc import Callable
from typing import cast

from sqlglot import exp

from tailorbird.know.language.call import Call
from tailorbird.know.language.dialect import place
from tailorbird.know.language.kinds import need
from tailorbird.know.language.lengths import DAY, HOUR, MINUTE, granule_of, spell_length, window
from tailorbird.know.language.mistake import Mistake
from tailorbird.know.language.tree import (
    Absence,
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Constant,
    Elapsed,
    Events,
    Expression,
    Function,
    Held,
    Periods,
    Restart,
    Sequence,
)
from tailorbird.know.language.tree import Call as Scalar
from tailorbird.know.language.walk import check_size, nodes

ORDER = "Order Completed"
HALF_LIFE = 30 * DAY
PERIODS = 1_000
_ZERO = Constant(0.0, "number")


def _count(call: Call) -> Expression:
    return Aggregate("count", call.events()[0], None, call.window(), "number")


def _orders(call: Call) -> Expression:
    return Aggregate("count", call.filtered(Events(ORDER)), None, call.window(), "number")


def _of_value(call: Call) -> Expression:
    """sum, avg, min, max, first, last, distinct and most_frequent."""
    (events,) = call.events()
    function, read = cast("Function", call.function.name), call.value(events)
    if function in ("sum", "avg"):
        return Aggregate(function, events, need(read, "number"), call.window(), "number")
    if function == "distinct":
        return Aggregate(function, events, read.settled(), call.window(), "number")
    if function in ("min", "max") and read.kind == "boolean":
        raise Mistake(f"{read.source} is a boolean, which has no order.", at=read.at)
    return Aggregate(function, events, read.tree, call.window(), read.kind)


def _moment(call: Call) -> Expression:
    """first_at and last_at."""
    return Aggregate(cast("Function", call.function.name), call.events()[0], None, call.window(), "time")


def _first_time(call: Call) -> Expression:
    """The first one lies in the window just when all there are do."""
    (events,) = call.events()
    # Two counts and no minimum of times: counts can be taken back when people are parted, a minimum cannot.
    ever = Aggregate("count", events, None, None, "number")
    lately = Aggregate("count", events, None, call.window(), "number")
    return And((Compare(">", ever, _ZERO), Compare("=", lately, ever)))


# -- time


def _last_at(events: Events) -> Expression:
    return Aggregate("last_at", events, None, None, "time")


def _elapsed(call: Call) -> Expression:
    """days_since, hours_since and minutes_since: of an event's name its last time, else of a time."""
    unit = {"days_since": DAY, "hours_since": HOUR, "minutes_since": MINUTE}[call.function.name]
    node = call.only("since")
    if _names_event(node):
        return Elapsed(_last_at(call.event(node)), unit)
    if call.has("where") or call.has("each"):
        raise Mistake("where and each go with an event's name.", at=call.at)
    return Elapsed(need(call.read("since"), "time"), unit)


def _names_event(node: exp.Expression) -> bool:
    return (isinstance(node, exp.Literal) and node.is_string) or (
        isinstance(node, exp.Anonymous) and node.name.lower() == "event"
    )


def _days_ago(call: Call) -> Expression:
    return Elapsed(need(call.read("time"), "time"), DAY)


def _recency(call: Call) -> Expression:
    """0.5 ** (elapsed / half-life), in whole units of the granule that suits the half-life."""
    half_life = call.length("half_life") if call.has("half_life") else HALF_LIFE
    unit = granule_of(half_life)
    # In whole units, so that it changes at their edges and not with every ms.
    age = Arithmetic("/", Elapsed(_last_at(call.events()[0]), unit), Constant(half_life / unit, "number"))
    faded = Scalar("power", (Constant(0.5, "number"), age), "number")
    return Scalar("coalesce", (faded, _ZERO), "number")


def _periods(call: Call) -> Periods:
    of, every = call.whole("of", 1, PERIODS), call.length("every")
    return Periods(call.events()[0], of, every)


def _regular(call: Call) -> Expression:
    periods = _periods(call)
    k = call.whole("k", 1, PERIODS)
    if k > periods.of:
        raise Mistake(
            f"{k} of the last {periods.of} periods can never be.", f"Write of => {k} or more.", place(call.only("k"))
        )
    return Compare(">=", periods, Constant(float(k), "number"))


def _stopped(call: Call) -> Expression:
    after = call.length("after")
    # In the largest unit that fits: the person is looked at again when a whole unit has passed, not each minute.
    unit = next(unit for unit in (DAY, HOUR, MINUTE) if after % unit == 0)
    # Who never did it has no last time: NULL, which makes no member.
    return Compare(">=", Elapsed(_last_at(call.events()[0]), unit), Constant(float(after // unit), "number"))


def _restarted(call: Call) -> Expression:
    return Restart(call.events()[0], call.length("after"), call.length("within"))


def _through_time(call: Call) -> Expression:
    """The condition with segments and all that they name put in place: they had other members at other times."""
    condition = call.reader.around.segments.in_place(call.reader.condition(call.only("condition")))
    check_size(condition, call.at)
    if any(isinstance(inner, Held) for inner in nodes(condition)):
        raise Mistake(
            "held() stands inside held(), or in a trait or segment it names.", "Hold one condition only.", call.at
        )
    return condition


def _held(call: Call) -> Expression:
    length = call.length("for")
    granule = call.length("granularity") if call.has("granularity") else None
    condition = _through_time(call)
    sized = window(length, granule, place(call.only("for")))
    return Held(condition, sized.length, sized.granule)


# -- order


def _sequences(call: Call) -> Sequence:
    steps = call.events()
    return Sequence(steps, call.length("within"), call.key(steps), call.window("in"))


def _sequence(call: Call) -> Expression:
    return Compare(">=", _sequences(call), Constant(1.0, "number"))


def _absent(call: Call) -> Expression:
    (first,), (then,) = call.events(), call.events("then")
    within, until = call.length("within"), call.length("until") if call.has("until") else None
    if until is not None and until <= within:
        raise Mistake(
            f"Nobody is absent after {spell_length(within)} and only until {spell_length(until)}.",
            "until is counted from the first event, so it must be longer than within.",
            place(call.only("until")),
        )
    return Absence(first, then, within, call.key((first, then)), until)


def _event(call: Call) -> Expression:
    raise Mistake("event(…) stands only where an event is named.", "Write count(event('Name', where => …)).", call.at)


_OF_VALUE = ("sum", "avg", "min", "max", "first", "last", "distinct", "most_frequent")
_ELAPSED = ("days_since", "hours_since", "minutes_since")

BUILDERS: dict[str, Callable[[Call], Expression]] = {
    "count": _count,
    "orders": _orders,
    "event": _event,
    **dict.fromkeys(_OF_VALUE, _of_value),
    "first_at": _moment,
    "last_at": _moment,
    "first_time": _first_time,
    **dict.fromkeys(_ELAPSED, _elapsed),
    "days_ago": _days_ago,
    "recency": _recency,
    "periods": _periods,
    "regular": _regular,
    "stopped": _stopped,
    "restarted": _restarted,
    "held": _held,
    "sequence": _sequence,
    "sequences": _sequences,
    "absent": _absent,
}
