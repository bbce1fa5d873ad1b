"""Who belongs to which cluster: the one function behind training, live membership and SQL.

    distance_c(x) = sum_j (x_j - centre_cj)^2 / variance_cj + bias_c

k-means has variance 1 and bias 0. A Gaussian mixture with diagonal covariance has its own of each, and the nearest
cluster is then the one of the highest posterior: bias_c = sum_j ln(variance_cj) - 2 ln(weight_c).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]
OUTLIER = -1
_AT_ONCE = 50_000  # rows, so that a million people take no gigabyte


@dataclass(frozen=True, slots=True, eq=False)
class Centroids:
    """The clusters of one clustering, in scaled units."""

    centres: Matrix  # (clusters, columns)
    variances: Matrix  # (clusters, columns)
    biases: Matrix  # (clusters,)
    radius: float = np.inf  # who is farther than this from their own cluster is an outlier
    own: int | None = None  # how many columns, from the first on, that looks at; None: all

    def distances(self, points: Matrix) -> Matrix:
        """(points, clusters)."""
        out = np.empty((len(points), len(self.centres)))
        for cluster, (centre, variance, bias) in enumerate(zip(self.centres, self.variances, self.biases, strict=True)):
            for start in range(0, len(points), _AT_ONCE):
                part = points[start : start + _AT_ONCE]
                out[start : start + _AT_ONCE, cluster] = ((part - centre) ** 2 / variance).sum(axis=1) + bias
        return out

    def nearest(self, points: Matrix) -> tuple[Labels, Matrix]:
        """Of each point the nearest cluster, or OUTLIER, and how `far` from it; of equal distances the first."""
        labels: Labels = self.distances(points).argmin(axis=1).astype(np.int64)
        far = self.far(points, labels)
        return np.where(far > self.radius, OUTLIER, labels), far

    def far(self, points: Matrix, labels: Labels) -> Matrix:
        """How far each point is from its cluster, over the columns that tell outliers; without the bias."""
        own = slice(self.own)
        apart = (points[:, own] - self.centres[labels][:, own]) ** 2 / self.variances[labels][:, own]
        result: Matrix = apart.sum(axis=1)
        return result


def means_of(points: Matrix, labels: Labels, clusters: int) -> Matrix:
    """The mean of each cluster's points.

    >>> means_of(np.array([[0.0], [2.0], [9.0]]), np.array([0, 0, 1]), 2).tolist()
    [[1.0], [9.0]]
    """
    counts = np.bincount(labels, minlength=clusters)
    sums = np.stack([np.bincount(labels, weights=column, minlength=clusters) for column in points.T], axis=1)
    means: Matrix = sums / np.maximum(counts, 1)[:, None]
    return means


def round_centroids(centres: Matrix, radius: float = np.inf) -> Centroids:
    """Centroids as k-means has them: every direction counts alike, every cluster too."""
    return Centroids(centres, np.ones_like(centres), np.zeros(len(centres)), radius)


def radius_for(distances: Matrix, outliers: float) -> float:
    """The distance beyond which the farthest share lies; no bound for a share of 0.

    >>> radius_for(np.array([1.0, 2.0, 3.0, 10.0]), 0.25)
    6.5
    """
    if outliers <= 0 or not len(distances):
        return float(np.inf)
    kept = max(len(distances) - max(1, round(len(distances) * outliers)), 1)
    # Midway to the first who is out: nobody stands on the border itself, where a rounded number would decide.
    return float(np.sort(distances)[kept - 1 : kept + 1].mean())
