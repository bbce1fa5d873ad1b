"""Each figure against somebody else's: scikit-learn, scipy, all permutations, or numbers worked out by hand."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.know.cluster import drift, quality
from tailorbird.know.cluster.adapt import adapt
from tailorbird.know.cluster.centroids import Centroids, radius_for, round_centroids
from tailorbird.know.cluster.embedding import directions, leaning
from tailorbird.know.cluster.matching import matched, overlap
from tailorbird.know.cluster.scaling import logged, scale_of, unlogged
from tailorbird.testing.planted import planted


@pytest.mark.parametrize("seed", range(5))
def test_silhouette_is_that_of_scikit_learn(seed):
    from sklearn.metrics import silhouette_score

    random = np.random.default_rng(seed)
    points, labels = random.normal(size=(80, 3)), random.integers(0, 4, 80)
    assert quality.silhouette(points, labels) == pytest.approx(silhouette_score(points, labels), abs=1e-12)


def test_silhouette_of_a_single_cluster_is_nothing():
    assert quality.silhouette(np.zeros((3, 2)), np.zeros(3, int)) == 0


def test_spherical_bic_is_that_of_equal_round_gaussians_with_hard_members():
    from scipy.stats import norm

    points, labels = planted(90)
    centres = np.stack([points[labels == one].mean(axis=0) for one in range(3)])
    variance = ((points - centres[labels]) ** 2).sum() / ((90 - 3) * 3)
    likelihood = norm.logpdf(points, centres[labels], np.sqrt(variance)).sum() + 90 * np.log(1 / 3)
    wanted = quality.bic(likelihood, 3 * 4, 90)
    assert quality.spherical_bic(points, labels, centres) == pytest.approx(wanted, rel=1e-9)


@given(st.integers(1, 5), st.integers(1, 5), st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), max_size=60))
def test_labels_stay_with_as_many_people_as_any_assignment_could_keep(olds, news, pairs):
    pairs = [(old, new) for old, new in pairs if old < olds and new < news]
    old, new = (
        (np.array(side, np.int64) for side in zip(*pairs, strict=True)) if pairs else (np.empty(0, np.int64),) * 2
    )
    shared = overlap(old, new, olds, news)
    square = np.zeros((5, 5), int)
    square[:olds, :news] = shared
    best = max(sum(square[row, column] for row, column in enumerate(order)) for order in permutations(range(5)))
    found = matched(old, new, olds, news)
    kept = sum(shared[row, column] for column, row in enumerate(found.of_new) if row is not None)
    assert kept == best
    assert found.stability == pytest.approx(best / shared.sum() if shared.sum() else 1.0)


def test_mixtures_centroid_function_is_the_highest_posterior():
    from sklearn.mixture import GaussianMixture

    from tailorbird.shell.clustering.algorithms import fit

    points, _ = planted(500, seed=4)
    fitted = fit("mixture", points, 3)
    oracle = GaussianMixture(3, covariance_type="diag", n_init=3, reg_covar=1e-2, random_state=0).fit(points)
    assert (fitted.centroids.nearest(points)[0] == oracle.predict(points)).all()


def test_centres_that_follow_end_at_the_mean_of_all_they_were_given():
    random = np.random.default_rng(5)
    batches = [random.normal(size=(50, 2)) for _ in range(8)]
    centroids, counts = round_centroids(np.zeros((1, 2))), np.zeros(1)
    for batch in batches:
        centroids, counts, _ = adapt(centroids, counts, batch, memory=1e9)
    assert centroids.centres[0] == pytest.approx(np.concatenate(batches).mean(axis=0))
    assert counts.tolist() == [400]


def test_following_is_scikit_learns_mini_batch_update():
    from sklearn.cluster import MiniBatchKMeans

    points, _ = planted(300, seed=6)
    start = points[:3]
    oracle = MiniBatchKMeans(3, init=start, n_init=1, reassignment_ratio=0).partial_fit(points[:100])
    centroids, _, _ = adapt(round_centroids(start.copy()), np.zeros(3), points[:100], memory=1e9)
    assert centroids.centres == pytest.approx(oracle.cluster_centers_)


def test_memory_lets_centres_follow_for_ever():
    start = round_centroids(np.zeros((1, 1)))
    slow = adapt(start, np.array([1e6]), np.ones((10, 1)), memory=1e9).moved
    fast = adapt(start, np.array([1e6]), np.ones((10, 1)), memory=90).moved
    assert (slow, fast) == (pytest.approx(1e-5, rel=1e-3), pytest.approx(0.1))


def test_outliers_are_the_declared_share_and_move_no_centre():
    centroids = round_centroids(np.array([[0.0], [10.0]]))
    points = np.array([[0.1], [0.2], [9.9], [30.0]])
    far = centroids.nearest(points)[1]
    bounded = Centroids(centroids.centres, centroids.variances, centroids.biases, radius_for(far, 0.25))
    assert bounded.nearest(points)[0].tolist() == [0, 0, 1, -1]
    assert adapt(bounded, np.zeros(2), points, 100).centroids.centres[1] == pytest.approx(9.9)


def test_directions_are_those_of_principal_components():
    from sklearn.decomposition import PCA

    counts = np.random.default_rng(7).poisson(3, size=(200, 8)).astype(float)
    found = directions(counts, 3)
    oracle = PCA(3).fit(leaning(counts)).components_.T
    assert np.abs((found * oracle).sum(axis=0)) == pytest.approx(np.ones(3), abs=1e-6)


def test_population_stability_index_is_as_worked_out_by_hand():
    assert drift.psi([0.2, 0.3, 0.5], [0.1, 0.3, 0.6]) == pytest.approx(0.1 * np.log(2) + 0.1 * np.log(1.2))


@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_drift_is_seen_where_people_changed_and_only_there(shift):
    random = np.random.default_rng(8)
    then, now = random.normal(size=4000), random.normal(shift, size=4000)
    edges = drift.edges_of(then)
    index = drift.psi(drift.shares_of(then, edges), drift.shares_of(now, edges))
    assert (index > drift.DRIFTED) == bool(shift) and (bool(shift) or index < 0.02)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20), st.sampled_from(["standard", "robust", "range", "none"])
)
def test_scaling_keeps_order_and_is_finite(values, scaling):
    rows = np.array(values)[:, None]
    scaled = scale_of(rows, scaling, [1.0]).apply(rows)
    assert np.isfinite(scaled).all()
    assert (np.diff(scaled[np.argsort(rows[:, 0]), 0]) >= 0).all()


@given(st.floats(-1e9, 1e9))
def test_logarithm_is_undone(value):
    assert unlogged(logged(np.array([value])))[0] == pytest.approx(value, rel=1e-9, abs=1e-9)
