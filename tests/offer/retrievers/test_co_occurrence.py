"""Decayed co-occurrence: the contract, the formula by loops, and what age does."""

from dataclasses import replace
from math import exp, inf

import numpy as np
import pytest

from tailorbird.offer.retrievers.co_occurrence import CoOccurrenceRecipe
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


class TestCoOccurrence(RetrieverContract):
    @pytest.fixture(params=[None, 0.5], ids=["any age", "lately"])
    def recipe(self, request: pytest.FixtureRequest) -> CoOccurrenceRecipe:
        return CoOccurrenceRecipe(recency=request.param)


def by_loops(known: Histories, asked: list[int], recipe: CoOccurrenceRecipe) -> np.ndarray:
    age, recency = 1 - known.at, recipe.recency or inf
    often = np.maximum(1, np.bincount(known.item, np.exp(-age / recency), minlength=known.items))
    near = np.zeros((known.items, known.items))
    for row in range(len(known)):
        places = range(known.start[row], known.start[row + 1])
        for first in places:
            for then in range(first + 1, places.stop):
                weight = exp(-(then - first - 1) / recipe.distance) * exp(-age[then] / recency)
                near[known.item[first], known.item[then]] += weight
                near[known.item[then], known.item[first]] += weight * recipe.back
    near *= often[:, None] ** -recipe.own_power * often**-recipe.other_power
    return sum(exp(-steps / recipe.prefix) * near[item] for steps, item in enumerate(reversed(asked)))


@pytest.mark.parametrize("recipe", [CoOccurrenceRecipe(), CoOccurrenceRecipe(2.0, 1.0, 1.0, 0.2, 0.25, 0.4)])
def test_score_is_the_formula(recipe: CoOccurrenceRecipe) -> None:
    known, asked = crowd(20), [4, 6, 4, 3]
    scores = recipe.fit(known).scores(Histories.of([asked], known.items))[0]
    np.testing.assert_allclose(scores, by_loops(known, asked, recipe), rtol=1e-4, atol=1e-6)


def test_newer_pair_counts_more_than_an_old_one() -> None:
    known = Histories.of([[0, 1], [0, 2]], items=3)
    known = replace(known, at=np.array([0.0, 0.0, 1.0, 1.0], np.float32))
    scores = CoOccurrenceRecipe(recency=0.3).fit(known).scores(Histories.of([[0]], items=3))[0]
    assert scores[2] > scores[1] > 0


def test_times_that_nobody_knows_change_nothing() -> None:
    known, asked = replace(crowd(20), at=None), crowd(5, seed=9)
    same = (CoOccurrenceRecipe(recency=age).fit(known).scores(asked) for age in (0.1, None))
    np.testing.assert_array_equal(*same)
