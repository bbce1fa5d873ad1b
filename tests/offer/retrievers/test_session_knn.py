"""Session neighbours, plain and with time and place: the contract, the formula by plain loops, and that age counts."""

from dataclasses import replace
from math import exp, inf, log

import numpy as np
import pytest

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.session_knn import SessionKnnRecipe
from tailorbird.offer.retrievers.stan import StanRecipe
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


class TestSessionKnn(RetrieverContract):
    @pytest.fixture(params=[2, 500])
    def recipe(self, request: pytest.FixtureRequest) -> SessionKnnRecipe:
        return SessionKnnRecipe(neighbours=request.param)


class TestStan(RetrieverContract):
    @pytest.fixture
    def recipe(self) -> StanRecipe:
        return StanRecipe()


def by_loops(known: Histories, asked: list[int], recipe: SessionKnnRecipe) -> np.ndarray:
    sessions = [known.of_row(row).tolist() for row in np.argsort(known.at[known.start[1:] - 1], kind="stable")]
    age = 1 - np.sort(known.at[known.start[1:] - 1])
    idf = [log(1 + len(sessions) / max(1, sum(item in one for one in sessions))) for item in range(known.items)]
    newest_first = list(dict.fromkeys(reversed(asked)))
    weight = {item: exp(-asked[::-1].index(item) / recipe.prefix) for item in newest_first}
    near = [
        sum(weight[item] * idf[item] ** 2 for item in newest_first if item in one)
        * len(one) ** -recipe.length
        * (exp(-age[number] / recipe.recency) if recipe.recency else 1)
        for number, one in enumerate(sessions)
    ]
    scores = np.zeros(known.items)
    for number in sorted(range(len(sessions)), key=lambda one: (-near[one], -one))[: recipe.neighbours]:
        anchor = next((item for item in newest_first if item in sessions[number]), None)
        middle = len(sessions[number]) - 1 - sessions[number][::-1].index(anchor) if anchor is not None else 0
        for place, item in enumerate(sessions[number]):
            distance = max(1, abs(place - middle))
            scores[item] += near[number] * idf[item] ** recipe.lift * exp(-(distance - 1) / (recipe.closeness or inf))
    return scores


@pytest.mark.parametrize("recipe", [SessionKnnRecipe(), StanRecipe(neighbours=5, recency=0.3, prefix=1.0)])
def test_score_is_the_formula(recipe: SessionKnnRecipe) -> None:
    known, asked = crowd(20), [4, 6, 4, 3, 20]
    scores = recipe.fit(known).scores(Histories.of([asked], known.items))[0]
    np.testing.assert_allclose(scores, by_loops(known, asked, recipe), rtol=1e-4, atol=1e-6)


def test_items_whose_weight_is_too_small_for_a_float_harm_nobody() -> None:
    known = Histories.of([[item, (item + 1) % 5] for item in range(5)], items=5)
    asked = Histories.of([[0, *[1, 2, 3] * 60]], items=5)
    assert np.isfinite(SessionKnnRecipe(prefix=0.5).fit(known).scores(asked)).all()


def test_only_the_latest_sessions_of_an_item_are_looked_at() -> None:
    known = replace(Histories.of([[0, 1], [0, 2]], items=3), at=np.array([0.5, 1, 0, 0.1], np.float32))
    scores = SessionKnnRecipe(sample=1).fit(known).scores(Histories.of([[0]], items=3))[0]
    assert scores[1] > 0 == scores[2]
