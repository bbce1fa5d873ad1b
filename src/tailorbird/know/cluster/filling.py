"""What stands in for a number that is not known: for clustering and scoring only, marked, and never written back.

    mean, mode   one number for everyone
    model        a ridge regression on the other features (fitted by scikit-learn's BayesianRidge)
    knn          the mean over the five people who are nearest in what both know (scikit-learn's KNNImputer)

How far off it is, is measured by hiding numbers that are known: see `error_of`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
NEIGHBOURS = 5
DONORS = 2_000  # rows that stand for everyone when neighbours are looked for


@dataclass(frozen=True, slots=True, eq=False)
class Filling:
    """How each column's gaps are filled."""

    methods: tuple[str, ...]  # of definition.Impute, one a column
    constants: Matrix  # (columns,): the mean or the mode; what is used where nothing better can be said
    slopes: Matrix  # (columns, columns): of `model` columns on all others, 0 on the diagonal
    intercepts: Matrix  # (columns,)
    donors: Matrix  # (rows, columns) with gaps of their own; empty unless a column is filled by neighbours
    spread: Matrix  # (columns,): by which distances between donors are measured

    def fill(self, rows: Matrix) -> tuple[Matrix, NDArray[np.bool_]]:
        """The rows without gaps, and which of their numbers were filled in."""
        gaps = np.isnan(rows)
        filled = np.where(gaps, self.constants, rows)
        for column, method in enumerate(self.methods):
            here = np.flatnonzero(gaps[:, column])
            if len(here):
                filled[here, column] = _FILL[method](self, column, rows[here])
        return filled, gaps


def _constant(filling: Filling, column: int, rows: Matrix) -> Matrix:
    return np.full(len(rows), filling.constants[column])


def _modelled(filling: Filling, column: int, rows: Matrix) -> Matrix:
    # Other gaps are at their constants here, so that the order of columns does not matter and one line of SQL says it.
    known: Matrix = np.where(np.isnan(rows), filling.constants, rows)
    result: Matrix = filling.intercepts[column] + known @ filling.slopes[column]
    return result


def _neighbours(filling: Filling, column: int, rows: Matrix) -> Matrix:
    donors = filling.donors[~np.isnan(filling.donors[:, column])]
    if not len(donors):
        return _constant(filling, column, rows)
    return np.array([_of_nearest(filling, column, donors, row) for row in rows])


def _of_nearest(filling: Filling, column: int, donors: Matrix, row: Matrix) -> float:
    """Distance over what both know, scaled up to all columns, as scikit-learn's nan_euclidean_distances has it."""
    apart = ((donors - row) / filling.spread) ** 2
    both = ~np.isnan(apart)
    shared = both.sum(axis=1)
    if not shared.any():
        return float(filling.constants[column])
    summed = np.where(both, apart, 0.0).sum(axis=1)
    distance = np.where(shared > 0, summed * (len(row) / np.maximum(shared, 1)), np.inf)
    nearest = np.argsort(distance, kind="stable")[:NEIGHBOURS]
    return float(donors[nearest[np.isfinite(distance[nearest])], column].mean())


_FILL: dict[str, Callable[[Filling, int, Matrix], Matrix]] = {
    "mean": _constant,
    "mode": _constant,
    "model": _modelled,
    "knn": _neighbours,
}


def constants_of(rows: Matrix, methods: Sequence[str]) -> Matrix:
    """Of each column the mean or, where so declared, the number that comes most often; 0 where nothing is known.

    >>> constants_of(np.array([[1.0, 1.0], [1.0, 1.0], [4.0, 4.0]]), ["mean", "mode"]).tolist()
    [2.0, 1.0]
    """
    known = [column[~np.isnan(column)] for column in rows.T]
    return np.array([_middle(one, method) for one, method in zip(known, methods, strict=True)], np.float64)


def _middle(known: Matrix, method: str) -> float:
    if not len(known):
        return 0.0
    if method != "mode":
        return float(known.mean())
    values, counts = np.unique(known, return_counts=True)
    return float(values[np.argmax(counts)])  # of equals the smallest


@dataclass(frozen=True, slots=True)
class Hidden:
    """How well gaps of one column are filled, as told by numbers that were known and hidden."""

    method: str
    missing: float  # the share of people of whom it is not known
    error: float  # root mean square of (filled - true), in units of the column
    share: float  # the same over that of always saying the mean: 0 perfect, 1 no better than the mean
    confidence: float  # max(0, 1 - share ** 2): the part of the variance that filling explains


def error_of(truth: Matrix, filled: Matrix, method: str, missing: float) -> Hidden:
    """What hiding `truth` and filling it in again came to.

    >>> error_of(np.array([1.0, 3.0]), np.array([2.0, 2.0]), "mean", 0.1)
    Hidden(method='mean', missing=0.1, error=1.0, share=1.0, confidence=0.0)
    """
    if not len(truth):
        return Hidden(method, missing, 0.0, 1.0, 0.0)
    error = float(np.sqrt(np.mean((filled - truth) ** 2)))
    spread = float(np.std(truth))
    share = error / spread if spread > 0 else float(error > 0)
    return Hidden(method, missing, error, share, max(0.0, 1.0 - share**2))


def empty_filling(columns: int, **parts: Any) -> dict[str, Any]:
    """The parts of a Filling in which nothing is modelled and nobody donates."""
    nothing: dict[str, Any] = {
        "slopes": np.zeros((columns, columns)),
        "intercepts": np.zeros(columns),
        "donors": np.empty((0, columns)),
        "spread": np.ones(columns),
    }
    return {**nothing, **parts}
