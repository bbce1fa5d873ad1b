"""Content: the contract, tf-idf by scikit-learn, new items and declared interests."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfTransformer

from tailorbird.offer.retrievers.content import ContentRecipe, weighed_words
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.testing.retriever_contract import RetrieverContract, crowd

SHOES, SHIRTS, BLUE = 0, 1, 2
CATALOGUE = csr_array(np.array([[1, 0, 1], [1, 0, 0], [0, 1, 0], [0, 1, 1], [0, 0, 0]], np.float32))


def shop(rows: list[list[int]], attributes: csr_array = CATALOGUE) -> Histories:
    return replace(Histories.of(rows, items=attributes.shape[0]), attributes=attributes)


class TestContent(RetrieverContract):
    @pytest.fixture
    def recipe(self) -> ContentRecipe:
        return ContentRecipe(most_common=1.0)


def test_words_are_weighed_like_scikit_learn() -> None:
    counts = csr_array(np.random.default_rng(0).poisson(0.7, (40, 9)).astype(np.float64))
    holders = np.bincount(counts.indices, minlength=9)
    oracle = TfidfTransformer(sublinear_tf=True, smooth_idf=False)  # its idf is 1 + log, ours as in the formula
    oracle.fit(counts).idf_ = np.log(40 / holders)
    ours = weighed_words(counts, np.log(40 / holders).astype(np.float32))
    np.testing.assert_allclose(ours.toarray(), oracle.transform(counts).toarray(), atol=1e-6)


def test_item_that_nobody_met_is_proposed_for_its_words() -> None:
    scores = ContentRecipe(most_common=1.0).fit(shop([[0], [2]])).scores(shop([[0]]))[0]
    assert scores[1] > 0 == scores[2]


def test_new_item_is_proposed_at_once_and_the_others_as_before() -> None:
    fitted = ContentRecipe(most_common=1.0).fit(shop([[0, 1], [2, 3]]))
    grown = fitted.with_items(csr_array(np.array([[1, 0, 1]], np.float32)))
    before, after = fitted.scores(shop([[0]]))[0], grown.scores(Histories.of([[0]], items=6))[0]
    np.testing.assert_array_equal(after[:5], before)
    assert after[5] > after[2:5].max()


def test_declared_interest_finds_what_fits_it() -> None:
    fitted = ContentRecipe(most_common=1.0).fit(shop([[0, 1, 2, 3]]))
    liked = fitted.liking(csr_array(np.eye(3, dtype=np.float32)[[SHOES]]))[0]
    assert set(np.flatnonzero(liked).tolist()) == {0, 1}


def test_word_that_nearly_all_items_share_is_left_out() -> None:
    common = csr_array(np.array([[1, 1], [1, 0], [1, 0], [1, 0], [0, 1]], np.float32))
    assert ContentRecipe(most_common=0.5).fit(shop([[0]], common)).idf.tolist() == [0.0, pytest.approx(np.log(2.5))]


def test_without_attributes_it_has_nothing_to_say() -> None:
    known = replace(crowd(5), attributes=None)
    assert not ContentRecipe().fit(known).scores(known).any()
