"""Item-kNN: cosine with shrinkage, each item's nearest. The floor among personal retrievers, and the least to serve.

    near(i, j) = n_ij / (sqrt(n_i n_j) + shrink),   kept for the `neighbours` nearest of each i
    score = sum of near(i, j) over the history's items i

n_ij histories hold both, n_i hold i. Sarwar et al. (2001) with the shrinkage of Bell and Koren (2007): two items that
met twice are not as sure as two that met in half of a thousand histories. Costs sum_u |u|^2 and n x neighbours pairs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.arrays import locked_sparse, named, stored, stored_sparse
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.gram import MOST_PAIRS, gram, heaviest
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.spread import spread, weighted
from tailorbird.offer.retrievers.three_hop import degrees

STEPS = [each("shrink", 0.0, 50.0), each("neighbours", 50, 400)]


@dataclass(frozen=True)
class ItemKnn:
    """Fitted: the neighbours of each item."""

    near: csr_array  # n x n
    name: str = "item-knn"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's items."""
        return spread(weighted(asked, np.ones(asked.items, np.float32)), self.near)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The neighbours as three arrays."""
        return named("near", self.near)


class ItemKnnRecipe(msgspec.Struct, frozen=True, tag="item-knn"):
    """Settings as usual in the literature."""

    shrink: float = 10.0  # histories
    neighbours: int = 100
    most_pairs: int = MOST_PAIRS

    @property
    def name(self) -> str:
        return "item-knn"

    def fit(self, known: Histories, seed: int = 0) -> ItemKnn:
        """Counts pairs; there is no chance in it."""
        matrix = known.matrix()
        return self._on(self._pairs(matrix), degrees(matrix))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "ItemKnnRecipe":
        """Tries shrinkage, then width, on one count of pairs."""
        matrix = known.matrix()
        pairs, degree = self._pairs(matrix), degrees(matrix)
        return climb(self, STEPS, lambda one: judge(one._on(pairs, degree)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> ItemKnn:
        """From its arrays."""
        return ItemKnn(stored_sparse(arrays, "near", max(0, len(stored(arrays, "near_start", -1)) - 1)))

    def _pairs(self, matrix: csr_array) -> csr_array:
        return gram(matrix, np.ones(matrix.shape[0], np.float32), self.most_pairs)

    def _on(self, pairs: csr_array, degree: Floats) -> ItemKnn:
        row, column = np.repeat(np.arange(len(degree)), np.diff(pairs.indptr)), pairs.indices
        near = pairs.data / (np.sqrt(degree[row] * degree[column]) + np.float32(self.shrink))
        # An item is nearest to itself, and would take one of its own places. 0 is what `heaviest` drops.
        near[row == column] = 0
        cosine = csr_array((near, pairs.indices, pairs.indptr), shape=pairs.shape)
        return ItemKnn(locked_sparse(heaviest(cosine, self.neighbours)))
