"""How the trees lie in memory for the walk: no children, but for each split the leaves that it rules out.

QuickScorer (Lucchese et al., SIGIR 2015): the leaves of a tree are numbered from left to right, one bit each. A split
whose test is false rules out all leaves below its left child; where all such are taken away, the lowest bit left is the
exit leaf. The order of the tests does not matter, nothing is chased through memory, and a loop over many candidates
does the same to each of them: it becomes vector instructions. Since there is no child to go to, nothing can get lost.

A *view* is a feature with its missing values put where a split wants them: at -inf, which always goes left, at NaN,
which always goes right, or at 0. Splits read views, so the walk never asks about missing values.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tailorbird.offer.forest.forest import Forest

MOST_LEAVES = 64


class Layout(NamedTuple):
    """What `walk` reads: v views, s splits, t trees of at most 32 or 64 leaves."""

    views: NDArray[np.int32]  # v x 2: feature, kind of its splits
    last: NDArray[np.int64]  # t + 1: splits of tree t are [last[t], last[t + 1])
    view: NDArray[np.int32]  # s
    threshold: NDArray[np.float32]  # s: the largest float32 that is not above the tree's own
    mask: NDArray[np.uint32] | NDArray[np.uint64]  # s: all bits but those of the leaves below the left child
    leaf: NDArray[np.float64]  # t x 32 or 64: from left to right, the rest 0


def laid_out(forest: "Forest") -> Layout:
    """The layout of a checked forest."""
    leaves = np.diff(forest.start)
    # Each tree has one split fewer than leaves, so before tree t there are t splits fewer.
    last = (forest.start - np.arange(len(forest.start))).astype(np.int64)
    wide = leaves.max() > 32
    place, below = _places(forest.start, last, forest.left, forest.right)
    shape = (len(leaves), 64 if wide else 32)
    leaf = np.zeros(shape)
    leaf[np.repeat(np.arange(len(leaves)), leaves), place] = forest.leaf
    # The view of a split: its feature and what that split does with missing values.
    pairs = np.stack([forest.feature, forest.kind.astype(np.int32)], 1)
    views, view = np.unique(pairs, axis=0, return_inverse=True)
    arrays = (
        views.astype(np.int32),
        last,
        view.reshape(-1).astype(np.int32),
        rounded_down(forest.threshold),
        below if wide else below.astype(np.uint32),
        leaf,
    )
    for array in arrays:
        array.flags.writeable = False
    return Layout(*arrays)


def rounded_down(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """The largest float32 <= each value: `x <= value` is the same for it, for any float32 x.

    >>> float(rounded_down(np.array([0.1]))[0]) <= 0.1 < float(np.float32(0.1))
    True
    """
    with np.errstate(over="ignore"):
        # A threshold above what float32 holds becomes infinity, and is then brought down to the largest number.
        near = values.astype(np.float32)
    return np.where(near > values, np.nextafter(near, np.float32(-np.inf)), near).astype(np.float32)


@njit(cache=True)
def _places(start, last, left, right):  # type: ignore[no-untyped-def]
    """The place of each leaf from left to right in its tree, and the mask of each split. Parents stand before their
    children, so one pass up counts leaves and one pass down numbers them.
    """
    place = np.zeros(start[-1], np.int64)
    mask = np.zeros(last[-1], np.uint64)
    count, first = np.zeros(last[-1], np.int64), np.zeros(last[-1], np.int64)
    for t in range(len(start) - 1):
        begin, end = last[t], last[t + 1]
        # From the last split up: children stand behind their parents, so theirs are counted already.
        for s in range(end - 1, begin - 1, -1):
            count[s] = _leaves_of(left[s], begin, count) + _leaves_of(right[s], begin, count)
        for s in range(begin, end):
            middle = first[s] + _leaves_of(left[s], begin, count)
            for child, where in ((left[s], first[s]), (right[s], middle)):
                if child < 0:
                    place[start[t] + ~child] = where
                else:
                    first[begin + child] = where
            for bit in range(first[s], middle):
                mask[s] |= np.uint64(1) << np.uint64(bit)
            mask[s] = ~mask[s]
    return place, mask


@njit(cache=True)
def _leaves_of(child, begin, count):  # type: ignore[no-untyped-def]
    return 1 if child < 0 else count[begin + child]
