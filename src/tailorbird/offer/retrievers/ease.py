"""EASE: the ridge regression of every item on all others, in closed form. Exact, with one number to tune.

    P = (X'X + lam I)^-1        B[i, j] = -P[i, j] / P[j, j],   B[j, j] = 0
    score = h B                 h: the history, each item once

Steck (2019), "Embarrassingly shallow autoencoders for sparse data", equation 8. The inverse costs n^3 and 4 n^2 bytes;
of fewer people than items it is taken on their side (Woodbury), which costs p^3 and 4 p^2:

    K = (X X' + lam I)^-1       h P = (h - h X' K X) / lam,   P[j, j] = (1 - x_j' K x_j) / lam

Above `most_bytes` it is refused: `deflated.py` is its approximation for large catalogues.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tailorbird.errors import BadDefinition
from tailorbird.offer.retrievers.arrays import locked, locked_sparse, named, stored, stored_sparse
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.inverse import inverse
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.spread import spread, weighted

PENALTIES = (0.3, 3.0, 0.1, 10.0)
BLOCK = 1024  # rows that are summed at once
LEAST = 1e-6  # of an item that others explain wholly, up to rounding


@dataclass(frozen=True)
class EaseByItems:
    """Fitted on the side of the items."""

    weights: Floats  # B, n x n
    name: str = "ease"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's items."""
        return np.asarray(weighted(asked, np.ones(asked.items, np.float32)) @ self.weights)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """One array of n x n."""
        return {"weights": self.weights}


@dataclass(frozen=True)
class EaseByPeople:
    """Fitted on the side of the people."""

    holders: csr_array  # X', n x p
    inverse: Floats  # K, p x p
    rest: Floats  # lam P[j, j]: the share of each item that nothing else explains; n
    name: str = "ease"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's items."""
        rows = weighted(asked, np.ones(asked.items, np.float32))
        explained = self.holders @ (spread(rows, self.holders) @ self.inverse).T
        # lam (I - P) has 1 - rest on its diagonal, which is what an item says of itself.
        return np.asarray((explained.T - rows.toarray() * (1 - self.rest)) / self.rest)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The people of each item as three arrays, their inverse, and the rest."""
        return named("holders", self.holders) | {"inverse": self.inverse, "rest": self.rest}


class EaseRecipe(msgspec.Struct, frozen=True, tag="ease"):
    """One setting that matters, and the memory that it may take."""

    penalty: float = 1.0  # lam, in units of how often an item stands where a contact is: sum d^2 / sum d
    most_bytes: int = 2_000_000_000

    @property
    def name(self) -> str:
        return "ease"

    def fit(self, known: Histories, seed: int = 0) -> EaseByItems | EaseByPeople:
        """One inverse, on the smaller side; raises BadDefinition where that does not fit into `most_bytes`."""
        matrix = known.matrix()
        # X says whether, not how often: the paper's is binary.
        matrix.data[:] = 1
        self._refuse(*matrix.shape)
        degree = np.bincount(matrix.indices, minlength=known.items).astype(np.float64)
        penalty = self.penalty * float(max(1.0, (degree @ degree) / max(1.0, degree.sum())))
        return _by_people(matrix, penalty) if matrix.shape[0] < matrix.shape[1] else _by_items(matrix, penalty)

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "EaseRecipe":
        """Tries other penalties, each with an inverse of its own."""
        return climb(self, [each("penalty", *PENALTIES)], lambda one: judge(one.fit(known, seed)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> EaseByItems | EaseByPeople:
        """From its arrays, of whichever side."""
        if "rest" not in arrays and "inverse" not in arrays:
            items = len(arrays["weights"]) if "weights" in arrays else 0
            return EaseByItems(stored(arrays, "weights", items, items))
        people = len(stored(arrays, "inverse", -1, -1))
        holders = stored_sparse(arrays, "holders", people)
        inverse, rest = stored(arrays, "inverse", people, people), stored(arrays, "rest", holders.shape[0])
        return EaseByPeople(holders, inverse, rest)

    def _refuse(self, people: int, items: int) -> None:
        needed = 4 * min(people, items) ** 2
        if needed > self.most_bytes:
            raise BadDefinition(
                f"EASE of {people:,} people and {items:,} items needs an inverse of {needed / 1e9:.1f} GB, more than "
                f"most_bytes = {self.most_bytes / 1e9:.1f} GB. Take the retriever 'deflated', or raise most_bytes."
            )


def _by_items(matrix: csr_array, penalty: float) -> EaseByItems:
    found = inverse((matrix.T @ matrix).toarray(), penalty)
    # B[i, j] = -P[i, j] / P[j, j]: numpy's row of divisors divides column j by its own.
    found /= -found.diagonal()
    np.fill_diagonal(found, 0)
    return EaseByItems(locked(found))


def _by_people(matrix: csr_array, penalty: float) -> EaseByPeople:
    found = inverse((matrix @ matrix.T).toarray(), penalty)
    holders = csr_array(matrix.T)
    # By blocks of items: all of X'K at once is n x p, more than K itself.
    explained = [part.multiply(part @ found).sum(axis=1) for part in _blocks(holders)]
    # 1 - x_j' K x_j: what no combination of the others says of an item.
    rest = 1 - np.concatenate([np.zeros(0, np.float32), *explained])
    return EaseByPeople(locked_sparse(holders), locked(found), locked(np.maximum(rest, LEAST).astype(np.float32)))


def _blocks(matrix: csr_array) -> Iterator[csr_array]:
    return (matrix[begin : begin + BLOCK] for begin in range(0, matrix.shape[0], BLOCK))
