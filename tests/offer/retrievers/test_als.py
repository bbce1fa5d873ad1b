"""Implicit ALS: the contract, and its answers beside the full solve of the same equations."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.als import Als, AlsRecipe
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.testing.retriever_contract import RetrieverContract, asking, crowd

SMALL = AlsRecipe(factors=4, alpha=0.1, penalty=0.02)


class TestAls(RetrieverContract):
    @pytest.fixture
    def recipe(self) -> AlsRecipe:
        return SMALL


def exact(items: np.ndarray, own: np.ndarray, recipe: AlsRecipe) -> np.ndarray:  # type: ignore[type-arg]
    """(alpha Y'Y + Y_u'Y_u + lam (n_u + alpha n) I) x = Y_u' 1"""
    weight = recipe.penalty * (len(own) + recipe.alpha * len(items))
    square = recipe.alpha * items.T @ items + own.T @ own + weight * np.eye(items.shape[1])
    return np.linalg.solve(square, own.sum(axis=0))


@pytest.mark.parametrize("history", [[0], [0, 4, 7], list(range(9))])
def test_folding_in_equals_the_full_solve_of_that_row(history: list[int]) -> None:
    known = crowd()
    fitted = SMALL.fit(known)
    items = fitted.items.astype(np.float64)
    folded = fitted.folded_in(asking(known, [history]))[0]
    np.testing.assert_allclose(folded, exact(items, items[history], SMALL), rtol=1e-3, atol=1e-5)


def test_many_steps_solve_every_row() -> None:
    known = crowd()
    rng = np.random.default_rng(0)
    items = rng.standard_normal((known.items, 4)).astype(np.float32)
    people = np.zeros((len(known), 4), np.float32)
    recipe = AlsRecipe(factors=4, alpha=0.1, penalty=0.02, steps=12)
    recipe._solve(known.matrix(), people, items)
    for row, vector in enumerate(people):
        own = items[np.unique(known.of_row(row))].astype(np.float64)
        np.testing.assert_allclose(vector, exact(items.astype(np.float64), own, recipe), rtol=1e-3, atol=1e-4)


def test_repeats_count_once() -> None:
    fitted = SMALL.fit(crowd())
    once, often = (fitted.folded_in(Histories.of([row], 23)) for row in ([2, 4], [2, 4, 4, 4]))
    np.testing.assert_array_equal(once, often)


def test_the_search_asks_all_factors_and_the_discount_last() -> None:
    asked: list[Als] = []

    def prefers_popular_held_back(fitted: Als) -> float:
        asked.append(fitted)
        return float(fitted.items.shape[1] / 512 - fitted.item_weight.mean())

    best, fitted = AlsRecipe(epochs=1).tuned_and_fitted(crowd(), prefers_popular_held_back)
    assert (best.factors, best.discount) == (512, 0.1)
    assert [one.items.shape[1] for one in asked[-3:]] == [512, 512, 256]
    np.testing.assert_array_equal(fitted.items, asked[-2].items)
    np.testing.assert_array_equal(best.fit(crowd()).item_weight, fitted.item_weight)
