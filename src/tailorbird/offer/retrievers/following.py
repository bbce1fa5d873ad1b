"""Which item follows which: the weighted counts that all retrievers of sequences begin with, and their scaling."""

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.histories import Floats, Histories


def following(known: Histories, by_step: Floats, worth: Floats | None = None) -> csr_array:
    """n x n in float32: C[i, j] = sum over pairs, i then j in one history, d steps apart, of by_step[d - 1].

    `worth` (m) is a factor for each pair, that of its later contact: how much a pair of long ago still says. One
    sparse sum for each distance, so that memory stays at that of the result and one distance; m * len(by_step) steps.

    >>> following(Histories.of([[0, 1, 2]], items=3), np.array([1.0, 0.5], np.float32)).toarray().tolist()
    [[0.0, 1.0, 0.5], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    """
    shape = (known.items, known.items)
    counted: Any = csr_array(shape, dtype=np.float32)
    row = known.rows()
    for distance in range(1, min(len(by_step), max(known.lengths(), default=0)) + 1):
        first = np.flatnonzero(row[:-distance] == row[distance:])
        then = first + distance
        value = np.full(len(first), by_step[distance - 1], np.float32)
        if worth is not None:
            value *= worth[then]
        counted += csr_array((value, (known.item[first], known.item[then])), shape)
    counted.sort_indices()
    return csr_array(counted)


def met(known: Histories, worth: Floats | None = None) -> Floats:
    """How often each item was met, each time by its `worth` (m); at least 1, which keeps powers finite.

    >>> met(Histories.of([[0, 1], [1]], items=3)).tolist()
    [1.0, 2.0, 1.0]
    """
    counts: Floats = np.maximum(1, np.bincount(known.item, worth, minlength=known.items)).astype(np.float32)
    return counts


def recent(known: Histories, share: float | None) -> Floats | None:
    """exp(-age / share) of each contact (m): its age and `share` are parts of the time that the log spans.

    None, all are worth the same, where no times are known or no share is given.
    """
    if known.at is None or share is None:
        return None
    worth: Floats = np.exp((known.at - 1) / share).astype(np.float32)
    return worth


def scaled(counted: csr_array, own: Floats, other: Floats) -> csr_array:
    """own[i] * C[i, j] * other[j], in float32."""
    table = counted.astype(np.float32)
    # The values alone: products with two diagonal matrices would copy rows and columns twice.
    table.data *= np.repeat(own, np.diff(table.indptr)) * other[table.indices]
    return table
