"""Seen in this session, bought before: how likely it is that the next item is one of the history's own.

    rate(k, c)  = (hits + 1) / (trials + 2)      over all places in all histories, an item last met k steps before them
                                                 and c times in all: a hit where it stands in that place
    factor(i)   = (hits_i + s) / (expected_i + s)             what recurs by its nature, s: what a new item is owed
    score(i)    = rate(k, c) factor(i)                        0 for what is not in the history

k in steps of a third of an octave, c up to 4. Both are learned by counting; there is nothing to tune but s. That people
come back to what they know is hard to beat wherever they do: repeat consumption (Anderson et al., 2014, "The dynamics
of repeat consumption"), of which recency explains most. `factor` is the standardised ratio with a gamma prior. Looks
at the latest 100 contacts before each place to fit, costs one look at each contact to score.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.offer.retrievers.arrays import locked, stored
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints, Longs
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.steps_back import steps_back

WINDOW = 100  # contacts
STEP_BINS = 40  # the last one from 6,500 steps on
COUNT_BINS = 4


@dataclass(frozen=True)
class Repeats:
    """Fitted: one rate for each recency and count, one factor for each item."""

    rate: Floats  # STEP_BINS x COUNT_BINS
    factor: Floats  # n
    name: str = "repeats"

    def scores(self, asked: Histories) -> Floats:
        """p x n, 0 outside of the history."""
        out = np.zeros((len(asked), asked.items), np.float32)
        _score(asked.start, asked.item, step_bins(steps_back(asked)), self.rate, self.factor, out)
        return out

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Rates and factors."""
        return {"rate": self.rate, "factor": self.factor}


class RepeatsRecipe(msgspec.Struct, frozen=True, tag="repeats"):
    """How much has to be known of an item before it differs from the others."""

    owed: float = 1.0  # s, expected hits

    @property
    def name(self) -> str:
        return "repeats"

    def fit(self, known: Histories, seed: int = 0) -> Repeats:
        """Counts twice: first the rates, then what each item does more or less often than they say."""
        bins = step_bins(np.arange(1, WINDOW + 1))
        table, by_item = np.zeros((2, STEP_BINS, COUNT_BINS)), np.zeros((2, known.items))
        _count(known.start, known.item, bins, np.ones((STEP_BINS, COUNT_BINS), np.float32), table, by_item)
        # Laplace's rule: one hit and one miss before the first trial, so that a rate is neither 0 nor 1.
        rate = filled((table[0] + 1) / (table[1] + 2), table[1])
        by_item[:] = 0
        _count(known.start, known.item, bins, rate, table, by_item)
        factor = ((by_item[0] + self.owed) / (by_item[1] + self.owed)).astype(np.float32)
        return Repeats(locked(rate), locked(factor))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "RepeatsRecipe":
        """Tries to believe single items more and less."""
        return climb(self, [each("owed", 5.0, 0.3)], lambda one: judge(one.fit(known, seed)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Repeats:
        """From its arrays."""
        return Repeats(stored(arrays, "rate", STEP_BINS, COUNT_BINS), stored(arrays, "factor", -1))


def step_bins(steps: Longs) -> Ints:
    """The row of each number of steps back: fine where it is near.

    >>> step_bins(np.array([1, 2, 3, 4, 100, 10**6])).tolist()
    [0, 3, 4, 6, 19, 39]
    """
    bins: Ints = np.minimum(3 * np.log2(steps), STEP_BINS - 1).astype(np.int32)
    return bins


def filled(rate: NDArray[np.float64], trials: NDArray[np.float64]) -> Floats:
    """Where nothing was tried: the rate of the nearest smaller k, of the same or else of the smaller c."""
    rate = rate.copy()
    for c in range(COUNT_BINS):
        for k in range(STEP_BINS):
            if trials[k, c] == 0:
                rate[k, c] = rate[k - 1, c] if k else rate[k, c - 1] if c else 0
    return rate.astype(np.float32)


@njit(cache=True)
def _count(
    start: Longs, item: Ints, bins: Ints, rate: Floats, table: NDArray[np.float64], by_item: NDArray[np.float64]
) -> None:
    """table, by_item [0]: hits; table [1]: trials; by_item [1]: the hits that `rate` expects."""
    seen = np.zeros(by_item.shape[1], np.int32)
    for row in range(len(start) - 1):
        for place in range(start[row] + 1, start[row + 1]):
            first = max(start[row], place - len(bins))
            for back in range(first, place):
                seen[item[back]] += 1
            # Newest first, so an item is met by its last contact; clearing its count skips the older ones, and leaves
            # the desk clean for the next place.
            for back in range(place - 1, first - 1, -1):
                i = item[back]
                if seen[i]:
                    k, c = bins[place - back - 1], min(seen[i], table.shape[2]) - 1
                    table[0, k, c] += i == item[place]
                    table[1, k, c] += 1
                    by_item[0, i] += i == item[place]
                    by_item[1, i] += rate[k, c]
                    seen[i] = 0


@njit(cache=True)
def _score(start: Longs, item: Ints, bins: Ints, rate: Floats, factor: Floats, out: Floats) -> None:
    seen = np.zeros(out.shape[1], np.int32)
    for row in range(len(start) - 1):
        for place in range(start[row], start[row + 1]):
            seen[item[place]] += 1
        # As in `_count`: newest first, and the desk is clean again behind it.
        for place in range(start[row + 1] - 1, start[row] - 1, -1):
            i = item[place]
            if seen[i]:
                out[row, i] = rate[bins[place], min(seen[i], rate.shape[1]) - 1] * factor[i]
                seen[i] = 0
