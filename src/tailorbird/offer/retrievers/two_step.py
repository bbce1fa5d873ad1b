"""Two steps over the nearest: items that stand near what stands near a history, though never near the history itself.

    W = (C + back C') / n_i^b n_j^c, its rows scaled to a sum of 1        C as in `co_occurrence.py`
    T = the `width` largest of each row of W
    score = (h T) T + direct h W                                          h: the history, decayed from its end

A walk of two steps over sparse counts finds what one step has never seen; cutting the rows keeps it from spreading
over everything. The one step beside it, less than a third as heavy, keeps what is known well in front. As a graph
method this is P3's relative on sequences (Cooper et al., 2014), and the kernel of S-Walk (Choi et al., 2022), cut after
two steps. A score costs width^2 additions for each item of the history (400), and its row of W.
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
from tailorbird.offer.retrievers.co_occurrence import near
from tailorbird.offer.retrievers.following import scaled
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.nearest import nearest
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.spread import spread
from tailorbird.offer.retrievers.steps_back import decay, steps_back, weighed

POWERS: list[dict[str, object]] = [
    {"own_power": b, "other_power": c} for b, c in ((0.5, 0.45), (0.25, 0.2), (0.5, 0.1))
]
ON_ONE_COUNT = [
    each("prefix", 1.0, 4.0, 8.0, 16.0, 32.0),
    POWERS,
    each("direct", 1.0, 0.1),
    each("width", 30, 15, 50),
]
COUNTED_ANEW = [each("distance", 5.0, 1.0), each("back", 0.2, 1.0)]
WITH_TIMES = [each("recency", 1.0, 0.3, 0.1)]


@dataclass(frozen=True)
class TwoStep:
    """Fitted: all neighbours, and the nearest of them."""

    neighbours: csr_array  # W, n x n
    nearest: csr_array  # T, n x n
    prefix: float  # steps
    direct: float
    name: str = "two-step"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's contacts."""
        history = weighed(asked, decay(steps_back(asked), self.prefix))
        # The first step stays sparse (`width` items for each of the history); only the answer is dense.
        return spread(csr_array(history @ self.nearest), self.nearest) + self.direct * spread(history, self.neighbours)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Both tables as three arrays each."""
        return named("neighbours", self.neighbours) | named("nearest", self.nearest)


class TwoStepRecipe(msgspec.Struct, frozen=True, tag="two-step"):
    """The settings of the counts, as in `co_occurrence.py`, and those of the walk."""

    width: int = 20
    direct: float = 0.3
    distance: float = 2.0  # steps
    prefix: float = 2.0  # steps
    back: float = 0.5
    recency: float | None = None  # share of the log
    own_power: float = 0.5  # b; the rows are scaled after it: it decides how strong two-sided ties are
    other_power: float = 0.3  # c

    @property
    def name(self) -> str:
        return "two-step"

    def fit(self, known: Histories, seed: int = 0) -> TwoStep:
        """Counts; there is no chance in it."""
        return self._on(*near(known, self.distance, self.back, self.recency))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "TwoStepRecipe":
        """Tries what one count can answer, then other counts."""
        counted = near(known, self.distance, self.back, self.recency)
        best = climb(self, ON_ONE_COUNT, lambda one: judge(one._on(*counted)))
        steps = COUNTED_ANEW if known.at is None else [*COUNTED_ANEW, *WITH_TIMES]
        return climb(best, steps, lambda one: judge(one.fit(known)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> TwoStep:
        """From its arrays."""
        items = len(stored(arrays, "neighbours_start", -1)) - 1
        neighbours, walked = stored_sparse(arrays, "neighbours", items), stored_sparse(arrays, "nearest", items)
        return TwoStep(neighbours, walked, self.prefix, self.direct)

    def _on(self, counted: csr_array, often: Floats) -> TwoStep:
        near_each = scaled(counted, often**-self.own_power, often**-self.other_power)
        # The cut rows are scaled again: a step hands on all that it got, however much was cut away.
        near_each, walked = row_scaled(near_each), row_scaled(nearest(near_each, self.width))
        return TwoStep(locked_sparse(near_each), locked_sparse(walked), self.prefix, self.direct)


def row_scaled(table: csr_array) -> csr_array:
    """Rows of non-negative values scaled to a sum of 1; empty ones stay empty.

    >>> row_scaled(csr_array(np.array([[1.0, 3.0], [0.0, 0.0]], np.float32))).toarray().tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    sums = np.asarray(table.sum(axis=1)).ravel()
    scale = np.where(sums > 0, 1 / np.where(sums > 0, sums, 1), 0)
    return scaled(table, scale.astype(np.float32), np.ones(table.shape[1], np.float32))
