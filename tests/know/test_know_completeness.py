"""How sure a value is, and how complete a profile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.events import DAY_MS
from tailorbird.know.completeness import completeness
from tailorbird.know.confidence import confidences, of_said
from tailorbird.know.profile import Profile

NOW = 2000 * DAY_MS


def test_what_was_said_long_ago_is_less_sure():
    assert [of_said(NOW - days * DAY_MS, NOW) for days in (0, 730, 1460)] == [1.0, 0.5, 0.25]


def test_what_was_said_in_the_future_is_as_sure_as_now():
    assert of_said(NOW + DAY_MS, NOW) == 1.0


def test_each_trait_has_a_confidence_wherever_it_comes_from():
    profile = Profile(b"p", traits={"age": "35-44"}, trait_at={"age": NOW})
    computed = {"orders": 3.0, "basket": None, "aisles": 80.0}
    found = confidences(profile, NOW, computed, approximate=["aisles"])
    assert found == {"age": 1.0, "orders": 1.0, "basket": 0.0, "aisles": 0.9}


def test_nobody_knows_anything_of_an_unknown_person():
    assert confidences(None, NOW) == {}
    assert completeness({}, {"age": 1}).score == 0


def test_a_site_that_wants_nothing_has_complete_profiles():
    assert completeness({}, {}) == (1.0, [])


@given(
    st.dictionaries(st.sampled_from("abcde"), st.floats(0, 1), max_size=5),
    st.dictionaries(st.sampled_from("abcde"), st.floats(0.1, 10), min_size=1, max_size=5),
)
def test_the_most_valuable_answer_is_the_one_that_raises_the_score_most(confidence, wanted):
    before = completeness(confidence, wanted)
    after = {trait: completeness({**confidence, trait: 1.0}, wanted).score for trait in wanted}
    assert 0 <= before.score <= 1
    if before.missing:
        first = before.missing[0]
        assert after[first.trait] == pytest.approx(max(after.values()), abs=2e-6)
        assert after[first.trait] - before.score == pytest.approx(first.by, abs=2e-6)
