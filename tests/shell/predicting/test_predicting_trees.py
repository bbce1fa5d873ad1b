"""Trees of either library, read out into arrays: they say what the library says, and come close to the truth."""

import numpy as np
import pytest

from tailorbird.errors import MissingExtra
from tailorbird.know.predict.calibration import calibrated, sigmoid
from tailorbird.know.predict.quality import auc
from tailorbird.shell.predicting import trees
from tailorbird.shell.predicting.model import scores_of
from tailorbird.shell.predicting.trees import balanced, forest_of_nodes, grow

NAMES = ("days", "orders", "noise")


def people(count, seed=1):
    """(values, outcome, true chance): a value in ten is not known, and where it is not they stay away."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(count, 3)).astype(np.float32).astype(float)
    values[random.random(count) < 0.1, 0] = np.nan
    chance = sigmoid(np.where(np.isnan(values[:, 0]), -3, -values[:, 0]) + values[:, 1] - 1)
    return values, (random.random(count) < chance).astype(float), chance


def without(monkeypatch, *missing):
    def gone(*_):
        raise ImportError

    for name in missing:
        monkeypatch.setattr(trees, name, gone)


@pytest.mark.parametrize("missing", ["_histogram", "_lightgbm"])
def test_calibrated_trees_of_either_library_come_close_to_the_true_chance(monkeypatch, missing):
    without(monkeypatch, missing)
    values, outcome, _ = people(3_000)
    forest = grow(NAMES, values, outcome, "chance")
    held, came, _ = people(3_000, seed=2)
    curve = calibrated(scores_of(forest, held), came)
    asked, _, true = people(2_000, seed=3)
    said = curve(scores_of(forest, asked))
    assert np.abs(said - true).mean() < 0.06
    assert auc(said, (true > 0.5).astype(float)) > 0.95


def test_forest_says_what_scikit_learn_says():
    sklearn = pytest.importorskip("sklearn.ensemble")
    values, outcome, _ = people(800)
    made = sklearn.HistGradientBoostingClassifier(max_iter=20, early_stopping=False).fit(values, outcome)
    own = forest_of_nodes([tree.nodes for (tree,) in made._predictors], float(made._baseline_prediction[0, 0]), NAMES)
    assert scores_of(own, values) == pytest.approx(made.decision_function(values), abs=1e-9)


def test_both_outcomes_weigh_alike():
    weights = balanced(np.array([1.0] + [0.0] * 9))
    assert weights[0] == pytest.approx(weights[1:].sum()) and weights.mean() == pytest.approx(1)


def test_without_either_library_it_is_said_what_to_install(monkeypatch):
    without(monkeypatch, "_histogram", "_lightgbm")
    with pytest.raises(MissingExtra, match=r"Training predictions needs .* pip install 'tailorbird\[recommend\]'"):
        grow(NAMES, np.zeros((4, 3)), np.array([0.0, 1, 0, 1]), "chance")
