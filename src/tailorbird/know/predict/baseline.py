"""What anybody could say without a model: the mean of all, or a rule of thumb over one number, such as recency."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.predict.calibration import Calibration, isotonic

Array = NDArray[np.float64]


class Rule(NamedTuple):
    """The mean outcome by one number, rising or falling throughout; of those of whom it is not known their own."""

    curve: Calibration
    sign: float  # 1 where more of it means more
    unknown: float

    def __call__(self, column: Array) -> Array:
        """The expected outcome for each value (NaN: not known)."""
        found: Array = np.where(np.isnan(column), self.unknown, self.curve(self.sign * np.nan_to_num(column)))
        return found


def rule_of(column: Array, outcome: Array) -> Rule:
    """The rule by these cases.

    >>> told = rule_of(np.array([1.0, 2.0, 30.0, np.nan]), np.array([1.0, 1.0, 0.0, 0.0]))
    >>> told(np.array([1.0, 60.0, np.nan])).tolist()
    [1.0, 0.0, 0.0]
    """
    known = ~np.isnan(column)
    mean = float(outcome.mean())
    unknown = float(outcome[~known].mean()) if (~known).any() else mean
    if known.sum() < 2:
        return Rule(Calibration("isotonic", np.zeros(1), np.full(1, mean)), 1.0, unknown)
    x, y = column[known], outcome[known]
    sign = 1.0 if np.cov(x, y)[0, 1] >= 0 else -1.0
    return Rule(isotonic(sign * x, y), sign, unknown)
