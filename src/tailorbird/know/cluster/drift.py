"""Whether people have changed since a model was trained: the population stability index of each feature.

PSI = sum over bins of (now - then) * ln(now / then). By custom, below 0.1 nothing has happened, above 0.25 it has.
Siddiqi, "Credit Risk Scorecards" (2006).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
BINS = 10
DRIFTED = 0.25
_LEAST = 1e-4  # an empty bin counts as this share: its logarithm would be without bound


def edges_of(column: Matrix) -> Matrix:
    """The inner borders of ten bins of about equally many people; fewer where many share one number."""
    known = column[~np.isnan(column)]
    if not len(known):
        return np.empty(0)
    return np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1]))


def shares_of(column: Matrix, edges: Matrix) -> Matrix:
    """The share of people in each bin, and last the share of whom it is not known.

    >>> shares_of(np.array([1.0, 2.0, 3.0, np.nan]), np.array([2.0])).tolist()
    [0.25, 0.5, 0.25]
    """
    gaps = np.isnan(column)
    counts = np.bincount(np.searchsorted(edges, column[~gaps], side="right"), minlength=len(edges) + 1)
    shares: Matrix = np.append(counts, gaps.sum()) / max(len(column), 1)
    return shares


def psi(then: Matrix | Sequence[float], now: Matrix | Sequence[float]) -> float:
    """The index between two lists of shares.

    >>> round(psi([0.5, 0.5], [0.75, 0.25]), 4)
    0.2747
    """
    before, after = np.maximum(np.array(then), _LEAST), np.maximum(np.array(now), _LEAST)
    return float(((after - before) * np.log(after / before)).sum())
