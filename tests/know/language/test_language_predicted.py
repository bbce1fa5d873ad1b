"""Calls that read predictions: they name their own model, and read as themselves."""

import pytest

from tailorbird.know.language.lengths import DAY
from tailorbird.know.language.mistake import Mistake
from tailorbird.know.language.prediction import model_of, said
from tailorbird.know.language.program import read
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.spell import spell
from tailorbird.know.language.words import words

SCHEMA = schema_of()
WINE = "likely('Order Completed', '14 days', where => category = 'Wine', each => 'products')"


@pytest.mark.parametrize(
    "text",
    ["likely('Order Completed', '14 days')", WINE, "likely_to_leave('60 days')", "expected_value('90 days')",
     "next_category()"],
)  # fmt: skip
def test_the_model_is_named_by_the_call_that_asks_for_it(text):
    tree = read(text, SCHEMA)
    assert model_of(tree) == text == spell(tree)


def test_one_model_however_the_call_is_written():
    assert read("LIKELY('Order Completed', '2 weeks')", SCHEMA) == read("likely('Order Completed','14 days')", SCHEMA)


def test_words_say_what_is_predicted():
    assert words(read("likely('Order Completed', '14 days') >= 0.5", SCHEMA)) == (
        "the chance of 'Order Completed' within 14 days is at least 0.5"
    )
    assert "do not come back within 60 days" in words(read("likely_to_leave('60 days') < 0.5", SCHEMA))
    assert "of 'Order Completed' within 14 days, where =>" in words(read(WINE, SCHEMA))


def test_whatever_else_looks_at_predictions_is_no_model():
    other = read("last('Prediction Made', 'value', '7 days', where => model = 'next_category()')", SCHEMA)
    assert model_of(other) == ""
    assert model_of(said("of another program")) == ""


@pytest.mark.parametrize("span", ["12 hours", "2 years", "36 hours"])
def test_a_span_is_1_to_365_whole_days(span):
    with pytest.raises(Mistake, match="1 to 365 whole days ahead"):
        read(f"likely('Order Completed', '{span}')", SCHEMA)


def test_a_fortnight_later_a_word_is_none():
    window = read("expected_value('30 days')", SCHEMA).window
    assert (window.length, window.granule) == (14 * DAY, DAY)
