"""Item-kNN: the contract, and cosine by hand."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.item_knn import ItemKnnRecipe
from tailorbird.testing.retriever_contract import RetrieverContract


class TestItemKnn(RetrieverContract):
    additive = True

    @pytest.fixture
    def recipe(self) -> ItemKnnRecipe:
        return ItemKnnRecipe()


def test_score_is_shrunken_cosine_to_the_nearest() -> None:
    known = Histories.of([[0, 1, 1], [0, 1], [0, 2], [0]], items=3)
    fitted = ItemKnnRecipe(shrink=1.0, neighbours=1).fit(known)
    first = 2 / (np.sqrt(4 * 2) + 1)
    np.testing.assert_allclose(fitted.scores(Histories.of([[0, 0]], 3)), [[0, first, 0]], rtol=1e-6)
