"""Gradient boosting: LightGBM where it is installed (extra `recommend`), else scikit-learn's (extra `cluster`).

Either is read out into a `Forest`, so that scoring needs neither and a version on disk is arrays alone.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import MissingExtra
from tailorbird.offer.forest.forest import Forest
from tailorbird.offer.forest.walk import DEFAULT_LEFT, MISSING_NAN
from tailorbird.shell.learning.boosted import forest_of

Matrix = NDArray[np.float64]
# Log loss of 0 or 1; gamma deviance of a number above 0, through a logarithm.
Aim = Literal["chance", "amount"]

ROUNDS, RATE, LEAVES, LEAST = 150, 0.05, 15, 40


def grow(names: Sequence[str], values: Matrix, outcome: Matrix, aim: Aim, seed: int = 0) -> Forest:
    """A forest for rows of values (NaN where unknown). Raises MissingExtra where neither library is there.

    Rows of the rarer outcome weigh as much as the others in all; calibration makes probabilities of it afterwards.
    """
    weights = balanced(outcome) if aim == "chance" else np.ones(len(outcome))
    for fit in (_lightgbm, _histogram):
        try:
            return fit(names, values, outcome, weights, aim, seed)
        except ImportError:
            continue
    raise MissingExtra("Training predictions", "recommend")


def balanced(outcome: Matrix) -> Matrix:
    """A weight for each row, so that both outcomes weigh alike; with the mean 1.

    >>> balanced(np.array([1.0, 0.0, 0.0, 0.0])).round(3).tolist()
    [2.0, 0.667, 0.667, 0.667]
    """
    share = min(max(float((outcome > 0).mean()), 1e-9), 1 - 1e-9)
    return np.where(outcome > 0, 0.5 / share, 0.5 / (1 - share))


def _lightgbm(names: Sequence[str], values: Matrix, outcome: Matrix, weights: Matrix, aim: Aim, seed: int) -> Forest:
    import lightgbm

    settings = {
        "objective": "binary" if aim == "chance" else "gamma",
        "learning_rate": RATE,
        "num_leaves": LEAVES,
        "min_data_in_leaf": min(LEAST, max(2, len(values) // 10)),
        "lambda_l2": 1.0,
        "feature_fraction": 0.8,
        # One thread and rows in order: equal data give an equal model, to the last bit.
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "seed": seed,
        "verbose": -1,
    }
    booster = lightgbm.train(settings, lightgbm.Dataset(values, outcome, weight=weights), ROUNDS)
    return forest_of(booster, tuple(names))


def _histogram(names: Sequence[str], values: Matrix, outcome: Matrix, weights: Matrix, aim: Aim, seed: int) -> Forest:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    kind = HistGradientBoostingClassifier if aim == "chance" else partial(HistGradientBoostingRegressor, loss="gamma")
    made = kind(
        max_iter=ROUNDS, learning_rate=RATE, max_leaf_nodes=LEAVES, min_samples_leaf=LEAST, l2_regularization=1.0,
        max_features=0.8, early_stopping=False, random_state=seed,
    )  # fmt: skip
    with threadpool_limits(1):
        made.fit(values, outcome, weights)
    trees = [tree.nodes for (tree,) in made._predictors]
    return forest_of_nodes(trees, float(np.ravel(made._baseline_prediction)[0]), tuple(names))


def forest_of_nodes(trees: Sequence[Any], start: float, names: tuple[str, ...]) -> Forest:
    """The forest of scikit-learn's trees, each a record array of nodes; `start` goes into the leaves of the first."""
    many: dict[str, list[Any]] = {key: [] for key in ("start", "feature", "threshold", "kind", "left", "right", "leaf")}
    many["start"].append(0)
    for tree in trees:
        is_leaf = tree["is_leaf"].astype(bool)
        # Splits and leaves are numbered apart, both in the order in which they stand.
        number = np.where(is_leaf, ~(np.cumsum(is_leaf) - 1), np.cumsum(~is_leaf) - 1)
        inner = tree[~is_leaf]
        many["feature"] += inner["feature_idx"].tolist()
        many["threshold"] += inner["num_threshold"].tolist()
        many["kind"] += (MISSING_NAN | np.where(inner["missing_go_to_left"], DEFAULT_LEFT, 0)).tolist()
        many["left"] += number[inner["left"].astype(int)].tolist()
        many["right"] += number[inner["right"].astype(int)].tolist()
        many["leaf"] += (tree["value"][is_leaf] + start).tolist()
        many["start"].append(len(many["leaf"]))
        start = 0.0
    return Forest.checked(names, **many)
