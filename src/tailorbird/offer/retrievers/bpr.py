"""Factors by pairwise ranking: what somebody took shall score above what they did not, one drawn pair at a time.

    score(h, j) = sum_{i in h} p_i . q_j
    a step up the gradient of  log sigma(x . (q_j - q_k)),   x = sum_{i in h, i != j} p_i / sqrt(|h| - 1)

BPR (Rendle et al. 2009, "BPR: Bayesian personalized ranking from implicit feedback") with a person told by their items
instead of a vector of their own (Kabbur, Ning and Karypis 2013, "FISM"): so a history that training never met, and one
that has grown by a click, is answered by the same sum, and each item of it is a term. The target j is taken out of its
own history. k, the item not taken, is drawn alike from all items and by how often they are taken: the first teaches
what nobody wants, the second tells tastes apart. An epoch costs contacts x NEGATIVES x k, a score n k.

Below ALS alone where both were measured, and the best complement that it has: it learns an order, not a yes or no.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import Any

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.offer.retrievers.arrays import locked, stored
from tailorbird.offer.retrievers.climb import each, fitted_climb
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints, Longs
from tailorbird.offer.retrievers.retriever import Judge

START_DEVIATION = 0.1
NEGATIVES = 4  # drawn for each item taken; every other one by popularity
TRIES = 5  # for one that was not taken
STEPS = [each("epochs", 100), each("penalty", 0.06, 0.01), each("rate", 0.05, 0.2)]


@dataclass(frozen=True)
class Bpr:
    """Fitted: what an item of the history says, and what is said of an item."""

    says: Floats  # n x k: p
    items: Floats  # n x k: q
    name: str = "bpr"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the different items of the history."""
        once = asked.matrix()
        once.data[:] = 1
        return np.asarray((once @ self.says) @ self.items.T)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Two dense arrays."""
        return {"says": self.says, "items": self.items}


class BprRecipe(msgspec.Struct, frozen=True, tag="bpr"):
    """Settings."""

    factors: int = 128
    epochs: int = 40
    rate: float = 0.1  # of a step; falls to nothing over the epochs
    penalty: float = 0.03

    @property
    def name(self) -> str:
        return "bpr"

    def fit(self, known: Histories, seed: int = 0) -> Bpr:
        """`epochs` passes over all people, each in an order of its own; what nobody took has vectors of nothing."""
        taken, rng = known.matrix(), np.random.default_rng(seed)
        start, column = taken.indptr.astype(np.int64), taken.indices.astype(np.int32)
        deviation = np.float32(START_DEVIATION / np.sqrt(self.factors))
        says, items = (rng.standard_normal((known.items, self.factors), np.float32) * deviation for _ in range(2))
        longest = int(np.diff(start).max(initial=0))
        for epoch in range(self.epochs):
            rate = self.rate * (1 - epoch / self.epochs)
            # From 1 on: an xorshift that stands at 0 stays there.
            order, draw = rng.permutation(len(known)), int(rng.integers(1, 1 << 62))
            _epoch(order, start, column, says, items, longest, rate, self.penalty, draw)
        # They were drawn as negatives at most: what is left of their first, random vectors says nothing.
        unmet = np.bincount(column, minlength=known.items) == 0
        says[unmet], items[unmet] = 0, 0
        return Bpr(locked(says), locked(items))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "BprRecipe":
        """Epochs, which are worth most, then penalty, then rate; each is a fit."""
        return self.tuned_and_fitted(known, judge, seed)[0]

    def tuned_and_fitted(self, known: Histories, judge: Judge, seed: int = 0) -> tuple["BprRecipe", Bpr]:
        """The same, with what the best of them was fitted to."""
        return fitted_climb(self, STEPS, lambda one: one.fit(known, seed), judge)

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Bpr:
        """From its arrays."""
        says = stored(arrays, "says", -1, -1)
        return Bpr(says, stored(arrays, "items", *says.shape))


@njit(cache=True)
def _drawn(state: np.uint64) -> np.uint64:
    """The next number of an xorshift generator (Marsaglia 2003)."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    return state ^ (state << np.uint64(17))


# One thread: where several write into the same vectors, the same seed no longer gives the same arrays (retriever.py).
@njit(cache=True, fastmath=True)
def _epoch(
    order: Longs, start: Longs, column: Ints, says: Floats, items: Floats, longest: int, rate: float, penalty: float,
    draw: int,
) -> None:  # fmt: skip
    """One pass over all people, in place."""
    step, shrink, width = np.float32(rate), np.float32(penalty), says.shape[1]
    state, mark = np.uint64(draw), np.full(len(items), -1, np.int64)
    whole, x, both, own = (np.empty(width, np.float32), np.empty(width, np.float32), np.empty(width, np.float32),
                           np.empty((longest, width), np.float32))  # fmt: skip
    for u in order:
        history = column[start[u] : start[u + 1]]
        # The target leaves its own history, so one item alone has nothing to be told by.
        if len(history) < 2:
            continue
        scale = np.float32(1 / (len(history) - 1) ** 0.5)
        whole[:], both[:] = 0, 0
        own[: len(history)] = 0
        # Summed once for a person: x of each target is the whole less its own vector.
        for i in history:
            mark[i] = u
            whole += says[i]
        for place in range(len(history)):
            j = history[place]
            q = items[j]
            for f in range(width):
                x[f] = (whole[f] - says[j, f]) * scale
            for negative in range(NEGATIVES):
                k = j
                for _ in range(TRIES):
                    state = _drawn(state)
                    among = len(items) if negative % 2 else len(column)
                    k = np.int64((state >> np.uint64(11)) % np.uint64(among))
                    # A contact drawn alike is an item drawn by how often it is taken.
                    k = k if negative % 2 else column[k]
                    if mark[k] != u:
                        break
                if mark[k] == u:
                    # Who has nearly everything: no lesson rather than a wrong one.
                    continue
                _step(q, items[k], x, own[place], step, shrink)
            both += own[place]
        # What an item said of all the others, told when all of them were met: p stands still for one person.
        for place in range(len(history)):
            p = says[history[place]]
            for f in range(width):
                p[f] += step * (scale * (both[f] - own[place, f]) - shrink * p[f])


@njit(cache=True, fastmath=True)
def _step(taken: Floats, other: Floats, x: Floats, told: Floats, step: np.float32, shrink: np.float32) -> None:
    """One pair: both vectors move, and `told` takes what x should hear."""
    distance = np.float32(0)
    for f in range(len(x)):
        distance += x[f] * (taken[f] - other[f])
    error = np.float32(1 / (1 + exp(distance)))
    for f in range(len(x)):
        q, k = taken[f], other[f]
        told[f] += error * (q - k)
        taken[f] += step * (error * x[f] - shrink * q)
        other[f] -= step * (error * x[f] + shrink * k)
