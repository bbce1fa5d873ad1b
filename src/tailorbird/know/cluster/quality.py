"""How good a number of clusters is: silhouette decides, elbow and BIC stand beside it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]


def silhouette(points: Matrix, labels: Labels) -> float:
    """The mean over points of (b - a) / max(a, b): 1 far apart, 0 touching, below 0 mixed up.

    a is the mean distance to the others of its own cluster, b to those of the nearest other one; a point alone in its
    cluster counts 0. Rousseeuw, "Silhouettes", J. Comput. Appl. Math. 20 (1987). Takes as many distances
    as there are pairs of points: sample first.

    >>> round(silhouette(np.array([[0.0], [1.0], [10.0], [11.0]]), np.array([0, 0, 1, 1])), 4)
    0.8997
    """
    _, own, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if len(counts) < 2:
        return 0.0
    member = np.eye(len(counts))[own]
    # Row by row: all pairs at once would take the square of the points in memory.
    sums = np.stack([_distances(points, point) @ member for point in points])
    rows = np.arange(len(points))
    size = counts[own]
    within = sums[rows, own] / np.maximum(size - 1, 1)
    means = sums / counts
    means[rows, own] = np.inf
    between = means.min(axis=1)
    larger = np.maximum(within, between)
    score = np.where((size > 1) & (larger > 0), (between - within) / np.where(larger > 0, larger, 1.0), 0.0)
    return float(score.mean())


def _distances(points: Matrix, point: Matrix) -> Matrix:
    result: Matrix = np.sqrt(((points - point) ** 2).sum(axis=1))
    return result


def inertia(points: Matrix, labels: Labels, centres: Matrix) -> float:
    """The sum of squared distances to the own centre."""
    return float(((points - centres[labels]) ** 2).sum())


def bic(log_likelihood: float, parameters: int, points: int) -> float:
    """parameters * ln(points) - 2 * log-likelihood: lower is better. Schwarz, Ann. Statist. 6 (1978)."""
    return parameters * float(np.log(points)) - 2.0 * log_likelihood


def spherical_bic(points: Matrix, labels: Labels, centres: Matrix) -> float:
    """BIC of k-means read as a hard mixture of equal round Gaussians (Pelleg, Moore: "X-means", ICML 2000)."""
    rows, columns = points.shape
    clusters = len(centres)
    variance = max(inertia(points, labels, centres) / (max(rows - clusters, 1) * columns), 1e-12)
    counts = np.bincount(labels, minlength=clusters)
    counts = counts[counts > 0]
    likelihood = float((counts * np.log(counts / rows)).sum()) - rows * columns / 2 * float(
        np.log(2 * np.pi * variance)
    )
    likelihood -= (rows - clusters) * columns / 2
    # Parameters: the centres, all weights but one, and one variance.
    return bic(likelihood, clusters * (columns + 1), rows)


def elbow(ks: Sequence[int], inertias: Sequence[float]) -> int:
    """The k at which the curve of inertia bends most: farthest below the line from its first to its last point.

    As in Satopaa et al., "Finding a Kneedle in a Haystack" (2011), without smoothing.

    >>> elbow([2, 3, 4, 5, 6], [100, 40, 30, 25, 20])
    3
    """
    if len(ks) < 3 or inertias[0] <= inertias[-1]:
        return ks[0]
    across = (np.array(ks) - ks[0]) / (ks[-1] - ks[0])
    down = (np.array(inertias) - inertias[-1]) / (inertias[0] - inertias[-1])
    return int(ks[int(np.argmax(1.0 - across - down))])
