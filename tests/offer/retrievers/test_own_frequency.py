"""Own frequency: the contract, and that popularity never beats what a person had."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.own_frequency import OwnFrequencyRecipe
from tailorbird.testing.retriever_contract import RetrieverContract


class TestOwnFrequency(RetrieverContract):
    @pytest.fixture(params=[True, False])
    def recipe(self, request: pytest.FixtureRequest) -> OwnFrequencyRecipe:
        return OwnFrequencyRecipe(filled=request.param)


def test_what_one_had_goes_before_what_everybody_has() -> None:
    fitted = OwnFrequencyRecipe().fit(Histories.of([[0, 0, 0, 0], [0, 1]], 4))
    [scores] = fitted.scores(Histories.of([[3, 2, 3]], 4))
    assert np.argsort(-scores).tolist() == [3, 2, 0, 1]


def test_the_personal_floor_knows_nothing_but_counts() -> None:
    fitted = OwnFrequencyRecipe(filled=False).fit(Histories.of([[0, 0, 0, 0], [0, 1]], 4))
    assert fitted.name == "personal-top-frequency"
    assert fitted.scores(Histories.of([[3, 2, 3]], 4)).tolist() == [[0, 0, 1, 2]]
