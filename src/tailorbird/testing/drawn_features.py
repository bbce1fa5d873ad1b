"""One drawn condition on a person for each function of the language, so that none is forgotten."""

import math
from collections.abc import Callable
from random import Random

from tailorbird.testing.drawn_filters import filtered
from tailorbird.testing.drawn_values import (
    NUMBERS,
    TEXTS,
    WORDS,
    Number,
    counted,
    draw_number,
    draw_text,
    draw_time,
    followed,
    happening,
    score,
)
from tailorbird.testing.drawn_words import CITIES, LISTS, MODELS, PLAIN_EVENTS, quoted, window

Feature = Callable[[Random], str]


def compared(number: Number, draw: Random) -> str:
    """A comparison that about half of the people pass."""
    mark, other = draw.choice(number.marks), draw.choice(number.marks)
    low, high = f"{min(mark, other):g}", f"{max(mark, other):g}"
    forms = (f">= {mark:g}", f"> {mark:g}", f"< {mark:g}", f"<= {mark:g}", f"<> {mark:g}", f"between {low} and {high}")
    if draw.random() < 0.15:
        return draw.choice(
            (
                f"{number.text} is not null",
                f"{number.text} in ({low}, {high}, null)",
                f"{number.text} not between {low} and {high}",
                f"{number.text} > {draw_number(draw, 0).text}",
                f"{number.text} = {mark:g}",
            )
        )
    return f"{number.text} {draw.choice(forms)}"


def texted(text: str, draw: Random) -> str:
    """A condition on a text that some people pass."""
    one, other, letter = draw.choice(WORDS), draw.choice(WORDS), draw.choice("teaöMs")
    some = ", ".join(quoted(draw.choice(WORDS)) for _ in range(4))
    return f"{text} " + draw.choice(
        (
            f"<> {quoted(one)}",
            f"> {quoted('l')}",
            f"<= {quoted(draw.choice(('t', 'news', 'z')))}",
            f"in ({some})",
            f"not in ({some})",
            f"between {quoted(min(one, other))} and {quoted(max(one, other))}",
            f"like '%{letter}%'",
            f"not like '{letter}%'",
            f"ilike '%{letter}_%'",
            "is not null",
        )
    )


def number_feature(name: str) -> Feature:
    return lambda draw: compared(NUMBERS[name](draw), draw)


def either_feature(name: str) -> Feature:
    """Of functions that give what their value is: a number, a text or a truth."""

    def draw_either(draw: Random) -> str:
        if name not in ("min", "max") and draw.random() < 0.15:
            return f"{name}('Quiz Done', 'passed'{window(draw)[0]}) is {draw.choice(('true', 'not true', 'not false'))}"
        return compared(NUMBERS[name](draw), draw) if draw.random() < 0.5 else texted(TEXTS[name](draw), draw)

    return draw_either


def worked_feature(form: str, work: Callable[[float], float]) -> Feature:
    """A scalar function of a number; its marks go through the same work."""

    def draw_worked(draw: Random) -> str:
        number = draw_number(draw, 0)
        marks = tuple(round(work(mark), 2) for mark in number.marks)
        return compared(Number(form.format(x=number.text, m=f"{number.marks[0]:g}"), marks), draw)

    return draw_worked


def text_feature(*forms: str) -> Feature:
    """A scalar function of a text that gives a text."""
    return lambda draw: texted(draw.choice(forms).format(x=draw_text(draw), y=draw_text(draw)), draw)


def truth_feature(*forms: str) -> Feature:
    return lambda draw: draw.choice(forms).format(x=draw_text(draw), y=draw_text(draw), t=draw_time(draw)[0])


def calendar_feature(name: str, *marks: float) -> Feature:
    def draw_calendar(draw: Random) -> str:
        time = "now()" if draw.random() < 0.3 else draw_time(draw)[0]
        return compared(Number(f"{name}({time})", marks), draw)

    return draw_calendar


def of_any_kind(*features: Feature) -> Feature:
    return lambda draw: draw.choice(features)(draw)


def now(draw: Random) -> str:
    return draw.choice(("hour(now()) < 12", "weekday(now()) <= 4", "day(now()) > 15", "month(now()) = 11"))


def first_time(draw: Random) -> str:
    source, during = draw.choice(PLAIN_EVENTS), ""
    while not during:
        during = window(draw)[0]
    return f"first_time({happening(draw, source)}{during}{filtered(draw, source)})"


def time_feature(name: str) -> Feature:
    """first_at, last_at: held against another time, or for being there at all."""

    def draw_times(draw: Random) -> str:
        source = draw.choice(PLAIN_EVENTS)
        time = f"{name}({happening(draw, source)}{window(draw)[0]}{filtered(draw, source)})"
        day = f"'2024-{draw.choice(('10-20', '11-01', '11-10T12:00:00Z'))}'"
        other = draw_time(draw)[0]
        forms = (f"> {other}", f"< {other}", "is not null", f">= {day}", f"not between '2024-10-15' and {day}")
        return f"{time} {draw.choice(forms)}"

    return draw_times


def stopped(draw: Random) -> str:
    source = draw.choice(PLAIN_EVENTS)
    after = draw.choice(("1 day", "3 days", "7 days", "14 days"))
    return f"stopped({happening(draw, source)}, after => '{after}'{filtered(draw, source)})"


def restarted(draw: Random) -> str:
    source = draw.choice(PLAIN_EVENTS)
    after, within = draw.choice(("2 hours", "1 day", "5 days")), draw.choice(("7 days", "20 days", "40 days"))
    return f"restarted({happening(draw, source)}, after => '{after}', within => '{within}'{filtered(draw, source)})"


def regular(draw: Random) -> str:
    source = draw.choice(PLAIN_EVENTS)
    number, every, k = draw.choice(((4, "7 days", 2), (6, "1 week", 3), (12, "3 days", 3), (24, "1 hour", 1)))
    return f"regular({happening(draw, source)}, {k}, of => {number}, every => '{every}'{filtered(draw, source)})"


def absent(draw: Random) -> str:
    first, then, key = draw.choice(
        (
            ("'Product Added'", "'Order Completed'", ""),
            ("'Product Viewed'", "'Product Added'", ", key => 'category'"),
            ("'Product Added'", "event('Product Viewed', where => price > 4)", ", key => brand"),
            ("'page'", "'Quiz Done'", ""),
            ("'Order Completed'", "'Order Completed'", ", key => category, each => 'products'"),
            ("'session'", "'Product Added'", ""),
        )
    )
    within = draw.choice(("30 minutes", "1 hour", "2 days", "9 days"))
    until = draw.choice(("", "", ", until => '15 days'", ", until => '30 days'"))
    return f"absent({first}, then => {then}, within => '{within}'{until}{key})"


def held(draw: Random) -> str:
    length = draw.choice(("3 hours', granularity => '1 hour", "1 day", "3 days", "7 days", "14 days"))
    return f"held({draw.choice(HOLDABLE)(draw)}, for => '{length}')"


def compared_one(draw: Random) -> str:
    numbers = (counted("count"), NUMBERS["sum"], NUMBERS["days_since"], NUMBERS["age"], NUMBERS["affinity"])
    return compared(draw.choice(numbers)(draw), draw)


def segment(draw: Random) -> str:
    return f"segment('{draw.choice(('base_a', 'base_b'))}')"


HOLDABLE: tuple[Feature, ...] = (
    *[compared_one] * 4,
    *(absent, stopped, restarted, regular, segment, followed("sequence")),
    lambda draw: f"{compared_one(draw)} or not {compared_one(draw)}",
    lambda draw: f"consent('research') and {compared_one(draw)}",
    lambda draw: "in_list('gold')",
    lambda draw: "vip is not false",
)


def predicted(model: str) -> Feature:
    return lambda draw: compared(Number(model, (0.1, 0.5, 0.9)), draw)


FEATURES: dict[str, Feature] = {
    **{name: number_feature(name) for name in ("count", "orders", "sum", "avg", "distinct", "recency", "periods")},
    **{name: number_feature(name) for name in ("days_since", "hours_since", "minutes_since", "days_ago")},
    **{name: number_feature(name) for name in ("sequences", "affinity", "random_bucket")},
    **{name: either_feature(name) for name in ("min", "max", "first", "last", "most_frequent")},
    "event": lambda draw: f"count(event('Product Viewed'{filtered(draw, PLAIN_EVENTS[0], 1.0)}){window(draw)[0]}) >= 2",
    "first_at": time_feature("first_at"),
    "last_at": time_feature("last_at"),
    "first_time": first_time,
    "regular": regular,
    "stopped": stopped,
    "restarted": restarted,
    "held": held,
    "sequence": followed("sequence"),
    "absent": absent,
    "segment": segment,
    "in_list": lambda draw: f"in_list('{draw.choice(LISTS)}')",
    "consent": lambda draw: f"consent('{draw.choice(('analytics', 'messaging', 'research'))}')",
    "score": lambda draw: compared(score(draw), draw),
    "now": now,
    **dict(zip(("likely", "likely_to_leave", "expected_value"), map(predicted, MODELS), strict=False)),
    "next_category": lambda draw: texted("next_category()", draw),
    "lower": text_feature("lower({x})"),
    "upper": text_feature("upper({x})"),
    "trim": text_feature("trim({x})"),
    "length": lambda draw: compared(Number(f"length({draw_text(draw)})", (3.0, 4.0, 6.0)), draw),
    "substr": text_feature("substr({x}, 2)", "substr({x}, 1, 2)", "substr({x}, 3, 9)"),
    "starts_with": truth_feature("starts_with(city, 'B')", "not starts_with({x}, 't')", "starts_with({x}, {y})"),
    "ends_with": truth_feature("ends_with(city, 'in')", "not ends_with({x}, 'k')", "ends_with({x}, substr({y}, 2))"),
    "contains": truth_feature("contains({x}, 'e')", "contains({x}, {y})", "not contains({x}, 'i')"),
    "replace": text_feature("replace({x}, 'e', 'i')", "replace({x}, {y}, 'm')"),
    "concat": text_feature("concat({x}, {y})", "{x} || ' ' || {y}", "concat({x}, 'a')", "concat({x}, 'a', {y})"),
    "abs": worked_feature("abs({x} - {m})", lambda mark: mark / 2),
    "round": worked_feature("round({x} / 3, 1)", lambda mark: round(mark / 3, 1)),
    "floor": worked_feature("floor({x} / 2)", lambda mark: math.floor(mark / 2)),
    "ceil": worked_feature("ceil({x} / 2)", lambda mark: math.ceil(mark / 2)),
    "sign": worked_feature("sign({x} - {m})", lambda mark: 0.5),
    "sqrt": worked_feature("sqrt({x})", lambda mark: math.sqrt(abs(mark))),
    "ln": worked_feature("ln({x})", lambda mark: math.log(abs(mark) or 1)),
    "exp": worked_feature("exp({x} / -4)", lambda mark: math.exp(mark / -4)),
    "power": worked_feature("power({x}, 2)", lambda mark: mark**2),
    "greatest": worked_feature("greatest({x}, {m}, 1)", lambda mark: mark),
    "least": worked_feature("least({x}, 2 * {m} + 1)", lambda mark: mark),
    "distance": lambda draw: compared(Number("distance(lat, lon, 52.52, 13.405)", (100.0, 500.5, 700.0)), draw),
    "coalesce": of_any_kind(worked_feature("coalesce({x}, 1)", abs), text_feature("coalesce({x}, {y}, 't')")),
    "nullif": of_any_kind(worked_feature("nullif({x}, {m})", abs), text_feature("nullif({x}, 'tea')")),
    "year": calendar_feature("year", 2023.0, 2024.0),
    "month": calendar_feature("month", 6.0, 10.0, 11.0),
    "day": calendar_feature("day", 8.0, 15.0, 22.0),
    "weekday": calendar_feature("weekday", 3.0, 4.0, 5.0),
    "hour": calendar_feature("hour", 6.0, 12.0, 18.0),
}  # fmt: skip
TRAITS_SAID: tuple[Feature, ...] = (
    lambda draw: "vip",
    lambda draw: "not vip",
    lambda draw: "vip is null",
    lambda draw: f"city in ({quoted(draw.choice(CITIES))}, {quoted(draw.choice(CITIES))}, 'Wien')",
)
