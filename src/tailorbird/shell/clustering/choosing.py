"""How many clusters: each number of the declared range is tried; silhouette decides."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.cluster.centroids import Centroids, Labels, radius_for
from tailorbird.know.cluster.definition import Clustering
from tailorbird.know.cluster.matching import matched
from tailorbird.know.cluster.model import Tried
from tailorbird.know.cluster.quality import elbow, inertia, silhouette
from tailorbird.shell.clustering.algorithms import Fitted, fit

Matrix = NDArray[np.float64]
LOOKED_AT = 2_000  # points whose silhouettes are averaged


class Chosen(NamedTuple):
    """The clusters of the best number of them."""

    centroids: Centroids  # with the radius beyond which somebody is an outlier
    tried: list[Tried]
    elbow: int
    best_bic: int
    agreement: float  # how often the nearest centroid is the cluster that the algorithm named


def choose(definition: Clustering, points: Matrix, seed: int, say: Callable[[str], None]) -> Chosen:
    """Try the range of k and keep the one whose clusters lie farthest apart for their width."""
    some = sample(points, seed)
    tried, fits = [], {}
    # One person fewer than there are: the silhouette needs somebody else in some cluster.
    for k in range(definition.k[0], min(definition.k[1], len(points) - 1) + 1):
        say(f"{k} clusters")
        fits[k] = _trimmed(definition, points, k, seed)
        tried.append(_measured(k, fits[k], points, some))
    best = max(tried, key=lambda one: one.silhouette).k
    found = fits[best]
    labels, _ = found.centroids.nearest(points)
    agreement = float((labels == found.labels).mean())
    own = len(definition.features)
    # By the declared features alone: the embedding is about taste, and a rare taste makes nobody an outlier.
    far = Centroids(*_parts(found.centroids), own=own).far(points, labels)
    bounded = Centroids(*_parts(found.centroids), radius_for(far, definition.outliers), own)
    ks = [one.k for one in tried]
    bend = elbow(ks, [one.inertia for one in tried])
    return Chosen(bounded, tried, bend, min(tried, key=lambda one: one.bic).k, agreement)


def sample(points: Matrix, seed: int) -> NDArray[np.int64]:
    """Rows that stand for all where each is held against each."""
    return np.random.default_rng(seed).permutation(len(points))[:LOOKED_AT]


def repeatability(definition: Clustering, points: Matrix, k: int, seed: int) -> float:
    """The share of people who end up together again when each half of them trains a clustering of its own."""
    order = np.random.default_rng(seed).permutation(len(points))
    halves = np.array_split(order, 2)
    if min(map(len, halves)) <= k:
        return 1.0
    first, second = (fit(definition.algorithm, points[half], k, seed).centroids.nearest(points)[0] for half in halves)
    return matched(first, second, k, k).stability


def _trimmed(definition: Clustering, points: Matrix, k: int, seed: int) -> Fitted:
    """Fitted, the farthest share left out, and fitted again: trimmed k-means with one round.

    Cuesta-Albertos, Gordaliza, Matran: "Trimmed k-means", Ann. Statist. 25 (1997).
    """
    first = fit(definition.algorithm, points, k, seed)
    distances = first.centroids.nearest(points)[1]
    inside = distances <= radius_for(distances, definition.outliers)
    if inside.all() or inside.sum() <= k:
        return first
    again = fit(definition.algorithm, points[inside], k, seed)
    labels: Labels = again.centroids.nearest(points)[0]
    labels[inside] = again.labels
    return Fitted(again.centroids, labels, again.bic)


def _measured(k: int, fitted: Fitted, points: Matrix, some: NDArray[np.int64]) -> Tried:
    labels, _ = fitted.centroids.nearest(points)
    apart = silhouette(points[some], labels[some])
    return Tried(k, round(apart, 4), round(inertia(points, labels, fitted.centroids.centres), 2), round(fitted.bic, 1))


def _parts(centroids: Centroids) -> tuple[Matrix, Matrix, Matrix]:
    return centroids.centres, centroids.variances, centroids.biases
