"""Compiled: how often two items stand in one history, in bounded memory. The table below all item-item retrievers.

    G = X' W X        G[i, j] = sum over histories that hold both of their weight w_u;   n x n, sparse

It costs sum_u |u|^2 additions, and 8 bytes for each pair that is kept: all of them as long as they are no more than
`most_pairs`, else the heaviest of each row, with one width for all rows. Weak pairs are few in sum but many in number,
and together they matter, so they are pruned only where memory asks for it.
"""

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.histories import Floats, Ints, Longs

MOST_PAIRS = 200_000_000  # 1.6 GB


def gram(matrix: csr_array, weight: Floats, most_pairs: int = MOST_PAIRS) -> csr_array:
    """X' diag(weight) X of a binary `matrix` (p x n), diagonal included, columns ascending; n x n in float32.

    >>> gram(csr_array(np.array([[1, 1], [0, 1]], np.float32)), np.ones(2, np.float32)).toarray().tolist()
    [[1.0, 1.0], [1.0, 2.0]]
    """
    by_item = csr_array(matrix.T)
    both = (*indices(by_item), *indices(matrix))
    # Counted, then filled: scipy's product of X' and X would hold all pairs before the first could be pruned.
    counts = _row_counts(*both, matrix.shape[1])
    # One width for all rows takes from long rows only; what is rare keeps all that is known of it.
    width = widest(counts, most_pairs)
    start = np.concatenate([[0], np.cumsum(np.minimum(counts, width))]).astype(np.int64)
    column, value = np.empty(start[-1], np.int32), np.empty(start[-1], np.float32)
    _fill(*both, weight.astype(np.float32), start, column, value)
    return csr_array((value, column, start), shape=(matrix.shape[1],) * 2)


def heaviest(table: csr_array, width: int) -> csr_array:
    """The `width` (1 or more) largest values above 0 of each row, columns ascending; of equals those that come first.

    >>> heaviest(csr_array(np.array([[3, 1, 2], [0, 5, 0]], np.float32)), 2).toarray().tolist()
    [[3.0, 0.0, 2.0], [0.0, 5.0, 0.0]]
    """
    start, column = indices(table)
    kept, columns, values = _pruned(start, column, table.data, width)
    return csr_array((values, columns, kept), shape=table.shape)


def widest(counts: Longs, most: int) -> int:
    """The largest width at which rows of these lengths, cut to it, hold no more than `most` in sum; at least 1.

    >>> widest(np.array([5, 1, 3]), 7), widest(np.array([5, 1, 3]), 100)
    (3, 5)
    """
    low, high = 1, int(counts.max(initial=1))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if np.minimum(counts, middle).sum() <= most else (low, middle - 1)
    return low


def indices(matrix: csr_array) -> tuple[Longs, Ints]:
    """(start, column) in the widths for which the kernels are compiled."""
    return matrix.indptr.astype(np.int64, copy=False), matrix.indices.astype(np.int32, copy=False)


@njit(cache=True)
def _row_counts(start: Longs, person: Ints, own: Longs, item: Ints, items: int) -> Longs:
    """With how many items each one shares a history."""
    counts, seen = np.zeros(items, np.int64), np.full(items, -1, np.int32)
    for i in range(items):
        for at in range(start[i], start[i + 1]):
            for place in range(own[person[at]], own[person[at] + 1]):
                j = item[place]
                # Marked with the row itself, so that nothing has to be wiped between rows.
                counts[i] += seen[j] != i
                seen[j] = i
    return counts


@njit(cache=True)
def _fill(
    start: Longs, person: Ints, own: Longs, item: Ints, weight: Floats, kept: Longs, column: Ints, value: Floats
) -> None:  # fmt: skip
    """Each row: sums on a dense desk, then the heaviest in their places, by column."""
    desk, touched = np.zeros(len(kept) - 1, np.float32), np.empty(len(kept) - 1, np.int32)
    for i in range(len(kept) - 1):
        count = 0
        for at in range(start[i], start[i + 1]):
            for place in range(own[person[at]], own[person[at] + 1]):
                j = item[place]
                # Weights are above 0, so 0 says "not met in this row".
                if desk[j] == 0:
                    touched[count] = j
                    count += 1
                desk[j] += weight[person[at]]
        found = np.sort(touched[:count])
        _keep(found, desk, column[kept[i] : kept[i + 1]], value[kept[i] : kept[i + 1]])
        # Only what was touched: wiping the whole desk would cost n for each of n rows.
        desk[found] = 0


@njit(cache=True)
def _keep(found: Ints, desk: Floats, column: Ints, value: Floats) -> None:
    """The heaviest of `found`, as many as there is room for; of equals those that come first."""
    room, floor = len(column), np.float32(0)
    # Else everything has room: all of it is above a floor of 0.
    if room < len(found):
        floor = np.partition(desk[found], len(found) - room)[len(found) - room]
    ties, place = room, 0
    # What is above the floor has its place for certain; `ties` becomes the room left for those that equal it.
    for j in found:
        ties -= desk[j] > floor
    for j in found:
        if desk[j] > floor or (desk[j] == floor and ties > 0):
            ties -= desk[j] == floor
            column[place], value[place] = j, desk[j]
            place += 1


@njit(cache=True)
def _pruned(start: Longs, column: Ints, value: Floats, width: int) -> tuple[Longs, Ints, Floats]:
    kept = np.zeros(len(start), np.int64)
    for row in range(len(start) - 1):
        above = 0
        for at in range(start[row], start[row + 1]):
            above += value[at] > 0
        kept[row + 1] = kept[row] + min(above, width)
    columns, values = np.empty(kept[-1], np.int32), np.empty(kept[-1], np.float32)
    for row in range(len(start) - 1):
        own, places = value[start[row] : start[row + 1]], np.flatnonzero(value[start[row] : start[row + 1]] > 0)
        room = slice(kept[row], kept[row + 1])
        _keep(places.astype(np.int32), own, columns[room], values[room])
        columns[room] = column[start[row] : start[row + 1]][columns[room]]
    return kept, columns, values
