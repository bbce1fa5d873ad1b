"""What the retrievers of sequences share: the largest of rows, laws of decays and of counts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.following import following
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.nearest import nearest
from tailorbird.offer.retrievers.steps_back import decay, steps_back, weighed
from tailorbird.offer.retrievers.two_step import row_scaled

ROWS = st.lists(st.lists(st.integers(0, 6), max_size=6), max_size=5)


@given(ROWS)
def test_weights_of_contacts_are_all_there(rows: list[list[int]]) -> None:
    asked = Histories.of(rows, items=7)
    weight = decay(steps_back(asked), 2.0)
    sums = [sum(np.exp(-k / 2) for k in range(len(row))) for row in rows]
    np.testing.assert_allclose(weighed(asked, weight).sum(axis=1), sums, rtol=1e-5)


@given(ROWS, st.integers(1, 4))
def test_every_pair_within_reach_is_counted_once(rows: list[list[int]], reach: int) -> None:
    pairs = sum(min(reach, len(row) - 1 - place) for row in rows for place in range(len(row)))
    assert following(Histories.of(rows, items=7), np.ones(reach, np.float32)).sum() == pairs


@given(st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=1, max_size=4), st.integers(1, 6))
def test_nearest_keeps_the_largest_of_each_row(rows: list[list[int]], width: int) -> None:
    dense = np.array(rows, np.float32)
    kept = nearest(csr_array(dense), width).toarray()
    for row, left in zip(dense, kept, strict=True):
        best = sorted(np.flatnonzero(row), key=lambda column: (-row[column], column))[:width]
        np.testing.assert_array_equal(np.flatnonzero(left), sorted(best))
        np.testing.assert_array_equal(left[best], row[best])


def test_a_bag_has_no_steps() -> None:
    assert steps_back(Histories.of([[3, 1, 2], [0]], items=4, ordered=False)).tolist() == [1, 1, 1, 1]


def test_empty_rows_stay_empty() -> None:
    assert row_scaled(csr_array((3, 3), dtype=np.float32)).nnz == 0
