"""Fitting what fills gaps, and measuring how far off it is: scikit-learn learns, `know.cluster.filling` applies.

Filled numbers serve clustering and scoring alone. They are marked, they are never written into a profile, and what a
person says takes their place at once.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.cluster.filling import DONORS, Filling, Hidden, constants_of, empty_filling, error_of

Matrix = NDArray[np.float64]
HIDDEN = 0.1  # of the known numbers of a column, the share that is hidden to measure the error
MOST_HIDDEN = 500


def fit_filling(rows: Matrix, methods: Sequence[str], seed: int = 0) -> Filling:
    """How the gaps of these columns are filled, learned from all that is known in them."""
    constants = constants_of(rows, methods)
    spread = np.array([column[~np.isnan(column)].std() if (~np.isnan(column)).any() else 0.0 for column in rows.T])
    parts: dict[str, Any] = {"spread": np.where(spread > 0, spread, 1.0)}
    if "model" in methods:
        parts["slopes"], parts["intercepts"] = _models(rows, methods, constants)
    if "knn" in methods:
        parts["donors"] = _donors(rows, seed)
    return Filling(tuple(methods), constants, **empty_filling(rows.shape[1], **parts))


def _models(rows: Matrix, methods: Sequence[str], constants: Matrix) -> tuple[Matrix, Matrix]:
    """A Bayesian ridge of each modelled column on all others, whose own gaps are at their constants.

    That is the first round of scikit-learn's IterativeImputer (van Buuren, "mice", 2011).
    """
    from sklearn.linear_model import BayesianRidge

    columns = rows.shape[1]
    slopes, intercepts = np.zeros((columns, columns)), constants.copy()
    known = np.where(np.isnan(rows), constants, rows)
    for column in (place for place, method in enumerate(methods) if method == "model"):
        here = ~np.isnan(rows[:, column])
        others = np.arange(columns) != column
        if here.sum() > 2:
            fitted = BayesianRidge().fit(known[here][:, others], rows[here, column])
            slopes[column, others], intercepts[column] = fitted.coef_, fitted.intercept_
    return slopes, intercepts


def _donors(rows: Matrix, seed: int) -> Matrix:
    if len(rows) <= DONORS:
        return rows.copy()
    chosen = np.random.default_rng(seed).choice(len(rows), DONORS, replace=False)
    return rows[np.sort(chosen)]


def hidden_errors(rows: Matrix, methods: Sequence[str], seed: int = 0) -> dict[int, Hidden]:
    """Of each column with gaps: a tenth of its known numbers hidden, filled without them, compared with the truth.

    They are hidden at random, so the error is that for people like those who answered.
    """
    random = np.random.default_rng(seed)
    columns = np.flatnonzero(np.isnan(rows).any(axis=0)).tolist()
    return {column: _hidden(rows, methods, column, random, seed) for column in columns}


def _hidden(rows: Matrix, methods: Sequence[str], column: int, random: np.random.Generator, seed: int) -> Hidden:
    known = np.flatnonzero(~np.isnan(rows[:, column]))
    missing = 1.0 - len(known) / max(len(rows), 1)
    count = min(int(len(known) * HIDDEN), MOST_HIDDEN)
    chosen = random.choice(known, count, replace=False) if count else known[:0]
    masked = rows.copy()
    masked[chosen, column] = np.nan
    # Fitted without the hidden ones: else the measure would have seen the answer.
    filled, _ = fit_filling(masked, methods, seed).fill(masked[chosen])
    return error_of(rows[chosen, column], filled[:, column], methods[column], missing)
