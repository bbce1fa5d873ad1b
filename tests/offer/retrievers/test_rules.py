"""Sequential rules: the contract, and the formula by two plain loops."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.rules import RulesRecipe
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


class TestRules(RetrieverContract):
    @pytest.fixture
    def recipe(self) -> RulesRecipe:
        return RulesRecipe()


def by_loops(known: Histories, asked: list[int], recipe: RulesRecipe) -> np.ndarray:
    count, scores = np.maximum(1, np.bincount(known.item, minlength=known.items)), np.zeros(known.items)
    for row in range(len(known)):
        items = known.of_row(row)
        for i in range(len(items)):
            for j in range(i + 1, min(len(items), i + recipe.reach + 1)):
                for steps, item in enumerate(reversed(asked), start=1):
                    weight = (item == items[i]) * steps**-recipe.fading * count[items[i]] ** -recipe.own_power
                    scores[items[j]] += weight / (j - i) * count[items[j]] ** -recipe.other_power
    return scores


@pytest.mark.parametrize("recipe", [RulesRecipe(), RulesRecipe(reach=2, fading=2.0, own_power=1.0, other_power=0.3)])
def test_score_is_the_formula(recipe: RulesRecipe) -> None:
    known, asked = crowd(20), [4, 6, 4, 3]
    scores = recipe.fit(known).scores(Histories.of([asked], known.items))[0]
    np.testing.assert_allclose(scores, by_loops(known, asked, recipe), rtol=1e-4, atol=1e-7)


def test_what_came_after_counts_and_what_came_before_does_not() -> None:
    scores = RulesRecipe().fit(Histories.of([[0, 1, 2]], items=3)).scores(Histories.of([[1]], items=3))[0]
    assert scores[2] > 0 == scores[0]


def test_latest_item_of_a_history_speaks_loudest() -> None:
    fitted = RulesRecipe().fit(Histories.of([[0, 2], [1, 3]], items=4))
    scores = fitted.scores(Histories.of([[0, 1]], items=4))[0]
    assert scores[3] > scores[2] > 0
