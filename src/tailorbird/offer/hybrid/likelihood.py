"""Weights by maximum likelihood: a blend under which the targets are what people would have drawn from their pools.

    P(c of person r) = exp(w.s_c) / sum over the candidates d of r of exp(w.s_d)        s: scaled scores,  w >= 0
    w                = argmax  mean over people of the mean over their targets of log P

A conditional logit (McFadden, 1974): concave, so that there is one answer, which all candidates of all people have a
part in. A climb of the measure sees no more than who passes whom in a list; that is why it starts from here.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tailorbird.offer.retrievers.histories import Floats, Longs

Doubles: TypeAlias = NDArray[np.float64]
MOST_STEPS = 60


@dataclass(frozen=True)
class Draws:
    """People with candidates and at least one target among them."""

    scores: Floats  # m x retrievers
    start: Longs  # p + 1
    hit: Longs  # candidates that are targets, by person
    share: Doubles  # of each hit: 1 / (its person's targets * people)

    @staticmethod
    def of(scores: Floats, start: Longs, hit_start: Longs, hit: Longs) -> "Draws":
        """From scores (retrievers x m) of everyone; whoever has no target among the candidates is left out."""
        wanted = np.diff(hit_start)
        useful = np.flatnonzero(wanted)
        lengths = np.diff(start)[useful]
        ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        # How far each person's candidates move when those of people without a target are left out before them.
        moved = np.repeat(start[useful] - ends[:-1], wanted[useful])
        kept = np.repeat(wanted > 0, np.diff(start))
        share = np.repeat(1 / (wanted[useful] * max(1, len(useful))), wanted[useful])
        return Draws(np.ascontiguousarray(scores[:, kept].T), ends, hit - moved, share)

    def loss(self, weights: Doubles) -> tuple[float, Doubles]:
        """(the mean of -log P, its slope)."""
        count, first = np.diff(self.start), self.start[:-1]
        total = self.scores @ weights.astype(np.float32)
        # Less each person's highest: exp overflows otherwise, and chances do not change. Nobody here is without
        # candidates, for whom `reduceat` would take the next one's first.
        total -= np.repeat(np.maximum.reduceat(total, first), count)
        drawn = np.exp(total)
        every = np.add.reduceat(drawn, first)
        chance = drawn / np.repeat(every, count)
        row = np.searchsorted(self.start, self.hit, side="right") - 1
        told = total[self.hit] - np.log(every[row])
        # The slope of a logit: the scores that the model expects, less those of the targets.
        expected = self.scores.T @ (chance / len(first))
        return -float(self.share @ told), expected.astype(np.float64) - self.share @ self.scores[self.hit]


def likeliest(scores: Floats, start: Longs, hit_start: Longs, hit: Longs) -> Floats:
    """The weights, one for each retriever, not normalised; all 1 where no weights help, or nobody has a target there.

    >>> scores = np.array([[2, 1, 2, 1, 2, 1], [0, 1, 1, 0, 1, 0]], np.float32)  # the first one is right twice of 3
    >>> weights = likeliest(scores, np.array([0, 2, 4, 6]), np.array([0, 1, 2, 3]), np.array([0, 2, 5]))
    >>> bool(weights[0] > 0.5), bool(weights[1] < 0.5)
    (True, True)
    """
    draws = Draws.of(scores, start, hit_start, hit)
    # It starts from equal weights, which alone beat every single retriever (docs/why/115).
    even = np.asarray(draws.scores.any(axis=0), np.float64)  # who says nothing has no weight
    if not even.any():
        return np.ones(len(scores), np.float32)
    # Concave: so one start, and a method that takes bounds, as weights are not below 0.
    found = minimize(draws.loss, even, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(even),
                     options={"maxiter": MOST_STEPS})  # fmt: skip
    return np.asarray(found.x if found.x.any() else even, np.float32)
