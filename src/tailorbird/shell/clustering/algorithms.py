"""The algorithms: points in scaled units and a number of clusters -> centroids. scikit-learn only when called."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import MissingExtra
from tailorbird.know.cluster.centroids import Centroids, Labels, means_of, round_centroids
from tailorbird.know.cluster.quality import spherical_bic

Matrix = NDArray[np.float64]
JOINED = 4_000  # points that are joined one by one; the others go to the nearest centre
STARTS = 10


class Fitted(NamedTuple):
    """What one training came to."""

    centroids: Centroids
    labels: Labels  # as the algorithm itself says
    bic: float


def fit(algorithm: str, points: Matrix, k: int, seed: int = 0) -> Fitted:
    """`k` clusters by one of definition.Algorithm. Raises MissingExtra without scikit-learn."""
    try:
        from threadpoolctl import threadpool_limits  # comes with scikit-learn
    except ImportError:
        raise MissingExtra("Training clusters", "cluster") from None
    # So few points are quicker on one core: its threads would wait for each other, and take them from the server.
    with threadpool_limits(1):
        return _ALGORITHMS[algorithm](points, k, seed)


def _kmeans(points: Matrix, k: int, seed: int) -> Fitted:
    from sklearn.cluster import KMeans

    return _round(points, KMeans(k, n_init=STARTS, random_state=seed).fit_predict(points), k)


def _minibatch(points: Matrix, k: int, seed: int) -> Fitted:
    from sklearn.cluster import MiniBatchKMeans

    return _round(points, MiniBatchKMeans(k, n_init=STARTS, random_state=seed).fit_predict(points), k)


def _hierarchical(points: Matrix, k: int, seed: int) -> Fitted:
    """Ward's joining of a sample; the rest, and all who come later, belong to the nearest centre."""
    from sklearn.cluster import AgglomerativeClustering

    # Joining needs the distance of each to each: of all people it would not fit into memory.
    some = np.random.default_rng(seed).permutation(len(points))[:JOINED]
    joined = AgglomerativeClustering(k).fit_predict(points[some])
    centroids = round_centroids(means_of(points[some], joined.astype(np.int64), k))
    labels, _ = centroids.nearest(points)
    labels[some] = joined
    return Fitted(centroids, labels, spherical_bic(points, labels, centroids.centres))


def _mixture(points: Matrix, k: int, seed: int) -> Fitted:
    from sklearn.mixture import GaussianMixture

    # A little floor under the variances: a column with many equal numbers would make a needle of a cluster.
    found = GaussianMixture(k, covariance_type="diag", n_init=3, reg_covar=1e-2, random_state=seed).fit(points)
    variances = found.covariances_
    # -2 log of the density, without what is the same for all: the nearest is then the likeliest, also in SQL.
    biases = np.log(variances).sum(axis=1) - 2 * np.log(found.weights_)
    centroids = Centroids(found.means_, variances, biases)
    return Fitted(centroids, found.predict(points).astype(np.int64), float(found.bic(points)))


def _round(points: Matrix, labels: NDArray[np.int32], k: int) -> Fitted:
    own = labels.astype(np.int64)
    centroids = round_centroids(means_of(points, own, k))
    return Fitted(centroids, own, spherical_bic(points, own, centroids.centres))


_ALGORITHMS: dict[str, Callable[[Matrix, int, int], Fitted]] = {
    "kmeans": _kmeans,
    "minibatch": _minibatch,
    "mixture": _mixture,
    "hierarchical": _hierarchical,
}
