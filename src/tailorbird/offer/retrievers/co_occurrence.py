"""Decayed co-occurrence: what stands near the items of a history, on either side, and more so lately.

    C[i, j]  = sum over pairs, i then j in one history, d steps apart, of exp(-(d - 1) / distance) exp(-age / recency)
    W        = (C + back C') / n_i^b n_j^c
    score(j) = sum over the history, k steps back from its end, of exp(-(k - 1) / prefix) W[i_k, j]

age: of the later contact, as a share of the log, as `recency` is (None: age does not matter). n: how often an item was
met, each time by its recency. Item-based neighbours of sessions (Davidson et al., 2010, "The YouTube video
recommendation system") with four decays. Costs as `rules.py`: contacts x reach to fit, a row for each item of the
history to score.
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
from tailorbird.offer.retrievers.following import following, met, recent, scaled
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.spread import spread
from tailorbird.offer.retrievers.steps_back import decay, steps_back, weighed

LONGEST_REACH = 40  # steps
POWERS: list[dict[str, object]] = [
    {"own_power": b, "other_power": c} for b, c in ((0.25, 0.2), (0.5, 0.45), (0.75, 0.2), (0.25, 0.0))
]
ON_ONE_COUNT = [each("prefix", 1.0, 4.0, 8.0, 0.5, 16.0), POWERS]
COUNTED_ANEW = [each("distance", 2.0, 1.0, 10.0), each("back", 0.2, 1.0)]
WITH_TIMES = [each("recency", 1.0, 0.3, 0.1)]


def near(known: Histories, distance: float, back: float, recency: float | None = None) -> tuple[csr_array, Floats]:
    """(C + back C', n x n; n, how often each item was met): see the formula above.

    >>> table, often = near(Histories.of([[0, 1], [1]], items=2), distance=2.0, back=0.5)
    >>> table.toarray().tolist(), often.tolist()
    ([[0.0, 1.0], [0.5, 0.0]], [1.0, 2.0])
    """
    worth = recent(known, recency)
    # Beyond five distances a pair weighs less than e^-5 = .007, and each step more is a pass over all contacts.
    reach = int(min(max(5, np.ceil(5 * distance)), LONGEST_REACH))
    after = following(known, decay(np.arange(1, reach + 1), distance), worth)
    return csr_array(after + back * after.T).astype(np.float32), met(known, worth)


@dataclass(frozen=True)
class CoOccurrence:
    """Fitted: who stands near whom, and how fast a history fades."""

    neighbours: csr_array  # n x n
    prefix: float  # steps
    name: str = "co-occurrence"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's contacts."""
        return spread(weighed(asked, decay(steps_back(asked), self.prefix)), self.neighbours)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The neighbours as three arrays."""
        return named("neighbours", self.neighbours)


class CoOccurrenceRecipe(msgspec.Struct, frozen=True, tag="co-occurrence"):
    """Four decays and two powers."""

    distance: float = 5.0  # steps
    prefix: float = 2.0  # steps
    back: float = 0.5
    recency: float | None = None  # share of the log
    own_power: float = 0.5  # b
    other_power: float = 0.2  # c

    @property
    def name(self) -> str:
        return "co-occurrence"

    def fit(self, known: Histories, seed: int = 0) -> CoOccurrence:
        """Counts; there is no chance in it."""
        return self._on(*near(known, self.distance, self.back, self.recency))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "CoOccurrenceRecipe":
        """Tries what one count can answer, then other counts."""
        counted = near(known, self.distance, self.back, self.recency)
        best = climb(self, ON_ONE_COUNT, lambda one: judge(one._on(*counted)))
        steps = COUNTED_ANEW if known.at is None else [*COUNTED_ANEW, *WITH_TIMES]
        return climb(best, steps, lambda one: judge(one.fit(known)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> CoOccurrence:
        """From its arrays."""
        items = len(stored(arrays, "neighbours_start", -1)) - 1
        return CoOccurrence(stored_sparse(arrays, "neighbours", items), self.prefix)

    def _on(self, counted: csr_array, often: Floats) -> CoOccurrence:
        table = scaled(counted, often**-self.own_power, often**-self.other_power)
        return CoOccurrence(locked_sparse(table), self.prefix)
