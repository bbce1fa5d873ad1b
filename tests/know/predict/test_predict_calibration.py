"""Calibration and measures, held against scikit-learn and against a world whose true chances are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import _sigmoid_calibration as their_sigmoid
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from tailorbird.know.predict.baseline import rule_of
from tailorbird.know.predict.calibration import calibrated, isotonic, platt, sigmoid
from tailorbird.know.predict.quality import auc, brier, gain, lift_at, off, reliability, wilson

CASES = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=2, max_size=60).filter(
    lambda cases: len({outcome for _, outcome in cases}) == 2
)


def arrays(cases):
    return np.array([x for x, _ in cases], float) / 8, np.array([y for _, y in cases], float)


def drawn(people, seed=1, bend=2.0):
    """(score, outcome, true chance): the score is the chance bent away, as balanced trees bend it."""
    random = np.random.default_rng(seed)
    score = random.normal(0, 2, people)
    chance = sigmoid(score / bend - 1)
    return score, (random.random(people) < chance).astype(float), chance


@given(CASES)
def test_brier_and_auc_are_those_of_scikit_learn(cases):
    said, outcome = arrays(cases)
    assert brier(said, outcome) == pytest.approx(brier_score_loss(outcome, said), abs=1e-9)
    assert auc(said, outcome) == pytest.approx(roc_auc_score(outcome, said))


@given(CASES)
def test_isotonic_is_that_of_scikit_learn(cases):
    said, outcome = arrays(cases)
    at = np.linspace(-0.1, 1.1, 25)
    theirs = IsotonicRegression(out_of_bounds="clip").fit(said, outcome)
    assert isotonic(said, outcome)(at) == pytest.approx(theirs.predict(at), abs=1e-9)


def test_platt_is_that_of_scikit_learn():
    score, outcome, _ = drawn(500)
    slope, intercept = their_sigmoid(score, outcome)
    assert platt(score, outcome).x == pytest.approx([-slope, -intercept], abs=1e-4)


@pytest.mark.parametrize("people", [400, 20_000])
def test_calibrated_scores_come_close_to_the_true_chance(people):
    score, outcome, _ = drawn(people)
    curve = calibrated(score, outcome)
    assert curve.kind == ("sigmoid" if people < 1_000 else "isotonic")
    again, _, chance = drawn(5_000, seed=2)
    assert np.abs(curve(again) - chance).mean() < (0.06 if people < 1_000 else 0.02)


def test_a_score_that_says_nothing_gives_everybody_the_mean():
    random = np.random.default_rng(0)
    outcome = (random.random(400) < 0.3).astype(float)
    told = platt(-outcome + random.normal(0, 0.1, 400), outcome)(np.array([-3.0, 0.0, 3.0]))
    assert told == pytest.approx(outcome.mean(), abs=0.01)


def test_true_chances_lie_on_the_curve_and_bent_ones_do_not():
    _, outcome, chance = drawn(20_000)
    curve = reliability(chance, outcome)
    assert sum(one.people for one in curve) == 20_000
    assert sum(one.low <= one.said <= one.high for one in curve) >= 8
    assert off(curve) < 0.012 < off(reliability(chance**2, outcome))


def test_no_one_beats_the_true_chance():
    _, outcome, chance = drawn(20_000)
    bent, base = chance**2, np.full(20_000, outcome.mean())
    assert brier(chance, outcome) < min(brier(bent, outcome), brier(base, outcome))
    assert gain((chance - outcome) ** 2, (base - outcome) ** 2).is_real
    assert not gain((base - outcome) ** 2, (chance - outcome) ** 2).is_real


def test_noise_is_no_gain():
    _, outcome, chance = drawn(300)
    other = np.clip(chance + np.random.default_rng(5).normal(0, 0.01, 300), 0, 1)
    assert not gain((other - outcome) ** 2, (chance - outcome) ** 2).is_real


def test_lift_of_the_top_tenth():
    outcome = np.zeros(100)
    outcome[:10] = 1
    assert lift_at(np.arange(100, 0, -1.0), outcome) == 10
    assert lift_at(np.ones(100), outcome) == pytest.approx(1)


def test_wilson_stays_within_0_and_1_and_holds_the_rate_19_times_of_20():
    assert wilson(0.0, 5)[0] == 0 and wilson(1.0, 5)[1] == pytest.approx(1)
    rates = np.random.default_rng(3).binomial(200, 0.07, 2_000) / 200
    held = [low <= 0.07 <= high for low, high in (wilson(rate, 200) for rate in rates)]
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)


def test_rule_of_thumb_follows_one_number_down_or_up():
    days = np.array([1.0, 2, 3, 40, 50, 60, np.nan])
    told = rule_of(days, np.array([1.0, 1, 0, 0, 1, 0, 0]))
    assert (np.diff(told(days[:6])) <= 0).all() and told(days)[6] == 0
    assert (np.diff(rule_of(days, days == 60)(days[:6])) >= 0).all()
