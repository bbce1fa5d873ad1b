"""Explicit ratings by biased SVD: known truth, unknown users, bad corners."""

from dataclasses import replace

import numpy as np
import pytest

from tailorbird.offer.retrievers.biased_svd import BiasedSvdRecipe
from tailorbird.offer.retrievers.rating import MeansRecipe, Ratings

USERS, ITEMS = 80, 40


def rated(seed: int = 1, scale: float = 1.0) -> tuple[Ratings, Ratings]:
    """(known, unseen): half of all pairs each, of means and two planted factors without noise."""
    rng = np.random.default_rng(seed)
    user, item = (side.ravel().astype(np.int32) for side in np.indices((USERS, ITEMS)))
    tastes, traits = rng.normal(size=(USERS, 2)), rng.normal(size=(ITEMS, 2))
    value = 3 + rng.normal(size=USERS)[user] * 0.5 + rng.normal(size=ITEMS)[item] * 0.5
    value = (scale * (value + (tastes[user] * traits[item]).sum(axis=1) * 0.5)).astype(np.float32)
    first = rng.random(len(value)) < 0.5
    parts = (Ratings(user[half], item[half], value[half], USERS, ITEMS) for half in (first, ~first))
    return tuple(parts)  # type: ignore[return-value]


def error(recipe: BiasedSvdRecipe | MeansRecipe, known: Ratings, unseen: Ratings) -> float:
    return float(np.sqrt(np.mean((recipe.fit(known).predict(unseen.user, unseen.item) - unseen.value) ** 2)))


@pytest.mark.parametrize("scale", [1.0, 20.0])
def test_planted_factors_are_found_on_any_scale(scale: float) -> None:
    known, unseen = rated(scale=scale)
    recipe = BiasedSvdRecipe(factors=4, epochs=200, rate=0.05, penalty=0.01)
    assert error(recipe, known, unseen) < 0.5 * error(MeansRecipe(), known, unseen)


def test_unknown_user_and_item_have_the_mean() -> None:
    known, _ = rated()
    nobody = np.array([-1], np.int32)
    assert BiasedSvdRecipe().fit(known).predict(nobody, nobody)[0] == pytest.approx(known.value.mean(), abs=1e-5)


def test_item_that_nobody_rated_adds_nothing() -> None:
    known, _ = rated()
    fitted = BiasedSvdRecipe().fit(replace(known, items=ITEMS + 1))
    user = np.array([3], np.int32)
    new, unknown = (fitted.predict(user, np.array([item], np.int32)) for item in (ITEMS, -1))
    np.testing.assert_array_equal(new, unknown)


def test_same_seed_gives_the_same_model() -> None:
    known, _ = rated()
    first, second = (BiasedSvdRecipe(epochs=3).fit(known, seed=4) for _ in range(2))
    np.testing.assert_array_equal(first.users, second.users)


@pytest.mark.parametrize("values", [[], [4.0], [2.0, 2.0]])
def test_few_ratings_have_finite_answers(values: list[float]) -> None:
    rows = np.arange(len(values), dtype=np.int32)
    fitted = BiasedSvdRecipe().fit(Ratings(rows, rows, np.array(values, np.float32), 2, 2))
    pair = np.array([0, -1], np.int32)
    assert np.isfinite(fitted.predict(pair, pair)).all()


def test_tuned_is_what_the_judge_likes_best() -> None:
    known, unseen = rated()
    judge = lambda rater: -float(np.mean((rater.predict(unseen.user, unseen.item) - unseen.value) ** 2))  # noqa: E731
    plain = BiasedSvdRecipe(epochs=5, factors=4)
    assert judge(plain.tuned(known, judge).fit(known)) >= judge(plain.fit(known))
