"""The walk: what all trees say of each candidate, over the arrays of `layout`. `oracle.py` says the same plainly."""

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numba.cpython.unsafe.numbers import trailing_zeros
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tailorbird.offer.forest.layout import Layout

DEFAULT_LEFT = 2  # bit of a split's kind: a missing value goes left
MISSING_ZERO, MISSING_NAN = 4, 8  # what counts as missing: 0 and NaN, or NaN; neither: NaN is taken for 0
TINY = np.float32(1e-35)  # lightgbm takes anything nearer to 0 for 0
# Candidates that go through the trees together. The compiler must know it: then the innermost loop becomes a few vector
# instructions without a count, which is three times as fast, and their bits stay in the first cache.
BLOCK = 64


def walk(columns: NDArray[np.float32], layout: "Layout") -> NDArray[np.float64]:
    """The sum over the trees, in their order, for each of m candidates: `columns` is f x m.

    Nothing is read outside of the arrays of a checked forest, whatever the columns hold.
    """
    sums: NDArray[np.float64] = _walk(columns, *layout)
    return sums


@njit(cache=True)
def _walk(columns, views, last, view, threshold, mask, leaf):  # type: ignore[no-untyped-def]
    m = columns.shape[1]
    sums = np.zeros(m)
    values = np.zeros((len(views), BLOCK), np.float32)
    bits = np.empty(BLOCK, mask.dtype)
    everything, within = ~np.zeros(1, mask.dtype)[0], leaf.shape[1] - 1
    for begin in range(0, m, BLOCK):
        size = min(BLOCK, m - begin)
        _look(columns[:, begin : begin + size], views, values)
        for t in range(len(last) - 1):
            bits[:] = everything
            for s in range(last[t], last[t + 1]):
                row, limit, ruled_out = values[view[s]], threshold[s], mask[s]
                for c in range(BLOCK):
                    # No branch that has to be guessed: both cases are the same `and`.
                    bits[c] &= everything if row[c] <= limit else ruled_out  # NaN goes right
            row_of_leaves = leaf[t]
            for c in range(size):
                # `& within`: whatever the bits are, it is a place of this tree's row.
                sums[begin + c] += row_of_leaves[trailing_zeros(bits[c]) & within]  # type: ignore[call-arg]
    return sums


@njit(cache=True)
def _look(columns, views, values):  # type: ignore[no-untyped-def]
    """Write down the views of some candidates: missing values stand where their splits send them."""
    for v in range(len(views)):
        column, kind, row = columns[views[v, 0]], views[v, 1], values[v]
        instead = np.float32(0)
        if kind & (MISSING_ZERO | MISSING_NAN):
            instead = np.float32(-np.inf) if kind & DEFAULT_LEFT else np.float32(np.nan)
        at_zero = instead if kind & MISSING_ZERO else np.float32(0)
        for c in range(columns.shape[1]):
            x = column[c]
            row[c] = instead if np.isnan(x) else at_zero if abs(x) <= TINY else x
