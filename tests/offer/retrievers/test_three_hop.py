"""Three-hop neighbours: the contract, and the formula in dense matrices."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.three_hop import ThreeHopRecipe
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


class TestThreeHop(RetrieverContract):
    additive = True

    @pytest.fixture
    def recipe(self) -> ThreeHopRecipe:
        return ThreeHopRecipe()


def test_scores_are_the_dense_product_of_three_hops() -> None:
    known, asked = crowd(), crowd(7, seed=9)
    X, h = (np.minimum(1, some.matrix().toarray()) for some in (known, asked))
    people, items = X.sum(axis=1), np.maximum(1, X.sum(axis=0))
    pairs = X.T @ (X * people[:, None] ** -0.6)
    recipe = ThreeHopRecipe(person_power=0.6, history_power=0.4, item_power=0.2)
    np.testing.assert_allclose(recipe.fit(known).scores(asked), (h * items**-0.4) @ pairs * items**-0.2, rtol=1e-4)


def test_repeats_count_once() -> None:
    fitted = ThreeHopRecipe().fit(crowd())
    once, often = (fitted.scores(Histories.of([row], 23)) for row in ([2, 4], [2, 4, 4, 4]))
    np.testing.assert_array_equal(once, often)
