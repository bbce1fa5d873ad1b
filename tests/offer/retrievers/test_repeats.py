"""Repeats: the contract as far as it fits, the rates by plain loops, and items that recur by nature."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.repeats import COUNT_BINS, STEP_BINS, RepeatsRecipe, step_bins
from tailorbird.testing.retriever_contract import RetrieverContract, crowd


class TestRepeats(RetrieverContract):
    @pytest.fixture
    def recipe(self) -> RepeatsRecipe:
        return RepeatsRecipe()


def rates_by_loops(known: Histories) -> tuple[np.ndarray, np.ndarray]:
    hits, trials = np.zeros((2, STEP_BINS, COUNT_BINS))
    for items in (known.of_row(row).tolist() for row in range(len(known))):
        for place in range(1, len(items)):
            past = items[:place][::-1]
            for item in set(past):
                cell = step_bins(np.array([past.index(item) + 1]))[0], min(past.count(item), COUNT_BINS) - 1
                trials[cell] += 1
                hits[cell] += item == items[place]
    return hits, trials


def test_rate_is_what_was_counted() -> None:
    known = crowd(30)
    hits, trials = rates_by_loops(known)
    rate = RepeatsRecipe().fit(known).rate
    np.testing.assert_allclose(rate[trials > 0], ((hits + 1) / (trials + 2))[trials > 0], rtol=1e-6)


def test_only_what_was_met_is_proposed() -> None:
    scores = RepeatsRecipe().fit(crowd(30)).scores(Histories.of([[3, 5, 3]], items=23))[0]
    assert np.flatnonzero(scores).tolist() == [3, 5]


def test_what_recurs_by_its_nature_goes_first() -> None:
    milk, sofa, other = 0, 1, 2
    known = Histories.of([[milk, sofa, milk, other, milk, milk], [sofa, milk, other, milk]] * 20, items=3)
    fitted = RepeatsRecipe().fit(known)
    alone = fitted.scores(Histories.of([[milk], [sofa]], items=3))
    assert alone[0, milk] > alone[1, sofa] > 0
