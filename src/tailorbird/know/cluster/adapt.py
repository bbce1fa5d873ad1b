"""Between trainings the centres follow their people: mini-batch k-means.

Sculley, "Web-scale k-means clustering" (WWW 2010): each centre moves to the mean of all that it was ever given. Here
what it was given before counts as at most `memory` people, so that it never stands still.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.cluster.centroids import Centroids, means_of

Matrix = NDArray[np.float64]


class Adapted(NamedTuple):
    """The centroids after a batch, what each has been given, and how far they went."""

    centroids: Centroids
    counts: Matrix
    moved: float  # the largest way of a centre, in scaled units


def adapt(centroids: Centroids, counts: Matrix, points: Matrix, memory: float) -> Adapted:
    """Move each centre towards the mean of the points nearest to it, by its share n / (n + what it was given before).

    >>> from tailorbird.know.cluster.centroids import round_centroids
    >>> after = adapt(round_centroids(np.array([[0.0], [10.0]])), np.array([3.0, 1.0]), np.array([[4.0]]), memory=1000)
    >>> after.centroids.centres.tolist(), after.moved
    ([[1.0], [10.0]], 1.0)
    """
    labels, _ = centroids.nearest(points)
    inside, clusters = labels >= 0, len(centroids.centres)
    given = np.bincount(labels[inside], minlength=clusters).astype(np.float64)
    before = np.minimum(counts, memory)
    share = np.where(given > 0, given / np.maximum(before + given, 1.0), 0.0)[:, None]
    means = means_of(points[inside], labels[inside], clusters)
    centres = centroids.centres + share * (means - centroids.centres)
    way = np.sqrt(((centres - centroids.centres) ** 2).sum(axis=1))
    moved = Centroids(centres, centroids.variances, centroids.biases, centroids.radius)
    return Adapted(moved, before + given, float(way.max()) if clusters else 0.0)
