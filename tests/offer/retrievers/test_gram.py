"""Pairs of items, counted exactly and kept in bounded memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.gram import gram, heaviest


def drawn(seed: int, people: int, items: int) -> csr_array:
    return csr_array((np.random.default_rng(seed).random((people, items)) < 0.3).astype(np.float32))


@given(st.integers(0, 99), st.integers(0, 12), st.integers(1, 9))
def test_gram_equals_the_dense_product(seed: int, people: int, items: int) -> None:
    matrix, weight = drawn(seed, people, items), np.linspace(0.5, 2, people, dtype=np.float32)
    dense = matrix.toarray()
    np.testing.assert_allclose(gram(matrix, weight).toarray(), dense.T @ (weight[:, None] * dense), rtol=1e-5)


def test_gram_in_too_little_memory_keeps_the_heaviest_of_each_row() -> None:
    matrix, weight = drawn(1, 200, 30), np.ones(200, np.float32)
    whole, kept = gram(matrix, weight).toarray(), gram(matrix, weight, most_pairs=30 * 5)
    assert np.diff(kept.indptr).tolist() == [5] * 30
    for row in range(30):
        assert sorted(kept.toarray()[row])[-5:] == sorted(whole[row])[-5:]


def test_columns_ascend() -> None:
    table = gram(drawn(2, 50, 20), np.ones(50, np.float32))
    assert all((np.diff(table.indices[a:b]) > 0).all() for a, b in zip(table.indptr, table.indptr[1:], strict=False))


@pytest.mark.parametrize("width", [1, 3, 50])
def test_heaviest_keeps_the_best_positive_values(width: int) -> None:
    dense = np.random.default_rng(3).integers(-3, 6, (20, 12)).astype(np.float32)
    pruned = heaviest(csr_array(dense), width).toarray()
    for row, kept in zip(dense, pruned, strict=True):
        best = [column for column in np.argsort(-row, kind="stable")[:width] if row[column] > 0]
        assert np.flatnonzero(kept).tolist() == sorted(best)
        assert (kept[best] == row[best]).all()
