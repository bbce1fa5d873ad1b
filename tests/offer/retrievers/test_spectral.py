"""The graph filter: the contract, and PureSVD as its plainest case."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.spectral import SpectralRecipe
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


class TestSpectral(RetrieverContract):
    additive = True

    @pytest.fixture
    def recipe(self) -> SpectralRecipe:
        return SpectralRecipe(components=4)


def test_without_powers_it_is_pure_svd() -> None:
    known, asked = crowd(), crowd(9, seed=3)
    X, h = (np.minimum(1, some.matrix().toarray()) for some in (known, asked))
    turned = np.linalg.svd(X)[2][:3]
    recipe = SpectralRecipe(person_power=0, item_power=0, discount=0, power=0, components=3)
    np.testing.assert_allclose(recipe.fit(known).scores(asked), h @ turned.T @ turned, atol=1e-4)
