"""User-kNN: what the people most alike have. For tastes that follow people rather than items.

    alike(h, v) = sum of n_i^-b over the items in both / (|h| |v|^g)
    score(j) = n_j^-d  sum of alike(h, v)^q over the `people` most alike v that have j

Resnick et al. (1994) for implicit feedback; no power of |h| changes the order. b, g and d weigh down items and people
that are alike to everything, as in three hops, which is the same walk over all people with q = 1. That q > 1 and only
the nearest count makes it another scorer. Nothing to fit; a score costs the contacts of everyone who shares an item. It
keeps the histories themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.arrays import locked, locked_sparse, named, stored, stored_sparse
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.gram import indices
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints, Longs
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.spread import spread, weighted
from tailorbird.offer.retrievers.three_hop import degrees

STEPS = [each("sharpness", 1.5, 0.5), each("people", 1000, 100), each("item_power", 0.15, 0.45)]


@dataclass(frozen=True)
class UserKnn:
    """Fitted: who has each item, with its weight there, and what each person has."""

    holders: csr_array  # n x p: n_i^-b |v|^-g
    known: csr_array  # p x n: ones
    item_weight: Floats  # n: n_j^-d
    options: Floats  # people, sharpness
    name: str = "user-knn"

    def scores(self, asked: Histories) -> Floats:
        """p x n."""
        rows = weighted(asked, np.ones(asked.items, np.float32))
        alike = spread(rows, self.holders)
        # One divisor for all people of a history: it changes no order.
        alike /= np.maximum(1, np.diff(rows.indptr))[:, None].astype(np.float32)
        out = np.zeros((len(asked), asked.items), np.float32)
        people, sharpness = int(self.options[0]), float(self.options[1])
        _add_nearest(alike, *indices(self.known), people, sharpness, self.item_weight, out)
        return out

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Two sparse matrices as three arrays each, and the weights."""
        own = {"item_weight": self.item_weight, "options": self.options}
        return named("holders", self.holders) | named("known", self.known) | own


class UserKnnRecipe(msgspec.Struct, frozen=True, tag="user-knn"):
    """Settings."""

    history_power: float = 0.5  # b
    person_power: float = 0.5  # g
    item_power: float = 0.3  # d
    sharpness: float = 1.0  # q
    people: int = 300

    @property
    def name(self) -> str:
        return "user-knn"

    def fit(self, known: Histories, seed: int = 0) -> UserKnn:
        """Turns the contacts; there is no chance in it."""
        matrix = known.matrix()
        degree, lengths = degrees(matrix), np.maximum(1, np.diff(matrix.indptr)).astype(np.float32)
        matrix.data = np.repeat(lengths**-self.person_power, np.diff(matrix.indptr))
        matrix.data *= (degree**-self.history_power)[matrix.indices]
        holders, own = locked_sparse(csr_array(matrix.T)), matrix.copy()
        own.data = np.ones_like(matrix.data)
        options = np.array([self.people, self.sharpness], np.float32)
        return UserKnn(holders, locked_sparse(own), locked(degree**-self.item_power), locked(options))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "UserKnnRecipe":
        """Sharpness, the number of people, and the weight of popular items."""
        return climb(self, STEPS, lambda one: judge(one.fit(known, seed)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> UserKnn:
        """From its arrays."""
        items = len(stored(arrays, "item_weight", -1))
        known = stored_sparse(arrays, "known", items)
        holders = stored_sparse(arrays, "holders", known.shape[0])
        return UserKnn(holders, known, stored(arrays, "item_weight", items), stored(arrays, "options", 2))


@njit(cache=True)
def _add_nearest(
    alike: Floats, start: Longs, item: Ints, people: int, sharpness: float, item_weight: Floats, out: Floats
) -> None:
    """Give what the people most alike have to `out`; all of those who are as much alike as the last one count."""
    for row in range(len(alike)):
        some = np.flatnonzero(alike[row] > 0)
        if len(some) > people:
            worst = np.partition(alike[row][some], len(some) - people)[len(some) - people]
            # All ties, not the first of them: who stands where in the table is chance.
            some = some[alike[row][some] >= worst]
        for person in some:
            worth = alike[row, person] ** sharpness
            for at in range(start[person], start[person + 1]):
                out[row, item[at]] += worth
        out[row] *= item_weight
