"""Local ridge: for each item a small regression of its own on the items nearest to it, in closed form.

    C = A'A,  A = D_u^-a X D_i^-b           D_u, D_i: degrees of histories and items
    w_j = (C_NN + lam I)^-1 C_Nj            N: the `neighbours` items nearest to j by C
    score(j) = n_j^c  sum of n_i^-b w_j[i] over the history's items i in N

EASE solves for all items at once, this for each target among few: SLIM (Ning and Karypis, 2011) with the selection of
its fsSLIM and an L2 penalty only. Its errors are others than those of the global ridge, which a blend rewards.
Costs n k^3 and, while it is fitted, all pairs of items; n k values to keep, served as cheaply as item-kNN.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.arrays import locked_sparse, named, stored, stored_sparse
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.gram import MOST_PAIRS, gram, heaviest, indices
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints, Longs
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.spread import spread, weighted
from tailorbird.offer.retrievers.three_hop import degrees

STEPS = [each("penalty", 10.0, 1.0), each("discount", 0.0, 0.3), each("neighbours", 60)]


@dataclass(frozen=True)
class LocalRidge:
    """Fitted: what each item of a history says of the targets that it is near to."""

    weights: csr_array  # n x n
    name: str = "local-ridge"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's items."""
        return spread(weighted(asked, np.ones(asked.items, np.float32)), self.weights)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The weights as three arrays."""
        return named("weights", self.weights)


class LocalRidgeRecipe(msgspec.Struct, frozen=True, tag="local-ridge"):
    """Settings."""

    person_power: float = 0.25  # a
    item_power: float = 0.25  # b
    discount: float = 0.15  # b - c: how much popular items are held back
    penalty: float = 3.0  # lam, in units of the mean of C's diagonal over contacts
    neighbours: int = 100
    most_pairs: int = MOST_PAIRS

    @property
    def name(self) -> str:
        return "local-ridge"

    def fit(self, known: Histories, seed: int = 0) -> LocalRidge:
        """One small system for each item; there is no chance in it."""
        matrix = known.matrix()
        return self._on(self._alike(matrix), degrees(matrix))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "LocalRidgeRecipe":
        """Penalty, discount and width, on one count of pairs."""
        matrix = known.matrix()
        alike, degree = self._alike(matrix), degrees(matrix)
        return climb(self, STEPS, lambda one: judge(one._on(alike, degree)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> LocalRidge:
        """From its arrays."""
        return LocalRidge(stored_sparse(arrays, "weights", max(0, len(stored(arrays, "weights_start", -1)) - 1)))

    def _alike(self, matrix: csr_array) -> csr_array:
        """C, columns ascending."""
        lengths = np.maximum(1, np.diff(matrix.indptr)).astype(np.float32)
        pairs, scale = gram(matrix, lengths ** (-2 * self.person_power), self.most_pairs), degrees(matrix)
        scale **= -self.item_power
        pairs.data *= np.repeat(scale, np.diff(pairs.indptr))
        pairs.data *= scale[pairs.indices]
        return pairs

    def _on(self, alike: csr_array, degree: Floats) -> LocalRidge:
        # C's scale is that of the data: a penalty in its own units suits a small shop and a large one alike.
        own = alike.diagonal()
        penalty = self.penalty * float(own @ degree) / max(1.0, float(degree.sum()))
        near = alike.copy()
        # An item is nearest to itself: its regression would answer "itself". 0 is what `heaviest` drops.
        near.data[np.repeat(np.arange(len(degree)), np.diff(near.indptr)) == near.indices] = 0
        near = heaviest(near, self.neighbours)
        _regress(*indices(alike), alike.data, *indices(near), near.data, penalty)
        # A row is still a target j and brings n_j^c, a column an item i of a history and brings n_i^-b.
        near.data *= np.repeat(degree ** (self.item_power - self.discount), np.diff(near.indptr))
        near.data *= (degree**-self.item_power)[near.indices]
        # Turned: a score walks over the rows of what the history holds.
        return LocalRidge(locked_sparse(csr_array(near.T)))


@njit(cache=True, parallel=True)
def _regress(
    start: Longs, column: Ints, value: Floats, near: Longs, neighbour: Ints, weight: Floats, penalty: float
) -> None:
    """Turn the likeness of each target to its neighbours, `weight`, into the weights of its regression on them."""
    # Targets share nothing: each writes into its own stretch of `weight` alone, so threads give what one would.
    for target in prange(len(near) - 1):
        chosen, wanted = neighbour[near[target] : near[target + 1]], weight[near[target] : near[target + 1]]
        square = np.empty((len(chosen), len(chosen)), np.float32)
        for a in range(len(chosen)):
            begin, end = start[chosen[a]], start[chosen[a] + 1]
            for b in range(a + 1):
                # Columns ascend, as `gram` leaves them. Two neighbours of one target may never have met each other.
                at = begin + np.searchsorted(column[begin:end], chosen[b])
                met = at < end and column[at] == chosen[b]
                square[a, b] = value[at] if met else np.float32(0)
                square[b, a] = square[a, b]
            square[a, a] += penalty
        if len(chosen) > 0:
            wanted[:] = np.linalg.solve(square, wanted)
