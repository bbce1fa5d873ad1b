"""Pairwise factors: the contract, and one step beside the gradient that it claims to go up."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.bpr import BprRecipe, _step
from tailorbird.offer.retrievers.popular import PopularRecipe
from tailorbird.testing.retriever_contract import RetrieverContract, crowd, share_of_own_taste

SMALL = BprRecipe(factors=4, epochs=30, rate=0.1)


class TestBpr(RetrieverContract):
    additive = True

    @pytest.fixture
    def recipe(self) -> BprRecipe:
        return SMALL


def test_a_step_goes_up_the_gradient_of_the_log_likelihood() -> None:
    rng = np.random.default_rng(0)
    taken, other, x = rng.standard_normal((3, 5))
    moved, left, told = taken.astype(np.float32), other.astype(np.float32), np.zeros(5, np.float32)
    _step(moved, left, x.astype(np.float32), told, np.float32(1e-2), np.float32(0))

    def likelihood(of: np.ndarray, beside: np.ndarray, person: np.ndarray) -> float:  # type: ignore[type-arg]
        return float(-np.log1p(np.exp(-person @ (of - beside))))

    for vector, change, at in ((taken, moved - taken, 0), (other, left - other, 1), (x, told, 2)):
        numeric = np.empty(5)
        for f in range(5):
            arguments = [[taken.copy(), other.copy(), x.copy()] for _ in range(2)]
            arguments[0][at][f] += 1e-6
            arguments[1][at][f] -= 1e-6
            numeric[f] = (likelihood(*arguments[0]) - likelihood(*arguments[1])) / 2e-6
        np.testing.assert_allclose(
            change, numeric * (1 if at == 2 else 1e-2), rtol=2e-2, atol=1e-4, err_msg=str(vector)
        )


def test_it_tells_tastes_apart_where_popularity_cannot() -> None:
    assert share_of_own_taste(SMALL.fit(crowd())) > share_of_own_taste(PopularRecipe().fit(crowd())) + 0.2
