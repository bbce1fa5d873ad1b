"""The randomised SVD beside numpy's."""

import numpy as np
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.singular import leading, scaled


def test_leading_values_and_vectors_are_those_of_the_full_decomposition() -> None:
    rng = np.random.default_rng(1)
    dense = (rng.random((300, 200)) < 0.05).astype(np.float32)
    dense[:150, :80] += rng.random((150, 80)) < 0.3
    values, vectors = leading(csr_array(dense), 5, seed=2)
    _, exact, turned = np.linalg.svd(dense.astype(np.float64))
    np.testing.assert_allclose(values, exact[:5], rtol=2e-3)
    assert abs(float(vectors[:, 0] @ turned[0])) > 0.9999


def test_every_component_of_a_small_matrix_rebuilds_it() -> None:
    dense = np.random.default_rng(3).random((6, 9)).astype(np.float32)
    values, vectors = leading(csr_array(dense), 99, seed=0)
    np.testing.assert_allclose((vectors * values**2) @ vectors.T, dense.T @ dense, atol=1e-4)


def test_nothing_has_no_components() -> None:
    assert leading(csr_array((0, 4), dtype=np.float32), 3, seed=0)[1].shape == (4, 0)


def test_scaled_weighs_both_sides() -> None:
    matrix = scaled(csr_array(np.array([[1, 1], [0, 1]], np.float32)), 1.0, 0.5)
    np.testing.assert_allclose(matrix.toarray(), [[0.5, 0.5 / 2**0.5], [0, 1 / 2**0.5]], rtol=1e-6)
