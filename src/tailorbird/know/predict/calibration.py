"""From what a forest says to a probability: of those told 0.7, seven in ten do it.

Platt's sigmoid where few cases are at hand (Platt, "Probabilistic outputs for support vector machines", 1999; fitted as
Lin, Lin, Weng, "A note on Platt's probabilistic outputs", Machine Learning 68, 2007), else the isotonic step function
(pool adjacent violators; Zadrozny, Elkan, KDD 2002), which takes any shape but needs
about a thousand cases of each kind.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ENOUGH = 1_000  # cases of the rarer kind, from which on isotonic is used
_ROUNDS = 100


class Calibration(NamedTuple):
    """A rising function: `y` at the points `x`, straight lines between; for "sigmoid" x = (slope, intercept)."""

    kind: Literal["sigmoid", "isotonic"]
    x: Array
    y: Array

    def __call__(self, scores: Array) -> Array:
        """The probability for each score."""
        if self.kind == "sigmoid":
            return sigmoid(self.x[0] * scores + self.x[1])
        found: Array = np.interp(scores, self.x, self.y)
        return found


def calibrated(scores: Array, outcome: Array) -> Calibration:
    """The calibration by these cases: `outcome` is 1 where it happened, else 0."""
    rarer = min(outcome.sum(), len(outcome) - outcome.sum())
    return isotonic(scores, outcome) if rarer >= ENOUGH else platt(scores, outcome)


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x).

    >>> sigmoid(np.array([0.0, 800.0, -800.0])).tolist()
    [0.5, 1.0, 0.0]
    """
    small = np.exp(-np.abs(x))
    found: Array = np.where(x >= 0, 1 / (1 + small), small / (1 + small))
    return found


def platt(scores: Array, outcome: Array) -> Calibration:
    """A sigmoid of the score, by Newton's method on Platt's smoothed targets; it never falls."""
    positive = outcome.sum()
    # Platt's targets, short of 0 and 1: so few cases prove no certainty.
    high, low = (positive + 1) / (positive + 2), 1 / (len(outcome) - positive + 2)
    target = np.where(outcome > 0, high, low)
    centre, spread = float(scores.mean()), float(scores.std()) or 1.0
    x = (scores - centre) / spread
    slope, intercept = 1.0, float(np.log(target.mean() / (1 - target.mean())))
    for _ in range(_ROUNDS):
        p = sigmoid(slope * x + intercept)
        weight, wrong = p * (1 - p) + 1e-12, p - target
        gradient = np.array([(wrong * x).sum(), wrong.sum()])
        mixed = (weight * x).sum()
        step = np.linalg.solve(np.array([[(weight * x * x).sum() + 1e-9, mixed], [mixed, weight.sum()]]), gradient)
        # A long step may leap over the minimum; ten at a time is far enough for a score in spreads.
        step = np.clip(step, -10, 10)
        slope, intercept = slope - step[0], intercept - step[1]
        if np.abs(step).max() < 1e-10:
            break
    if slope <= 0:  # the score says nothing, or lies: then everybody has the mean
        slope, intercept = 0.0, float(np.log(target.mean() / (1 - target.mean())))
    return Calibration("sigmoid", np.array([slope / spread, intercept - slope * centre / spread]), np.empty(0))


def isotonic(scores: Array, outcome: Array) -> Calibration:
    """The rising step function with the least squared error, by pooling adjacent violators.

    >>> isotonic(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.5])).y.tolist()
    [0.0, 0.75, 0.75]
    """
    x, back = np.unique(scores, return_inverse=True)
    weight = np.bincount(back).astype(np.float64)
    mean = np.bincount(back, outcome) / weight
    means: list[float] = []
    weights: list[float] = []
    sizes: list[int] = []
    for value, heavy in zip(mean.tolist(), weight.tolist(), strict=True):
        size = 1
        while means and means[-1] >= value:
            before, value_before, size_before = weights.pop(), means.pop(), sizes.pop()
            value = (value * heavy + value_before * before) / (heavy + before)
            heavy, size = heavy + before, size + size_before
        means.append(value)
        weights.append(heavy)
        sizes.append(size)
    y = np.repeat(means, sizes)
    # Inside a step nothing is to be told: its two ends are enough.
    inner = np.concatenate([[False], (y[1:-1] == y[:-2]) & (y[1:-1] == y[2:]), [False]]) if len(y) > 2 else None
    kept = ~inner if inner is not None else np.ones(len(y), bool)
    return Calibration("isotonic", x[kept], y[kept])
