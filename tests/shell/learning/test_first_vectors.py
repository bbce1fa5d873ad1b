"""Vectors to begin with: near in histories, near in space."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.shell.learning.first_vectors import begun_with, first_vectors
from tailorbird.shell.learning.packing import words_of


def test_items_that_stand_near_each_other_point_the_same_way() -> None:
    known = Histories.of([[0, 1, 2], [2, 0, 1], [3, 4, 5], [5, 3, 4], [4, 5, 3]], items=7)
    vectors = first_vectors(known, dimensions=2)
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > 0.9 and likeness[3, 4] > 0.9
    assert abs(likeness[0, 3]) < 0.1


def test_vectors_are_one_long_and_those_of_unknown_items_nothing() -> None:
    known = Histories.of([[0, 1], [1, 2]], items=4)
    lengths = np.linalg.norm(first_vectors(known, dimensions=8), axis=1)
    assert lengths.round(4).tolist() == [1, 1, 1, 0]


def test_histories_without_anything_near_begin_with_nothing() -> None:
    assert not first_vectors(Histories.of([[0], []], items=1), dimensions=4).any()


def test_the_same_seed_gives_the_same_vectors() -> None:
    known = Histories.of([[0, 1, 2, 3], [3, 1]], items=5)
    assert np.array_equal(first_vectors(known, 3, seed=1), first_vectors(known, 3, seed=1))


def test_an_item_that_nobody_met_begins_as_its_words_say() -> None:
    said = csr_array(np.array([[1, 0], [1, 0], [0, 1], [0, 1], [1, 0]], np.float32))
    known = replace(Histories.of([[0, 1], [1, 0], [2, 3], [3, 2]], items=5), attributes=said)
    words = words_of(known)
    own, word = begun_with(known, words, 2)
    unmet = word[0]
    assert not own[4].any()
    assert unmet @ (own[0] + word[0]) > 0.5 > abs(unmet @ (own[2] + word[1])) + 0.4
    whole = own + word[[0, 0, 1, 1, 0]]
    np.testing.assert_allclose(whole[:4], first_vectors(known, 2)[:4], atol=1e-5)
