"""Definitions drawn from the whole grammar, as the text that a site would write.

A `Random` is all the chance they need: Hypothesis lends one whose every draw it can shrink, a long run takes seeds.
"""

from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from tailorbird.testing.drawn_features import FEATURES, TRAITS_SAID, compared, texted
from tailorbird.testing.drawn_values import Number, draw_number, draw_text

# Other segments may name these; each parts people about evenly.
BASES = {"base_a": "count('Product Added', '14 days') >= 2", "base_b": "segment('base_a') or days_since('page') < 9"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """The bodies of traits.yaml and segments.yaml."""

    traits: dict[str, str]
    segments: dict[str, str]


def draw_condition(draw: Random, parts: int) -> str:
    """A condition on a person in which about so many functions stand."""
    if parts <= 1:
        return FEATURES[draw.choice(sorted(FEATURES))](draw) if draw.random() < 0.97 else draw.choice(TRAITS_SAID)(draw)
    left, right = draw_condition(draw, parts // 2), draw_condition(draw, parts - parts // 2)
    return draw.choice(COMBINED).format(a=left, b=right)


# "and" and "or" twice: they are what sites write, and deeper nots soon let everybody in, or nobody.
COMBINED = (
    "({a} and {b})",
    "({a} or {b})",
    "({a} and {b})",
    "({a} or {b})",
    "({a} and not ({b}))",
    "not ({a} or {b})",
    "case when {a} then {b} else not ({b}) end",
    "({a}) = ({b})",
    "({a}) is null or {b}",
)


def draw_definitions(draw: Random, count: int) -> Drawn:
    """So many segments, and a few traits that some of them use."""
    traits = {f"number_{n}": draw_number(draw).text for n in range(2)} | {
        f"text_{n}": draw_text(draw) for n in range(2)
    }
    segments = dict(BASES)
    for number in range(count):
        condition = draw_condition(draw, draw.choice((4, 4, 5, 6, 8)))
        segments[f"s{number}"] = with_trait(draw, condition) if draw.random() < 0.15 else condition
    return Drawn(traits, segments)


def with_trait(draw: Random, condition: str) -> str:
    """The condition beside one on a computed trait."""
    number = Number(f"number_{draw.randrange(2)}", (1.0, 3.0, 9.0))
    other = compared(number, draw) if draw.random() < 0.5 else texted(f"text_{draw.randrange(2)}", draw)
    return f"{condition} {draw.choice(('and', 'or'))} {other}"


@st.composite
def definitions(draw: st.DrawFn, most: int = 6) -> Drawn:
    """Drawn definitions that shrink."""
    chance = draw(st.randoms(use_true_random=False))
    return draw_definitions(chance, draw(st.integers(1, most)))
