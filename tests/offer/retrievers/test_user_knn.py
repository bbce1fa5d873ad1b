"""User-kNN: the contract, and neighbours by hand."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.three_hop import ThreeHopRecipe
from tailorbird.offer.retrievers.user_knn import UserKnnRecipe
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


class TestUserKnn(RetrieverContract):
    @pytest.fixture
    def recipe(self) -> UserKnnRecipe:
        return UserKnnRecipe(people=10)


def test_only_the_people_most_alike_speak() -> None:
    known = Histories.of([[0, 1, 2], [0, 3], [0, 1, 4]], items=5)
    plain = UserKnnRecipe(history_power=0, person_power=0, item_power=0, people=2)
    assert plain.fit(known).scores(Histories.of([[0, 1]], 5)).tolist() == [[2, 2, 1, 0, 1]]


def test_all_people_together_are_three_hops() -> None:
    known, asked = crowd(), crowd(8, seed=3)
    everyone = UserKnnRecipe(people=1000).fit(known).scores(asked)
    walk = ThreeHopRecipe().fit(known).scores(asked)
    distinct = np.array([len(np.unique(asked.of_row(row))) for row in range(len(asked))])
    np.testing.assert_allclose(everyone * distinct[:, None], walk, rtol=1e-4)
