"""Numbers of unlike size made comparable: transformed, centred, divided by their spread, weighted, clipped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
EQUAL = 1e-9  # of a column's centre: smaller spreads are rounding
CLIP = 4.0  # spreads: one enormous order must not make a cluster of its own


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Of each column its centre, spread and weight, and the bounds beyond which nothing counts for more."""

    centre: Matrix
    spread: Matrix
    weight: Matrix
    low: Matrix
    high: Matrix

    def apply(self, rows: Matrix) -> Matrix:
        """(x - centre) / spread * weight, with x clipped to [low, high]."""
        return (np.clip(rows, self.low, self.high) - self.centre) / self.spread * self.weight


def logged(rows: Matrix) -> Matrix:
    """sign(x) * ln(1 + |x|): near 0 as it is, far out by its order of magnitude.

    >>> logged(np.array([0.0, np.e - 1, 1 - np.e])).tolist()
    [0.0, 1.0, -1.0]
    """
    result: Matrix = np.sign(rows) * np.log1p(np.abs(rows))
    return result


def unlogged(rows: Matrix) -> Matrix:
    """The inverse of `logged`."""
    result: Matrix = np.sign(rows) * np.expm1(np.abs(rows))
    return result


def transformed(rows: Matrix, transforms: Sequence[str], by: Callable[[Matrix], Matrix] = logged) -> Matrix:
    """The rows with `by` over the columns whose transform is "log"."""
    columns = np.array([transform == "log" for transform in transforms])
    return np.where(columns, by(rows), rows)


def _standard(rows: Matrix) -> tuple[Matrix, Matrix]:
    return rows.mean(axis=0), rows.std(axis=0)


def _robust(rows: Matrix) -> tuple[Matrix, Matrix]:
    low, middle, high = np.percentile(rows, [25, 50, 75], axis=0)
    # 1.349 makes it the standard deviation of a normal column; a column that is mostly one number falls back to it.
    spread = (high - low) / 1.349
    return middle, np.where(spread > 0, spread, rows.std(axis=0))


def _range(rows: Matrix) -> tuple[Matrix, Matrix]:
    return rows.min(axis=0), rows.max(axis=0) - rows.min(axis=0)


def _none(rows: Matrix) -> tuple[Matrix, Matrix]:
    return np.zeros(rows.shape[1]), np.ones(rows.shape[1])


_SCALES = {"standard": _standard, "robust": _robust, "range": _range, "none": _none}


def scale_of(rows: Matrix, scaling: str, weights: Sequence[float]) -> Scale:
    """The scale by which these rows (without gaps) become comparable; `scaling` is one of definition.Scaling.

    >>> scale_of(np.array([[0.0, 5.0], [2.0, 5.0]]), "standard", [1, 1]).apply(np.array([[2.0, 5.0]])).tolist()
    [[1.0, 0.0]]
    """
    centre, spread = _SCALES[scaling](rows)
    # A column in which all are equal tells nobody apart, and what floats leave there must not be blown up to say so.
    spread = np.where(spread > EQUAL * np.maximum(np.abs(centre), 1.0), spread, 1.0)
    low = np.maximum(centre - CLIP * spread, rows.min(axis=0))
    high = np.minimum(centre + CLIP * spread, rows.max(axis=0))
    return Scale(centre, spread, np.array(weights, np.float64), low, high)
