"""Deflated ridge: the contract, and the full spectrum's ridge regression beside it."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.deflated import DeflatedRecipe
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


class TestDeflated(RetrieverContract):
    additive = True
    tolerance = 1e-5  # the two halves of its score are larger than their difference

    @pytest.fixture
    def recipe(self) -> DeflatedRecipe:
        return DeflatedRecipe(components=4, penalty=1.0)


def test_scores_bend_the_large_components_of_a_dense_decomposition() -> None:
    known, asked, k = crowd(), crowd(9, seed=3), 5
    recipe = DeflatedRecipe(person_power=0.3, item_power=0.2, discount=0.1, components=k, penalty=2.0)
    X, h = (np.minimum(1, some.matrix().toarray()).astype(np.float64) for some in (known, asked))
    degree = np.maximum(1, X.sum(axis=0))
    A = X * X.sum(axis=1, keepdims=True) ** -0.3 * degree**-0.2
    _, s, turned = np.linalg.svd(A)
    penalty, squares = 2.0 * s[k - 1] ** 2, s**2
    passed = squares / (0.3 * s[k - 1] ** 2 + penalty)  # of all components, and of the large ones what ridge says
    passed[:k] = squares[:k] / (squares[:k] + penalty)
    wanted = h * degree**-0.2 @ (turned.T * passed) @ turned * degree**0.1
    np.testing.assert_allclose(recipe.fit(known).scores(asked), wanted, atol=1e-4)
