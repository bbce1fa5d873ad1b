"""What a pool is worth: where the targets stand among its candidates, and measures of any scores of these."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.offer.hybrid.pool import Pool
from tailorbird.offer.judge.measures import by_question
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.retrievers.histories import Floats, Ints, Longs

Doubles: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Key:
    """The place among the m candidates of each target of the trial; -1 for one that is no candidate."""

    start: Longs  # p + 1
    place: Longs  # of each target
    at: int
    measure: str

    @staticmethod
    def of(pool: Pool, trial: Trial) -> "Key":
        """Looks each target up."""
        return Key(trial.start, _places(pool.start, pool.item, trial.start, trial.target), trial.at, trial.chosen_by)

    def ranks(self, pool: Pool, scores: Floats) -> Doubles:
        """The mid-rank of each target among its candidates by `scores` (m); inf for one that is none of them."""
        return _ranks(pool.start, scores, self.start, self.place)

    def measured(self, pool: Pool, scores: Floats) -> dict[str, Doubles]:
        """Each measure of each question."""
        return by_question(self.start, self.ranks(pool, scores), self.at)

    def labels(self, candidates: int) -> Ints:
        """1 for each candidate that is a target, 0 for all others."""
        label = np.zeros(candidates, np.int32)
        label[self.place[self.place >= 0]] = 1
        return label


@njit(cache=True)
def _places(start: Longs, item: Ints, target_start: Longs, target: Ints) -> Longs:
    places = np.full(len(target), -1, np.int64)
    for r in range(len(start) - 1):
        own = item[start[r] : start[r + 1]]
        for t in range(target_start[r], target_start[r + 1]):
            # By halving: candidates are sorted by item, as every pool is.
            c = np.searchsorted(own, target[t])
            if c < len(own) and own[c] == target[t]:
                places[t] = start[r] + c
    return places


@njit(cache=True)
def _ranks(start: Longs, scores: Floats, target_start: Longs, place: Longs) -> Doubles:
    ranks = np.full(len(place), np.inf)
    for r in range(len(start) - 1):
        for t in range(target_start[r], target_start[r + 1]):
            if place[t] < 0:
                continue
            mine, above, level = scores[place[t]], 0, 0
            for c in range(start[r], start[r + 1]):
                above += scores[c] > mine
                level += scores[c] == mine
            # Mid-rank, the mean over all orders of the equal ones: the order of items is no answer and decides nothing.
            ranks[t] = 1 + above + (level - 1) / 2
    return ranks
