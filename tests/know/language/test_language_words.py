"""Definitions in English, and laid out for reading."""

from random import Random

import pytest

from tailorbird.know.language.explain import outline
from tailorbird.know.language.program import check, read
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.words import words
from tailorbird.testing.drawn_definitions import draw_definitions
from tailorbird.testing.drawn_words import UNDECLARED, plan, policy

SCHEMA = schema_of()


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("orders('90 days') >= 3", "the number of 'Order Completed' in the last 90 days is at least 3"),
        ("days_since('page') between 30 and 90", "days since 'page' is between 30 and 90"),
        ("sequence('page', 'session', within => '1 hour')", "'page', then 'session' within 1 hour"),
        (
            "absent('Product Added', then => 'Order Completed', within => '1 hour', until => '7 days')",
            "'Product Added' and no 'Order Completed' within 1 hour, at most 7 days ago",
        ),
        (
            "regular('session', 3, of => 4, every => '7 days')",
            "'session' in 3 or more of the last 4 periods of 7 days",
        ),
        ("logins is null or plan like 'g%'", "logins is unknown, or plan looks like 'g%'"),
        ("consent('messaging') and hour(now()) < 18", "messaging is allowed, and the present hour is below 18"),
        ("coalesce(logins, 0) + 1 > 2", "(logins (if unknown, 0) + 1) is above 2"),
        (
            "sum('Order Completed', price * quantity, each => 'products', where => price > 1)",
            "the sum of (price * quantity) over products of 'Order Completed' (where price is above 1)",
        ),
    ],
)
def test_an_expression_in_english(text: str, phrase: str) -> None:
    assert words(read(text, SCHEMA)) == phrase


@pytest.mark.parametrize("seed", range(15))
def test_whatever_can_be_written_can_be_told(seed: int) -> None:
    drawn = draw_definitions(Random(seed), 4)
    for one in check(drawn.traits, drawn.segments, schema_of(plan(), policy(), UNDECLARED)).segments:
        assert words(one.expression)
        assert outline(one.expression).count("  -- ") >= 1


def test_an_outline_is_one_line_a_condition_whatever_the_text_holds() -> None:
    assert len(outline(read("plan = 'a\nb' and logins > 1", SCHEMA)).splitlines()) == 3
