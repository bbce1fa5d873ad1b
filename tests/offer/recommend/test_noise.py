"""The interval of a difference, against simulated truth and against formulas."""

import numpy as np
import pytest

from tailorbird.offer.recommend.noise import FEWEST, differences, means


def apart(values, person=None):
    values = np.asarray(values, np.float64)
    people = np.arange(len(values)) if person is None else np.asarray(person)
    return differences({"m": values}, {"m": np.zeros(len(values))}, people)["m"]


def test_the_interval_holds_the_truth_in_95_of_100_worlds():
    chance = np.random.default_rng(3)
    found = [apart(chance.normal(0.3, 1, 80)) for _ in range(200)]
    assert 0.90 <= np.mean([one.low <= 0.3 <= one.high for one in found]) <= 0.98


def test_it_is_that_of_the_normal_where_that_holds():
    values = np.random.default_rng(1).normal(0, 1, 2000)
    found, error = apart(values), values.std(ddof=1) / np.sqrt(2000)
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.1)


def test_moments_of_one_person_count_as_one_voice():
    values = np.random.default_rng(1).normal(0, 1, 100)
    alone, repeated = apart(values), apart(np.repeat(values, 9), np.repeat(np.arange(100), 9))
    assert repeated.high - repeated.low == pytest.approx(alone.high - alone.low, rel=0.1)


def test_too_few_people_give_no_interval_and_no_verdict():
    found = apart(np.ones(FEWEST - 1))
    assert (found.value, found.low, found.better, found.worse) == (1.0, None, False, False)


def test_the_same_seed_draws_the_same():
    values = np.random.default_rng(1).normal(0, 1, 50)
    assert apart(values) == apart(values)


def test_nobody_asked_differs_by_nothing():
    assert apart([]).value == 0.0


def test_what_is_undefined_has_no_part_in_a_mean():
    assert means({"a": np.array([1.0, np.nan]), "b": np.array([np.nan])}) == {"a": 1.0, "b": 0.0}
