"""Gaps are filled as scikit-learn fills them, marked, and as far off as measured."""

import numpy as np
import pytest

from tailorbird.know.cluster.filling import NEIGHBOURS
from tailorbird.shell.imputing import fit_filling, hidden_errors
from tailorbird.testing.planted import planted, with_gaps


def test_neighbours_are_those_of_scikit_learn():
    from sklearn.impute import KNNImputer

    values = with_gaps(with_gaps(planted(120)[0], 1, 0.2), 2, 0.3, seed=3)
    scaled = (values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0)
    filled, _ = fit_filling(scaled, ["knn"] * 3).fill(scaled)
    assert filled == pytest.approx(KNNImputer(n_neighbors=NEIGHBOURS).fit_transform(scaled), rel=1e-6)


def test_model_is_the_first_round_of_scikit_learns_iterative_imputer():
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
    from sklearn.impute import IterativeImputer

    values = with_gaps(planted(200)[0], 1, 0.25)
    filled, _ = fit_filling(values, ["mean", "model", "mean"]).fill(values)
    assert filled == pytest.approx(IterativeImputer(max_iter=1, tol=1e9).fit_transform(values), rel=1e-6)


def test_mean_and_mode_are_those_of_what_is_known():
    rows = np.array([[1.0, 3.0], [1.0, np.nan], [4.0, 9.0], [np.nan, 9.0]])
    filled, marked = fit_filling(rows, ["mode", "mean"]).fill(rows)
    assert filled.tolist() == [[1, 3], [1, 7], [4, 9], [1, 9]]
    assert marked.tolist() == [[False, False], [False, True], [False, False], [True, False]]


def test_what_is_known_is_never_overwritten():
    rows = with_gaps(planted(100)[0], 0, 0.5)
    before = rows.copy()
    for method in ("mean", "mode", "knn", "model"):
        filled, marked = fit_filling(rows, [method] * 3).fill(rows)
        assert (filled[~marked] == rows[~marked]).all()
    assert np.array_equal(before, rows, equal_nan=True)


def test_column_that_nobody_knows_is_filled_with_nothing():
    rows = np.array([[1.0, np.nan], [2.0, np.nan]])
    assert fit_filling(rows, ["mean", "knn"]).fill(rows)[0].tolist() == [[1, 0], [2, 0]]


@pytest.mark.parametrize(("method", "low", "high"), [("mean", 1.95, 2.35), ("model", 0.42, 0.58), ("knn", 0.42, 0.75)])
def test_measured_error_is_the_one_that_was_simulated(method, low, high):
    # y = 2x + noise of 0.5: a model can get to 0.5, the mean only to the spread of y, sqrt(4 + 0.25).
    random = np.random.default_rng(9)
    x = random.normal(size=4000)
    values = np.column_stack([x, 2 * x + random.normal(scale=0.5, size=4000)])
    gappy = with_gaps(values, 1, 0.3)
    found = hidden_errors(gappy, ["mean", method])[1]
    assert low < found.error < high
    gaps = np.isnan(gappy[:, 1])
    filled, _ = fit_filling(gappy, ["mean", method]).fill(gappy)
    truly = np.sqrt(np.mean((filled[gaps, 1] - values[gaps, 1]) ** 2))
    assert found.error == pytest.approx(truly, rel=0.12)
    assert found.missing == pytest.approx(0.3, abs=0.03)


def test_confidence_is_the_part_of_the_variance_that_is_explained():
    random = np.random.default_rng(10)
    x = random.normal(size=3000)
    values = with_gaps(np.column_stack([x, 2 * x + random.normal(scale=0.5, size=3000)]), 1, 0.3)
    found = {method: hidden_errors(values, ["mean", method])[1].confidence for method in ("mean", "model")}
    assert found["mean"] < 0.02
    assert found["model"] == pytest.approx(4 / 4.25, abs=0.03)
