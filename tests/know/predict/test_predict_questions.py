"""What is asked, of which past, and what is worth saying."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.errors import BadDefinition
from tailorbird.know.language.program import check, read
from tailorbird.know.language.schema import schema_of
from tailorbird.know.predict.changes import AGAIN, STEP, Word, is_news
from tailorbird.know.predict.cuts import cuts_of, days_needed
from tailorbird.know.predict.question import asked, question_of

SCHEMA = schema_of()
WINE = "likely('Order Completed', '14 days', where => category = 'Wine', each => 'products')"


@pytest.mark.parametrize(
    ("model", "outcome"),
    [
        (WINE, "count('Order Completed', '14 days', where => category = 'Wine', each => 'products') > 0"),
        ("likely_to_leave('60 days')", "count('session', '60 days') = 0"),
        ("expected_value('90 days')", "coalesce(sum('Order Completed', 'revenue', '90 days'), 0)"),
    ],
)
def test_outcomes_are_expressions_of_the_language(model, outcome):
    question = question_of(model)
    assert question.outcome == outcome
    assert read(question.outcome, SCHEMA).kind in ("boolean", "number")
    assert read(question.about, SCHEMA).kind == "boolean"


def test_definitions_that_ask_declare_the_models():
    traits = {"soon": "likely('Order Completed', '14 days')", "often": "orders() > 3"}
    segments = {"wine": f"{WINE} > 0.5 and often", "near": "soon > 0.5", "tea": "next_category() = 'tea'"}
    assert asked(check(traits, segments, SCHEMA)) == {
        "likely('Order Completed', '14 days')": ["soon", "near"],
        WINE: ["wine"],
        "next_category()": ["tea"],
    }


def test_slugs_tell_models_apart():
    models = (
        WINE,
        WINE.replace("Wine", "wine"),
        "likely('Order Completed', '14 days')",
        "likely('order completed', '14 days')",
        "likely('Order, Completed', '14 days')",
        "likely('it''s', '14 days')",
    )
    slugs = {question_of(model).slug for model in models}
    assert len(slugs) == len(models)
    assert all(slug.replace("_", "").isalnum() and slug.isascii() and len(slug) <= 60 for slug in slugs)


def test_text_that_is_no_model_is_refused():
    with pytest.raises(BadDefinition, match="names no model"):
        question_of("likely('Order Completed')")


@given(st.integers(0, 400), st.integers(0, 900), st.integers(1, 365))
def test_nothing_learned_from_lies_behind_the_start_of_what_it_is_tested_on(first, length, span):
    cuts = cuts_of(first, first + length, span)
    assert (cuts is None) == (length < days_needed(span))
    if cuts is not None:
        assert first < cuts.train[0] and list(cuts.train) == sorted(cuts.train)
        assert all(cut + span <= cuts.calibrate for cut in cuts.train)
        assert cuts.calibrate + span <= cuts.test and cuts.test + span <= first + length


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, AGAIN)), max_size=30))
def test_what_was_said_is_never_further_than_a_step_nor_older_than_a_week(days):
    last, now = None, 0
    for value, later in days:
        now += later
        if is_news(value, "", last, now):
            last = Word(now, value)
        assert abs(last.value - value) <= STEP + 1e-9 and now - last.at < AGAIN
