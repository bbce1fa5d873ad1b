"""Local ridge: the contract, and the same regressions one by one in dense matrices."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.local_ridge import LocalRidgeRecipe
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


class TestLocalRidge(RetrieverContract):
    additive = True

    @pytest.fixture
    def recipe(self) -> LocalRidgeRecipe:
        return LocalRidgeRecipe(neighbours=8)


def test_each_item_has_the_ridge_regression_on_its_nearest() -> None:
    known = crowd()
    X = np.minimum(1, known.matrix().toarray()).astype(np.float64)
    degree = np.maximum(1, X.sum(axis=0))
    A = X * X.sum(axis=1, keepdims=True) ** -0.25 * degree**-0.25
    C, wanted = A.T @ A, np.zeros((known.items, known.items))
    penalty = 3.0 * float(C.diagonal() @ degree) / degree.sum()
    for target in range(20):
        like = np.where(np.arange(known.items) == target, 0, C[target])
        near = np.argsort(-like, kind="stable")[:4]
        square = C[np.ix_(near, near)] + penalty * np.eye(4)
        wanted[near, target] = np.linalg.solve(square, C[near, target]) * degree[near] ** -0.25 * degree[target] ** 0.1
    alone = Histories.of([[item] for item in range(known.items)], known.items)
    np.testing.assert_allclose(LocalRidgeRecipe(neighbours=4).fit(known).scores(alone), wanted, atol=1e-5)
