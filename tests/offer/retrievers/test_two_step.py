"""Two steps: the contract, the walk as dense products, and that it reaches what one step does not."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.co_occurrence import near
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.two_step import TwoStepRecipe
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


class TestTwoStep(RetrieverContract):
    @pytest.fixture(params=[2, 20])
    def recipe(self, request: pytest.FixtureRequest) -> TwoStepRecipe:
        return TwoStepRecipe(width=request.param)


def of_sum_one(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(rows.sum(axis=1, keepdims=True), 1e-12)


def test_score_is_a_walk_of_two_steps_beside_one() -> None:
    known, recipe = crowd(20), TwoStepRecipe(width=3)
    counted, often = near(known, recipe.distance, recipe.back)
    table = of_sum_one(counted.toarray() * often[:, None] ** -recipe.own_power * often**-recipe.other_power)
    walked = np.zeros_like(table)
    for row, best in enumerate(np.argsort(-table, axis=1, kind="stable")[:, : recipe.width]):
        walked[row, best] = table[row, best]
    walked = of_sum_one(walked)
    history = np.zeros(known.items)
    history[6], history[4] = 1, np.exp(-1 / recipe.prefix)
    expected = history @ walked @ walked + recipe.direct * history @ table
    scores = recipe.fit(known).scores(Histories.of([[4, 6]], known.items))[0]
    np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-7)


def test_friend_of_a_friend_is_found() -> None:
    fitted = TwoStepRecipe().fit(Histories.of([[0, 1], [1, 2], [3, 4]], items=5))
    scores = fitted.scores(Histories.of([[0]], items=5))[0]
    assert scores[2] > 0 == scores[4]
