"""Retrievers of baskets: their contracts, personal frequency by hand, neighbours and the regression by oracles."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.next_basket import NextBasketRecipe
from tailorbird.offer.retrievers.personal_frequency import PersonalFrequencyRecipe
from tailorbird.offer.retrievers.reorder import FACTS, RIDGE, ReorderRecipe, facts_of, facts_of_items, regression
from tailorbird.testing.retriever_contract import RetrieverContract, crowd

MILK, SOFA, TEA = 0, 1, 2


def baskets(*people: list[list[int]], items: int = 3) -> Histories:
    """Each person a list of baskets, one a day."""
    some = Histories.of([[item for basket in person for item in basket] for person in people], items)
    days = [day for person in people for day, basket in enumerate(person) for _ in basket]
    return replace(some, at=np.array(days, np.float32) / max(1, *days))


class TestPersonalFrequency(RetrieverContract):
    @pytest.fixture
    def recipe(self) -> PersonalFrequencyRecipe:
        return PersonalFrequencyRecipe()


class TestNextBasket(RetrieverContract):
    @pytest.fixture(params=[5, 100])
    def recipe(self, request: pytest.FixtureRequest) -> NextBasketRecipe:
        return NextBasketRecipe(neighbours=request.param)


class TestReorder(RetrieverContract):
    @pytest.fixture
    def recipe(self) -> ReorderRecipe:
        return ReorderRecipe()


def test_frequency_counts_baskets_back() -> None:
    person = baskets([[MILK, TEA], [MILK], [SOFA]])
    scores = PersonalFrequencyRecipe(fading=1.0).fit(person).scores(person)[0]
    np.testing.assert_allclose(scores, [1 / 3 + 1 / 2, 1, 1 / 3], rtol=1e-6)


def test_neighbours_say_what_people_alike_take() -> None:
    known = baskets([[MILK], [TEA]], [[MILK], [TEA]], [[SOFA]], [[SOFA]])
    scores = NextBasketRecipe().fit(known).scores(baskets([[MILK]]))[0]
    assert scores[TEA] > 0 == scores[SOFA]


def test_neighbours_are_the_cosine_by_dense_products() -> None:
    known, asked, recipe = crowd(20), crowd(3, seed=8), NextBasketRecipe(neighbours=4, fading=0.5)
    everyone, asking = recipe.taken(known).toarray(), recipe.taken(asked).toarray()
    idf = np.log(len(known) / np.maximum(1, (everyone > 0).sum(axis=0)))
    rows, own = np.log1p(everyone) * idf, np.log1p(asking) * idf
    near = own @ rows.T / np.linalg.norm(own, axis=1)[:, None] / np.linalg.norm(rows, axis=1)
    for line in near:
        line[np.argsort(-line, kind="stable")[4:]] = 0
    expected = near @ everyone / near.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(recipe.fit(known).scores(asked), expected, rtol=1e-4, atol=1e-6)


def test_regression_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    told = np.column_stack([rng.normal(size=(400, 3)), np.ones(400)])
    taken = (rng.random(400) < 1 / (1 + np.exp(-told @ [1, -2, 0.5, -1]))).astype(float)
    oracle = LogisticRegression(C=1 / RIDGE, tol=1e-8).fit(told[:, :3], taken)
    np.testing.assert_allclose(regression(told, taken), [*oracle.coef_[0], *oracle.intercept_], atol=2e-3)


def test_facts_say_how_often_and_how_lately() -> None:
    person = baskets([[MILK, TEA], [MILK], [SOFA], [MILK]])
    row, item, told = facts_of(person, facts_of_items(person))
    assert (row.tolist(), item.tolist()) == ([0, 0, 0], [MILK, SOFA, TEA])
    told_of = {name: np.exp(told[:, at]).round(3).tolist() for at, name in enumerate(FACTS)}
    assert told_of["log count"] == [3, 1, 1]
    assert told_of["log share of baskets"] == [0.75, 0.25, 0.25]
    assert told_of["log baskets since"] == [1, 2, 4]


def test_staple_is_likelier_to_come_again_than_what_was_bought_once() -> None:
    people = [[[MILK, TEA + n % 5], [MILK], [MILK, SOFA], [MILK]] for n in range(30)]
    known = baskets(*people, items=9)
    scores = ReorderRecipe().fit(known).scores(baskets([[SOFA], [MILK], [MILK]], items=9))[0]
    assert scores[MILK] > 0.5 > scores[SOFA] > 0 == scores[TEA]
