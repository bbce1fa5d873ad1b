"""Values of a person, drawn as text: numbers with marks that part people, texts and times."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from tailorbird.testing.drawn_filters import condition, filtered
from tailorbird.testing.drawn_words import (
    BRANDS,
    CATEGORIES,
    CITIES,
    PLAIN_EVENTS,
    SOURCES,
    SPAN_DAYS,
    Source,
    quoted,
    window,
)


class Number(NamedTuple):
    """The text of a number, and values of it that lie between people."""

    text: str
    marks: tuple[float, ...]


def happening(draw: Random, source: Source) -> str:
    """The event of a source, sometimes with a filter of its own."""
    if draw.random() < 0.15 and source.texts and not source.each:
        return f"event({quoted(source.event)}, where => {condition(draw, source)})"
    return quoted(source.event)


def of(draw: Random, kinds: str) -> tuple[Source, str]:
    """A source with such values, and one of them or an expression over them."""
    source = draw.choice([one for one in SOURCES if getattr(one, kinds)])
    name = draw.choice(sorted(getattr(source, kinds)))
    if name == "delivery.days":  # of no declared kind: by itself it would be read as a text
        return source, f"{name} + 0"
    if kinds == "numbers" and name in ("price", "quantity") and draw.random() < 0.3:
        return source, draw.choice(("price * quantity", "price - 1", "coalesce(price, 2) + quantity"))
    return source, quoted(name) if "." not in name and draw.random() < 0.8 else name


def counted(name: str) -> Callable[[Random], Number]:
    def draw_count(draw: Random) -> Number:
        source = draw.choice(PLAIN_EVENTS)
        during, days = window(draw)
        expected = source.often * min(days, SPAN_DAYS) / SPAN_DAYS
        if name == "orders":
            return Number(f"orders({during[2:]})", (1.0, 2.0, 3.0))
        # Marks near what a person has by then: a comparison that everybody passes, or nobody, tests nothing.
        marks = tuple(float(max(1, round(expected * part))) for part in (0.4, 0.7, 1.0))
        return Number(f"count({happening(draw, source)}{during}{filtered(draw, source)})", marks)

    return draw_count


def measured(name: str) -> Callable[[Random], Number]:
    """sum avg min max first last most_frequent of a number."""

    def draw_measure(draw: Random) -> Number:
        source, value = of(draw, "numbers")
        during, days = window(draw)
        marks = source.numbers.get(value.strip("'"), (4.0, 6.0, 9.0))
        if name == "sum":
            marks = tuple(
                round(mark * max(1.0, source.often * min(days, SPAN_DAYS) / SPAN_DAYS) * 0.7) for mark in marks
            )
        return Number(f"{name}({happening(draw, source)}, {value}{during}{filtered(draw, source)})", marks)

    return draw_measure


def distinct(draw: Random) -> Number:
    source, value = of(draw, draw.choice(("numbers", "texts", "numbers", "texts", "truths", "times")))
    return Number(
        f"distinct({happening(draw, source)}, {value}{window(draw)[0]}{filtered(draw, source)})", (1.0, 2.0, 3.0)
    )


def elapsed(name: str) -> Callable[[Random], Number]:
    days = {"days_since": 1.0, "hours_since": 24.0, "minutes_since": 1440.0}.get(name, 1.0)

    def draw_elapsed(draw: Random) -> Number:
        if name == "days_ago" or draw.random() < 0.3:
            time, marks = draw_time(draw)
            return Number(f"{name}({time})", tuple(mark * days for mark in marks))
        source = draw.choice(PLAIN_EVENTS)
        behind = SPAN_DAYS / source.often
        marks = tuple(float(round(days * behind * part)) for part in (0.3, 0.6, 1.0, 1.5))
        return Number(f"{name}({happening(draw, source)}{filtered(draw, source)})", marks)

    return draw_elapsed


def recency(draw: Random) -> Number:
    source = draw.choice(PLAIN_EVENTS)
    half = draw.choice(("", ", half_life => '7 days'"))
    if draw.random() < 0.1:  # rarely, because it is told by the hour
        half = ", half_life => '3 days'"
    return Number(f"recency({happening(draw, source)}{half}{filtered(draw, source)})", (0.3, 0.45, 0.6, 0.8))


def periods(draw: Random) -> Number:
    source = draw.choice(PLAIN_EVENTS)
    number, every = draw.choice(((4, "7 days"), (6, "1 week"), (10, "3 days"), (20, "1 day"), (36, "1 hour")))
    marks = (1.0, 2.0, 3.0) if source.often < 8 else (2.0, 3.0, 4.0)
    return Number(
        f"periods({happening(draw, source)}, of => {number}, every => '{every}'{filtered(draw, source)})", marks
    )


def steps(draw: Random) -> tuple[str, str]:
    """Two or three events in order, and a key that all of them have."""
    first, second = quoted("Product Viewed"), quoted("Product Added")
    third = quoted("Order Completed")
    if draw.random() < 0.4:
        more = draw.choice(("", "", f", {first}", f", event('Product Viewed', where => {condition(draw, SOURCES[0])})"))
        keys = (
            ", key => 'category'",
            ", key => 'brand'",
            ", key => product_id",
            ", key => price",
        )
        return f"{first}, {second}{more}", draw.choice(keys)
    return draw.choice(
        (
            f"{first}, {second}",
            f"{second}, {third}",
            f"{first}, {second}, {third}",
            f"{third}, {third}",
            f"event('Product Viewed', where => {condition(draw, SOURCES[0])}), {third}",
            f"'page', 'Quiz Done', {first}",
        )
    ), ""


def followed(name: str) -> Callable[[Random], str]:
    def draw_sequence(draw: Random) -> str:
        events, key = steps(draw)
        within = draw.choice(("30 minutes", "1 hour", "1 day", "5 days", "10 days", "30 days"))
        inside = f", in => {window(draw)[0][2:]}" if draw.random() < 0.3 else ""
        return f"{name}({events}, within => '{within}'{key}{inside if inside != ', in => ' else ''})"

    return draw_sequence


def affinity(draw: Random) -> Number:
    kind, values = draw.choice((("category", CATEGORIES[:4]), ("brand", BRANDS)))
    half = draw.choice(("", ", half_life => '7 days'"))
    return Number(f"affinity('{kind}', {quoted(draw.choice(values))}{half})", (0.15, 0.3, 0.45, 0.6))


def random_bucket(draw: Random) -> Number:
    return Number(f"random_bucket({quoted(draw.choice(('a', 'autumn', 'ö')))})", (25.0, 50.0, 75.5))


def score(draw: Random) -> Number:
    number, other = draw_number(draw, 0), draw_number(draw, 0)
    terms = f"{number.text} / {max(number.marks):g} + 0.25 * {other.text} / {max(other.marks):g}"
    return Number(f"score({terms}{draw.choice((' - 1', ''))})", (0.2, 0.4, 0.7))


def text_of(name: str) -> Callable[[Random], str]:
    """first last min max most_frequent of a text."""

    def draw_text_of(draw: Random) -> str:
        source, value = of(draw, "texts")
        return f"{name}({happening(draw, source)}, {value}{window(draw)[0]}{filtered(draw, source, 0.15)})"

    return draw_text_of


NUMBERS: dict[str, Callable[[Random], Number]] = {
    "count": counted("count"),
    "orders": counted("orders"),
    **{name: measured(name) for name in ("sum", "avg", "min", "max", "first", "last", "most_frequent")},
    "distinct": distinct,
    **{name: elapsed(name) for name in ("days_since", "hours_since", "minutes_since", "days_ago")},
    "recency": recency,
    "periods": periods,
    "sequences": lambda draw: Number(followed("sequences")(draw), (1.0, 2.0)),
    "affinity": affinity,
    "random_bucket": random_bucket,
    "age": lambda draw: Number("age", (25.0, 40.0, 60.0)),
}
# Worked on, they would move everybody each minute or hour of all these weeks; compared with a number, once.
WORKABLE = tuple(sorted(NUMBERS.keys() - {"minutes_since", "hours_since"}))
TEXTS: dict[str, Callable[[Random], str]] = {
    **{name: text_of(name) for name in ("min", "max", "first", "last", "most_frequent")},
    "city": lambda draw: "city",
}
WORDS = tuple(sorted({*CATEGORIES, *CITIES, *BRANDS, "news", "Home", "c2"}))


def draw_number(draw: Random, depth: int = 1) -> Number:
    """A number of the person, perhaps worked on."""
    number = NUMBERS[draw.choice(WORKABLE)](draw)
    if depth and draw.random() < 0.25:
        return draw.choice(REWORKED)(number, draw)
    return number


REWORKED: tuple[Callable[[Number, Random], Number], ...] = (
    lambda one, draw: Number(f"{one.text} * 2", tuple(mark * 2 for mark in one.marks)),
    lambda one, draw: Number(f"({one.text} - 1) / 3", tuple(round((mark - 1) / 3, 3) for mark in one.marks)),
    lambda one, draw: Number(f"{one.text} % 3", (1.0, 2.0)),
    lambda one, draw: Number(f"({one.text} + {draw_number(draw, 0).text})", one.marks),
    lambda one, draw: Number(f"-{one.text}", tuple(-mark for mark in one.marks)),
    lambda one, draw: Number(f"{one.text} / nullif({draw_number(draw, 0).text}, 0)", (0.4, 1.1, 2.6)),
    lambda one, draw: Number(f"case when {one.text} > {one.marks[0]:g} then {one.text} else 1 end", one.marks),
)


def draw_text(draw: Random) -> str:
    return TEXTS[draw.choice(sorted(TEXTS))](draw)


def draw_time(draw: Random) -> tuple[str, tuple[float, ...]]:
    """A time of the person, and days that it lies back for about half of them."""
    kind = draw.randrange(5)
    if kind == 0:
        return "joined_on", (30.0, 100.0, 300.0)
    if kind == 1:
        function = draw.choice(("min", "max", "first", "last", "most_frequent"))
        return f"{function}('Quiz Done', 'due'{window(draw)[0]})", (-5.0, 5.0, 20.0)
    if kind == 4:
        return "coalesce(last('Quiz Done', 'due'), nullif(last_at('page'), joined_on), joined_on)", (1.0, 9.0, 40.0)
    source = draw.choice(PLAIN_EVENTS)
    behind = SPAN_DAYS / source.often
    if kind == 2:
        return f"first_at({happening(draw, source)}{window(draw)[0]}{filtered(draw, source)})", (20.0, 30.0, 40.0)
    return f"last_at({happening(draw, source)}{window(draw)[0]}{filtered(draw, source)})", (behind * 0.5, behind)
