"""LambdaMART finds what tells taken from not taken, the same for the same seed, and undoes what the page did."""

import sys

import numpy as np
import pytest

from tailorbird.errors import MissingExtra
from tailorbird.offer.hybrid.gate_of_trees import quality, taught
from tailorbird.offer.hybrid.lesson import Lesson
from tailorbird.shell.learning.lambdamart import Settings, lambdamart

pytest.importorskip("lightgbm")
QUICK = Settings(rounds=40, least=20, rate=0.1)


def lesson(people, seed, noise=0.0, shown=False):
    """Each person takes what fits best of 20: the product of two features, of which a blend sees the first only."""
    chance = np.random.default_rng(seed)
    matrix = chance.normal(size=(people * 20, 3)).astype(np.float32)
    taste = matrix[:, 0] * matrix[:, 1] + noise * chance.normal(size=len(matrix))
    position = None
    if shown:  # a page that shows high values of the third feature first, and people who look at what comes first
        place = (-matrix[:, 2].reshape(people, 20)).argsort(1).argsort(1)
        position = place.reshape(-1).astype(np.int32)
        taste = taste - 0.5 * position
    best = taste.reshape(people, 20).argmax(1) + 20 * np.arange(people)
    label = np.zeros(len(matrix), np.int32)
    label[best] = 1
    start = np.arange(0, len(matrix) + 1, 20)
    return Lesson(("a", "b", "place of old"), matrix, start, label, np.ones(people, np.int32), position)


def test_trees_learn_an_interaction_that_a_blend_cannot_see():
    forest = lambdamart(lesson(800, 0), lesson(200, 1), settings=QUICK)
    fresh = lesson(300, 2)
    assert forest.features == ("a", "b", "place of old")
    assert quality(fresh, forest.scores(fresh.matrix)).mean() > 0.8
    assert quality(fresh, fresh.matrix[:, 0].astype(np.float64)).mean() < 0.5


def test_the_same_seed_grows_the_same_trees():
    one, other = (lambdamart(lesson(200, 0), lesson(100, 1), seed=7, settings=QUICK).arrays() for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_the_place_where_it_was_shown_is_not_learned_as_taste():
    seen, stop = lesson(1_500, 0, shown=True), lesson(300, 1, shown=True)
    plain = Lesson(seen.names, seen.matrix, seen.start, seen.label, seen.wanted)
    fresh = lesson(500, 2)
    naive = lambdamart(plain, lesson(300, 1, shown=True), settings=QUICK)
    fair = lambdamart(seen, stop, settings=QUICK)
    better = quality(fresh, fair.scores(fresh.matrix)) - quality(fresh, naive.scores(fresh.matrix))
    assert better.mean() > 0.05


def test_the_gate_lets_better_trees_through_and_says_so():
    some = lesson(1_200, 3)
    forest, verdict = taught(some, some.matrix[:, 0].astype(np.float64), lambdamart)
    assert forest is not None
    assert verdict.accepted and verdict.low > 0 and verdict.trees > verdict.blend


def test_the_mean_of_the_forests_that_judged_serves_in_place_of_one_more():
    some, fresh = lesson(1_200, 3), lesson(300, 4)
    learned = []

    def teacher(learn, stop, seed):
        learned.append(lambdamart(learn, stop, seed, QUICK))
        return learned[-1]

    forest, verdict = taught(some, some.matrix[:, 0].astype(np.float64), teacher, mean=True)
    assert verdict.accepted and len(learned) == 3
    mean = np.mean([one.scores(fresh.matrix) for one in learned], axis=0)
    np.testing.assert_allclose(forest.scores(fresh.matrix), mean, rtol=1e-9, atol=1e-12)
    assert quality(fresh, mean).mean() > 0.8


def test_the_gate_refuses_trees_that_learned_noise():
    some = lesson(1_200, 3, noise=50.0)
    taste = some.label + np.random.default_rng(0).random(len(some.label))  # a blend that knows more than any feature
    forest, verdict = taught(some, taste, lambdamart)
    assert forest is None and not verdict.accepted


def test_with_few_people_nothing_is_tried():
    some = lesson(100, 3)
    forest, verdict = taught(some, some.matrix[:, 0].astype(np.float64), lambdamart)
    assert forest is None and "fewer than" in verdict.why


def test_without_lightgbm_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(MissingExtra, match=r"tailorbird\[recommend\]"):
        lambdamart(lesson(10, 0), lesson(10, 1))
