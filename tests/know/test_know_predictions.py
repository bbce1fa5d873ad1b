"""What models said of a person last: the same whatever came first, and whoever turned out to be whom."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.events import DAY_MS
from tailorbird.know.merge import merge
from tailorbird.know.predictions import FRESH_MS, MODELS, foresee, is_fresh
from tailorbird.know.profile import Prediction, Profile, decode_profile, encode_profile

WORDS = st.lists(
    st.tuples(st.sampled_from(["likely('x', '7 days')", "next_category()"]), st.floats(0, 1), st.integers(0, 5)),
    max_size=8,
)


def told(words):
    profile = Profile(b"p", version=1)
    for model, value, at in words:
        foresee(profile, {"model": model, "value": value, "version": "1"}, at)
    return profile


@given(WORDS, st.randoms(use_true_random=False), st.integers(0, 8))
def test_the_last_word_holds_in_any_order_and_after_any_merge(words, chance, cut):
    shuffled = chance.sample(words, len(words))
    assert told(shuffled).predictions == told(words).predictions
    one, other = told(shuffled[:cut]), told(shuffled[cut:])
    merge(one, other)
    assert one.predictions == told(words).predictions


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"model": 3, "value": 0.5},
        {"model": "m"},
        {"model": "m", "value": True},
        {"model": "m", "value": float("nan")},
        {"model": "m", "value": float("inf")},
    ],
)
def test_a_word_that_says_nothing_changes_nothing(odd):
    profile = Profile(b"p")
    foresee(profile, odd, 1)
    assert profile.predictions == {}


def test_a_profile_keeps_a_bounded_number_of_models_and_itself():
    profile = reduce(lambda p, n: foresee(p, {"model": f"m{n}", "value": 1}, n) or p, range(100), Profile(b"p"))
    assert len(profile.predictions) == MODELS
    assert decode_profile(encode_profile(profile)) == profile


@given(st.permutations([(f"m{n % (MODELS + 4)}", n) for n in range(2 * MODELS)]), st.integers(0, 2 * MODELS))
def test_the_models_that_spoke_last_are_kept_in_any_order_and_after_any_merge(words, cut):
    one, other = (told([(model, 0.5, at) for model, at in part]) for part in (words[:cut], words[cut:]))
    merge(one, other)
    last = {f"m{n % (MODELS + 4)}": n for n in range(2 * MODELS)}
    assert {model: word.at for model, word in one.predictions.items()} == {
        model: at for model, at in last.items() if at >= sorted(last.values())[-MODELS]
    }


def test_a_word_is_fresh_for_a_fortnight():
    word = Prediction(0.5, "", "1", 0)
    assert (is_fresh(word, FRESH_MS - 1), is_fresh(word, FRESH_MS), FRESH_MS) == (True, False, 14 * DAY_MS)
