"""EASE: the contract on both sides, and Steck's formula with a naive inverse."""

from typing import Any

import numpy as np
import pytest

from tailorbird.errors import BadDefinition
from tailorbird.offer.retrievers.ease import EaseByItems, EaseByPeople, EaseRecipe
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


def naive(known: Histories, asked: Histories, penalty: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    X, h = (np.minimum(1, some.matrix().toarray()).astype(np.float64) for some in (known, asked))
    degree = X.sum(axis=0)
    inverse = np.linalg.inv(X.T @ X + penalty * (degree @ degree) / degree.sum() * np.eye(X.shape[1]))
    weights = inverse / -inverse.diagonal()
    np.fill_diagonal(weights, 0)
    return h @ weights


class TestEaseByItems(RetrieverContract):
    additive = True

    @pytest.fixture
    def recipe(self) -> EaseRecipe:
        return EaseRecipe()


class TestEaseByPeople(TestEaseByItems):
    tolerance = 1e-5

    @pytest.fixture
    def known(self) -> Histories:
        return crowd(18)


@pytest.mark.parametrize(("people", "kind"), [(60, EaseByItems), (18, EaseByPeople)])
def test_scores_are_those_of_the_naive_inverse(people: int, kind: type) -> None:
    known, asked = crowd(people), crowd(9, seed=3)
    fitted = EaseRecipe(penalty=0.7).fit(known)
    assert type(fitted) is kind
    np.testing.assert_allclose(fitted.scores(asked), naive(known, asked, 0.7), atol=2e-5)


def test_too_large_an_inverse_is_refused_with_its_size_and_another_way() -> None:
    with pytest.raises(BadDefinition, match=r"60 people and 23 items.*Take the retriever 'deflated'"):
        EaseRecipe(most_bytes=1000).fit(crowd())
