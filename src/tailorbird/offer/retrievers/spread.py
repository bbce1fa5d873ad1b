"""Compiled: few sparse histories times a sparse table, written out densely. What every item-item table serves by.

Each history walks over the table's rows of its items and adds to one dense row, which stays in the cache: it costs the
neighbours that it touches, and n zeros.
"""

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.gram import indices
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints, Longs


def weighted(asked: Histories, weight: Floats) -> csr_array:
    """The histories as p x n: each item once, however often it stands there, with its weight."""
    rows = asked.matrix()
    rows.data = weight[rows.indices]
    return rows


def spread(rows: csr_array, table: csr_array) -> Floats:
    """rows (p x n) @ table (n x w), dense in float32.

    >>> spread(csr_array(np.eye(2, dtype=np.float32)), csr_array(np.array([[0, 2], [3, 0]], np.float32))).tolist()
    [[0.0, 2.0], [3.0, 0.0]]
    """
    out = np.zeros((rows.shape[0], table.shape[1]), np.float32)
    _spread(*indices(rows), rows.data, *indices(table), table.data, out)
    return out


@njit(cache=True)
def _spread(start: Longs, item: Ints, weight: Floats, table: Longs, column: Ints, value: Floats, out: Floats) -> None:
    for row in range(len(start) - 1):
        own = out[row]
        for at in range(start[row], start[row + 1]):
            factor = weight[at]
            # Unsigned: a signed index is looked at for being negative, each time.
            for place in range(np.uint64(table[item[at]]), np.uint64(table[item[at] + 1])):
                own[np.uint64(column[place])] += factor * value[place]
