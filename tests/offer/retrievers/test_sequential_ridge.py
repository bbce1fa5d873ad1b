"""Sequential ridge: the contract, and the solution of its normal equations by numpy."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.inverse import inverse
from tailorbird.offer.retrievers.sequential_ridge import SequentialRidgeRecipe
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


class TestSequentialRidge(RetrieverContract):
    @pytest.fixture(params=[500, 3])
    def recipe(self, request: pytest.FixtureRequest) -> SequentialRidgeRecipe:
        return SequentialRidgeRecipe(penalty=3.0, width=request.param)


def solved_by_numpy(known: Histories, tau: float, penalty: float) -> np.ndarray:
    pasts, futures = [], []
    for items in (known.of_row(row) for row in range(len(known))):
        for place in range(len(items) - 1):
            past, future = np.zeros((2, known.items))
            for other in range(len(items)):
                weight = np.exp(-(abs(other - place) - (other > place)) / tau)
                (past if other <= place else future)[items[other]] += weight
            pasts.append(past)
            futures.append(future)
    before, after = np.array(pasts), np.array(futures)
    return np.linalg.solve(before.T @ before + penalty * np.eye(known.items), before.T @ after)


def test_weights_solve_the_ridge() -> None:
    known = crowd(30)
    weights = SequentialRidgeRecipe(tau=3.0, penalty=5.0).fit(known).weights.toarray()
    np.testing.assert_allclose(weights, solved_by_numpy(known, 3.0, 5.0), atol=1e-4)


def test_rare_items_are_left_out_of_a_small_fit() -> None:
    known = Histories.of([[0, 1, 2], [0, 1], [0, 1]], items=4)
    weights = SequentialRidgeRecipe(most_items=2).fit(known).weights.toarray()
    assert weights[0, 1] > 0
    assert not weights[2:].any()
    assert not weights[:, 2:].any()


def test_of_two_that_always_come_together_each_is_believed_half() -> None:
    recipe = SequentialRidgeRecipe(penalty=0.1)
    together = recipe.fit(Histories.of([[0, 1, 2]] * 50 + [[1, 0, 2]] * 50, items=3)).weights.toarray()
    alone = recipe.fit(Histories.of([[0, 2]] * 100, items=3)).weights.toarray()
    assert 0.3 < together[0, 2] / alone[0, 2] < 0.8


def test_inverse_of_more_rows_than_a_block_is_the_inverse() -> None:
    rows = np.random.default_rng(0).normal(size=(1100, 1300)).astype(np.float32)
    square = rows @ rows.T / 1300
    expected = np.linalg.inv(square.astype(np.float64) + np.eye(1100))
    np.testing.assert_allclose(inverse(square, 1.0), expected, atol=1e-4)
