"""The largest of each row of a sparse table: what is worth keeping where all of it would be too much."""

import numpy as np
from scipy.sparse import csr_array


def nearest(table: csr_array, width: int) -> csr_array:
    """The `width` largest values of each row, of equals those of lower columns; columns stay ascending.

    >>> nearest(csr_array(np.array([[3, 1, 3, 2]], np.float32)), 2).toarray().tolist()
    [[3.0, 0.0, 3.0, 0.0]]
    """
    row = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    # Sorted whole, not partitioned: ties must fall alike each time, and go to the lower column.
    order = np.lexsort((table.indices, -table.data, row))
    place = np.arange(len(row)) - table.indptr[row]  # rows stand in their order, so sorting kept where each begins
    kept = np.sort(order[place < width])
    start = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=table.shape[0]))])
    return csr_array((table.data[kept], table.indices[kept], start), shape=table.shape)
