"""A compiled blend is served as visitors are: `decide` says what the table's rows add up to."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.offer.hybrid.compiled import LONGEST, WIDTH, Serving, latest, recipe
from tailorbird.offer.hybrid.tables import merged
from tailorbird.offer.judge.protocols import validated
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.recommend.compiled_serves import serving
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.popular import PopularRecipe
from tailorbird.offer.retrievers.rules import RulesRecipe
from tailorbird.offer.retrievers.session_knn import SessionKnnRecipe
from tailorbird.offer.retrievers.spread import spread
from tailorbird.offer.retrievers.steps_back import decay, steps_back, weighed
from tailorbird.offer.retrievers.three_hop import ThreeHopRecipe

ITEMS = 30


def walks(people=200, seed=0):
    """People who walk on to the next item of a circle, mostly."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(people):
        steps = np.where(rng.random(rng.integers(4, 9)) < 0.8, 1, rng.integers(0, ITEMS))
        rows.append(((rng.integers(0, ITEMS) + np.cumsum(steps)) % ITEMS).tolist())
    return Histories.of(rows, ITEMS)


def table_of(known, seed=0):
    panel = [RulesRecipe().fit(known), ThreeHopRecipe().fit(known)]
    made_of = recipe(panel, exam_of(known), exam_of(known))
    return made_of.table([p for p in panel if p.name in made_of.retrievers], known, known, masked=False), made_of


def exam_of(known):
    nothing = np.zeros(len(known) + 1, np.int64), np.zeros(0, np.int32)
    return validated(Trial("next-item", known, known, *nothing, False, 10, "ndcg"))


@pytest.mark.parametrize("fading", [inf, 2.0])
@settings(max_examples=20, deadline=None)
@given(history=st.lists(st.integers(0, ITEMS - 1), min_size=1, max_size=70))
def test_what_is_served_is_the_sum_of_the_rows_to_a_millionth(fading, history):
    table, _ = TABLE
    answer = ANSWERS[fading]
    items, scores = answer(np.array(history, np.int32))
    asked = latest(Histories.of([history], ITEMS))
    expected = spread(weighed(asked, decay(steps_back(asked), fading)), table)[0] / table.data.max()
    spoken = expected[items] > 0
    np.testing.assert_allclose(scores[spoken], expected[items][spoken], rtol=1e-5, atol=1e-6)
    assert spoken.sum() == min(10, (expected > 0).sum())
    best = -np.sort(-expected)[: spoken.sum()]
    np.testing.assert_allclose(np.sort(scores[spoken])[::-1], best, rtol=1e-5, atol=1e-6)


def test_a_masked_history_never_comes_out():
    table, _ = TABLE
    answer = serving(Serving(table, inf, np.ones(ITEMS, np.float32), masked=True, at=20))
    assert not set(answer(np.arange(12, dtype=np.int32))[0].tolist()) & set(range(12))


def test_who_has_no_history_is_shown_what_is_popular():
    table, _ = TABLE
    popular = np.arange(ITEMS, dtype=np.float32)
    items, _ = serving(Serving(table, inf, popular, masked=False, at=3))(np.zeros(0, np.int32))
    assert items.tolist() == [29, 28, 27]


def test_the_recipe_finds_that_the_last_step_says_most():
    _, made_of = TABLE
    assert made_of.fading < inf
    assert made_of.worth > 0.5
    assert made_of.weights.sum() == pytest.approx(1, abs=1e-5)


def test_those_who_say_the_same_to_everybody_have_no_rows():
    known = walks()
    panel = [PopularRecipe().fit(known), RulesRecipe().fit(known), SessionKnnRecipe().fit(known)]
    assert "popular" not in recipe(panel, exam_of(known), exam_of(known)).retrievers


def test_rows_have_a_bound_and_so_have_histories():
    table, _ = TABLE
    assert np.diff(merged([table], np.ones(1, np.float32), WIDTH).indptr).max() <= WIDTH
    assert latest(Histories.of([list(range(20)) * 4], 30)).lengths().tolist() == [LONGEST]


TABLE = table_of(walks())
ANSWERS = {one: serving(Serving(TABLE[0], one, np.ones(ITEMS, np.float32), masked=False, at=10)) for one in (inf, 2.0)}
