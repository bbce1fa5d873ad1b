"""Tables: a sum over rows is what a retriever says that is a sum over the history."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tailorbird.offer.hybrid.tables import alone, evened, merged
from tailorbird.offer.retrievers.deflated import DeflatedRecipe
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.item_knn import ItemKnnRecipe
from tailorbird.offer.retrievers.rules import RulesRecipe
from tailorbird.offer.retrievers.spread import spread, weighted
from tailorbird.offer.retrievers.three_hop import ThreeHopRecipe

ITEMS = 12
worlds = st.lists(st.lists(st.integers(0, ITEMS - 1), min_size=1, max_size=6), min_size=2, max_size=12)
EVERY = np.arange(ITEMS, dtype=np.int32)


@pytest.mark.parametrize("recipe", [ThreeHopRecipe(), ItemKnnRecipe(shrink=1.0)])
@settings(max_examples=30, deadline=None)
@given(worlds)
def test_a_sum_of_rows_is_what_a_linear_retriever_says(recipe, world):
    known = Histories.of(world, ITEMS, ordered=False)
    retriever = recipe.fit(known)
    table = alone(retriever, EVERY, known, ITEMS, masked=False)
    said = spread(weighted(known, np.ones(ITEMS, np.float32)), table)
    np.testing.assert_allclose(said, retriever.scores(known), rtol=1e-5, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(worlds, st.integers(1, 4))
def test_rows_are_the_best_answers_best_first_and_never_the_item_itself(world, width):
    known = Histories.of(world, ITEMS)
    retriever = RulesRecipe().fit(known)
    table = alone(retriever, EVERY, known, width, masked=True)
    for item in range(ITEMS):
        dense = retriever.scores(Histories.of([[item]], ITEMS))[0]
        dense[item] = 0
        row = slice(table.indptr[item], table.indptr[item + 1])
        np.testing.assert_allclose(table.data[row], -np.sort(-dense[dense > 0])[:width])
        assert item not in table.indices[row]


def test_only_rows_that_are_wanted_are_made():
    known = Histories.of([[0, 1], [1, 2]], 3, ordered=False)
    retriever = DeflatedRecipe(components=2).fit(known)
    some = alone(retriever, np.array([1], np.int32), known, 3, masked=True)
    every = alone(retriever, np.arange(3, dtype=np.int32), known, 3, masked=True)
    assert np.diff(some.indptr)[[0, 2]].tolist() == [0, 0]
    np.testing.assert_allclose(some.toarray()[1], every.toarray()[1])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_merged_rows_hold_the_largest_of_the_weighed_sum(seed, width):
    rng = np.random.default_rng(seed)
    dense = [np.where(rng.random((6, 6)) < 0.5, rng.random((6, 6)), 0).astype(np.float32) for _ in range(3)]
    weights = np.array([0.5, 0.0, 2.0], np.float32)
    found = merged([csr_array(one) for one in dense], weights, width)
    total = 0.5 * dense[0] + 2 * dense[2]
    for row in range(6):
        values = found.data[found.indptr[row] : found.indptr[row + 1]]
        np.testing.assert_allclose(values, -np.sort(-total[row][total[row] > 0])[:width], rtol=1e-6)


def test_evened_rows_count_alike():
    table = csr_array((np.array([8, 4, 2, 1], np.float32), [1, 2, 0, 1], [0, 2, 4, 4]), (3, 3))
    assert evened(table).toarray().sum(1).round(5).tolist() == [2.0, 2.0, 0.0]
