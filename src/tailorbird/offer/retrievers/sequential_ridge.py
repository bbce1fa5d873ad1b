"""Sequential ridge: the linear map from a decayed past to the decayed future after it, in closed form.

    P[t, i] = sum of exp(-d / tau) over contacts with i, d = 0, 1, ... steps before place t
    F[t, j] = sum of exp(-(d - 1) / tau) over contacts with j, d = 1, 2, ... steps after it
    B       = (P'P + lam I)^-1 P'F
    score   = p B D^-c             p: the past of the history's end, with a decay of its own; D: how often j was met

Where rules add up what followed each item, this asks what each one adds to the others: EASE (Steck, 2019,
"Embarrassingly shallow autoencoders for sparse data") for sequences, close to SLIT of Choi et al. (2021, "Session-aware
linear item-item models"). Long histories want a larger tau and lam than short ones. Fitting costs n^3 and 4 n^2
bytes for the n most frequent items, at most `most_items`. Of each row of B the `width` largest are kept, so that a
score costs that for each item of the history.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from tailorbird.offer.retrievers.arrays import locked_sparse, named, stored, stored_sparse
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.following import met, scaled
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints
from tailorbird.offer.retrievers.inverse import inverse
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.spread import spread
from tailorbird.offer.retrievers.steps_back import decay, steps_back, weighed

BLOCK = 512  # rows of B that are made at once
FEW_ITEMS = 4_000  # decays and penalties are compared on so many: a second each
DECAYS: list[dict[str, object]] = [
    {"tau": tau, "penalty": penalty, "prefix": tau} for tau, penalty in ((2.0, 60.0), (5.0, 100.0), (1.0, 20.0))
]
PENALTIES = [each("penalty", 10.0, 40.0, 150.0, 300.0)]
ON_ONE_FIT = [each("prefix", 1.0, 2.0, 4.0, 8.0, 16.0), each("other_power", 0.2, 0.4)]


@dataclass(frozen=True)
class SequentialRidge:
    """Fitted: what each item of the past adds, and how fast a history fades."""

    weights: csr_array  # B, n x n
    prefix: float  # steps
    name: str = "sequential-ridge"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's contacts; below 0 where the history speaks against an item."""
        return spread(weighed(asked, decay(steps_back(asked), self.prefix)), self.weights)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The weights as three arrays."""
        return named("weights", self.weights)


class SequentialRidgeRecipe(msgspec.Struct, frozen=True, tag="sequential-ridge"):
    """Two settings that matter, tau and the penalty, and what it may cost."""

    tau: float = 2.0  # steps
    penalty: float = 20.0  # lam, in contacts
    prefix: float = 2.0  # steps
    other_power: float = 0.0  # c
    most_items: int = 16_000
    width: int = 500

    @property
    def name(self) -> str:
        return "sequential-ridge"

    def fit(self, known: Histories, seed: int = 0) -> SequentialRidge:
        """One inverse; there is no chance in it."""
        return self._on(self._solved(known), known)

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "SequentialRidgeRecipe":
        """Tries decays and penalties on the most frequent items, then the rest on one fit of all."""
        return self.tuned_and_fitted(known, judge, seed)[0]

    def tuned_and_fitted(
        self, known: Histories, judge: Judge, seed: int = 0
    ) -> tuple["SequentialRidgeRecipe", SequentialRidge]:
        """The same, with that fit."""
        few = msgspec.structs.replace(self, most_items=min(FEW_ITEMS, self.most_items))
        best = climb(few, [DECAYS, *PENALTIES], lambda one: judge(one.fit(known)))
        whole = msgspec.structs.replace(best, most_items=self.most_items)
        solved = whole._solved(known)
        best = climb(whole, ON_ONE_FIT, lambda one: judge(one._on(solved, known)))
        return best, best._on(solved, known)

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> SequentialRidge:
        """From its arrays."""
        items = len(stored(arrays, "weights_start", -1)) - 1
        return SequentialRidge(stored_sparse(arrays, "weights", items), self.prefix)

    def _on(self, solved: csr_array, known: Histories) -> SequentialRidge:
        often = met(known)
        table = scaled(solved, np.ones_like(often), often**-self.other_power)
        return SequentialRidge(locked_sparse(table), self.prefix)

    def _solved(self, known: Histories) -> csr_array:
        frequent = most_frequent(known, self.most_items)
        before, after = past_and_future(known, self.tau, frequent)
        square = (before.T @ before).toarray()
        # By rows and cut at once: B whole is a second n x n beside the inverse.
        rows = _products(inverse(square, self.penalty), csr_array(before.T @ after), self.width)
        return _over_all_items(vstack([csr_array((0, len(frequent)), dtype=np.float32), *rows], "csr"), frequent, known)


def most_frequent(known: Histories, most: int) -> Ints:
    """The rows of the items met most often, the lower of equals, ascending.

    >>> most_frequent(Histories.of([[2, 2, 1, 3]], items=4), 2).tolist()
    [1, 2]
    """
    counts = np.bincount(known.item, minlength=known.items)
    order = np.argsort(-counts, kind="stable")[:most]
    return np.sort(order[counts[order] > 0]).astype(np.int32)


def past_and_future(known: Histories, tau: float, items: Ints) -> tuple[csr_array, csr_array]:
    """P and F of every place that has a future, over the columns `items` only; decays end where they are below .02.

    >>> before, after = past_and_future(Histories.of([[0, 1, 0]], items=2), 1.0, np.array([0, 1], np.int32))
    >>> [one.toarray().astype(float).round(2).tolist() for one in (before, after)]
    [[[1.0, 0.0], [0.37, 1.0]], [[0.37, 1.0], [1.0, 0.0]]]
    """
    column = np.full(known.items, -1, np.int32)
    column[items] = np.arange(len(items))
    place, own, row = np.arange(len(known.item)), column[known.item], known.rows()
    nothing = np.zeros(0, np.int64)
    parts: tuple[list[Any], list[Any]] = ([(place, own, np.ones(len(own)))], [(nothing, nothing, nothing)])
    for distance in range(1, min(ceil(4 * tau), max(known.lengths(), default=0)) + 1):
        first = np.flatnonzero(row[:-distance] == row[distance:])
        then = first + distance
        parts[0].append((then, own[first], np.full(len(first), np.exp(-distance / tau))))
        parts[1].append((first, own[then], np.full(len(first), np.exp(-(distance - 1) / tau))))
    has_future = np.flatnonzero(row[:-1] == row[1:])
    before, after = (csr_array(_assembled(part, (len(place), len(items)))[has_future]) for part in parts)
    return before, after


def _assembled(parts: list[Any], shape: tuple[int, int]) -> csr_array:
    place, column, value = (np.concatenate(one) for one in zip(*parts, strict=True))
    known = column >= 0
    return csr_array((value[known].astype(np.float32), (place[known], column[known])), shape)


def _products(left: Floats, right: csr_array, width: int) -> Iterator[csr_array]:
    """The rows of left @ right by blocks, of each the `width` values furthest from 0."""
    across = csr_array(right.T)
    for begin in range(0, len(left), BLOCK):
        # Both sides turned, as scipy multiplies sparse by dense.
        rows = np.ascontiguousarray((across @ left[begin : begin + BLOCK].T).T)
        if width < rows.shape[1]:
            size = np.abs(rows)
            rows[size < np.partition(size, -width, axis=1)[:, -width, None]] = 0
        yield csr_array(rows)


def _over_all_items(table: csr_array, items: Ints, known: Histories) -> csr_array:
    """The same values, with rows and columns that count all items."""
    # `items` ascend, so rows and columns already stand in the order that they have among all.
    counts = np.zeros(known.items, np.int64)
    counts[items] = np.diff(table.indptr)
    start = np.concatenate([[0], np.cumsum(counts)])
    return csr_array((table.data, items[table.indices], start), (known.items, known.items))
