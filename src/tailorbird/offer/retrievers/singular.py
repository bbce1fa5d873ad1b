"""The leading singular values and right vectors of a large sparse matrix, by a randomised range finder.

    Q = orth(A'A ... A'A R)   R random, n x l;   then A Q = U S W',   V = Q W

Halko, Martinsson and Tropp (2011), algorithms 4.4 and 5.1, on the side of the items, because only V is wanted. Costs
passes x 2 sparse products and one QR of n x l; memory (n + p) x l x 4 bytes. The same seed gives the same vectors.
"""

import numpy as np
from scipy.linalg import qr
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.histories import Floats

OVERSAMPLED = 32
PASSES = 5


def leading(matrix: csr_array, count: int, seed: int) -> tuple[Floats, Floats]:
    """(s, V): the `count` largest singular values, falling, and their right vectors as n x count.

    A matrix of lower rank has fewer: count is cut to min(p, n), and what is 0 comes last.

    >>> s, V = leading(csr_array(np.diag([3, 1, 2]).astype(np.float32)), 2, seed=0)
    >>> s.round(4).tolist(), abs(V).round(2).tolist()
    ([3.0, 2.0], [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    """
    count = min(count, *matrix.shape)
    if count == 0:
        return np.zeros(0, np.float32), np.zeros((matrix.shape[1], 0), np.float32)
    width = min(count + OVERSAMPLED, *matrix.shape)
    turned = csr_array(matrix.T)
    basis = np.random.default_rng(seed).standard_normal((matrix.shape[1], width), np.float32)
    # Orthogonal after each pass: else all columns turn towards the largest component, and rounding eats the others.
    for _ in range(PASSES):
        basis = qr(turned @ (matrix @ basis), mode="economic", overwrite_a=True, check_finite=False)[0]
    image = matrix @ basis
    # l x l in place of p x l, as nothing but s and V is wanted. In 64 bits: squared in 32, what is below .0003 of the
    # largest singular value is lost.
    squares, turns = np.linalg.eigh((image.T @ image).astype(np.float64))
    order = np.argsort(-squares, kind="stable")[:count]
    return np.sqrt(np.maximum(0, squares[order])).astype(np.float32), basis @ turns[:, order].astype(np.float32)


def scaled(matrix: csr_array, person_power: float, item_power: float) -> csr_array:
    """D_u^-person_power X D_i^-item_power of a matrix of contacts, each pair once."""
    lengths = np.maximum(1, np.diff(matrix.indptr)).astype(np.float32)
    degree = np.maximum(1, np.bincount(matrix.indices, minlength=matrix.shape[1])).astype(np.float32)
    weight = np.repeat(lengths**-person_power, np.diff(matrix.indptr)) * (degree**-item_power)[matrix.indices]
    return csr_array((weight, matrix.indices, matrix.indptr), shape=matrix.shape)
