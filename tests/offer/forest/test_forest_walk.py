"""The walk answers what its plain form answers, for any trees and any inputs."""

import numpy as np
import pytest
from forest_cases import forests, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.offer.forest import oracle
from tailorbird.offer.forest.forest import Forest


@settings(max_examples=200, deadline=None)
@given(forests(), st.integers(0, 2**32 - 1))
def test_walk_equals_its_plain_form(forest, seed):
    matrix = rows(forest, seed)
    assert forest.scores(matrix).tolist() == [oracle.score(forest, row) for row in matrix.tolist()]


@settings(max_examples=50, deadline=None)
@given(forests(most_leaves=64), st.integers(0, 2**32 - 1))
def test_a_row_alone_scores_what_it_scores_among_others(forest, seed):
    matrix = rows(forest, seed, most=90)
    assert [float(forest.scores(row[None])[0]) for row in matrix] == forest.scores(matrix).tolist()


def test_the_order_in_memory_does_not_matter():
    forest, matrix = stump(), np.random.default_rng(0).normal(size=(70, 2)).astype(np.float32)
    assert forest.scores(np.asfortranarray(matrix)).tolist() == forest.scores(matrix).tolist()


def test_a_threshold_between_two_float32_parts_them():
    below, above = np.float32(0.1), np.nextafter(np.float32(0.1), np.float32(1))
    forest = stump(threshold=(float(below) + float(above)) / 2)
    assert forest.scores(np.array([[below, 0], [above, 0]], np.float32)).tolist() == [1, -1]


def test_a_matrix_of_other_features_is_refused():
    with pytest.raises(ValueError, match="know 2 features"):
        stump().scores(np.zeros((3, 5), np.float32))


def stump(threshold=0.0):
    return Forest.checked(
        ("a", "b"), start=[0, 2], feature=[0], threshold=[threshold], kind=[8], left=[-1], right=[-2], leaf=[1, -1]
    )
