"""A forest scores what the lightgbm that grew it predicts, to 1e-9, over drawn models and inputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.errors import Corrupt
from tailorbird.shell.learning.boosted import forest_of

lightgbm = pytest.importorskip("lightgbm")

PARAMETERS = st.fixed_dictionaries(
    {
        "objective": st.sampled_from(["regression", "binary", "lambdarank"]),
        "num_leaves": st.integers(2, 64),
        "learning_rate": st.sampled_from([0.05, 0.5]),
        "min_data_in_leaf": st.integers(1, 30),
        "zero_as_missing": st.booleans(),
        "use_missing": st.booleans(),
        "max_bin": st.sampled_from([3, 63, 255]),
    }
)


@settings(max_examples=60, deadline=None)
@given(PARAMETERS, st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_forest_equals_lightgbm(parameters, seed, rounds):
    chance = np.random.default_rng(seed)
    matrix = drawn(chance, (300, 4))
    label = (np.nan_to_num(matrix[:, 0]) + chance.normal(size=300) > 0).astype(np.float64)
    booster = grown(parameters, matrix, label, rounds)
    forest, asked = forest_of(booster), drawn(chance, (100, 4))
    on_thresholds = chance.choice(np.append(np.clip(forest.threshold, -1e38, 1e38), 0), (100, 4)).astype(np.float32)
    for some in (matrix, asked, on_thresholds, np.nextafter(on_thresholds, np.float32(np.inf))):
        np.testing.assert_allclose(forest.scores(some), booster.predict(some, raw_score=True), rtol=0, atol=1e-9)


def test_a_part_of_the_trees():
    chance = np.random.default_rng(0)
    matrix = drawn(chance, (300, 4))
    booster = grown({"objective": "regression"}, matrix, chance.random(300), 9)
    wanted = booster.predict(matrix, num_iteration=4)
    np.testing.assert_allclose(forest_of(booster, rounds=4).scores(matrix), wanted, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ({"linear_tree": True}, "linear leaves"),
        ({"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}, "averages its trees"),
        ({"max_cat_to_onehot": 1}, "categorical splits"),
        ({"num_leaves": 200, "min_data_in_leaf": 1}, "more than 64"),
    ],
)
def test_trees_of_another_sort_are_refused(parameters, wrong):
    chance = np.random.default_rng(0)
    matrix = np.column_stack([chance.integers(0, 9, 2_000), chance.random((2_000, 2))]).astype(np.float32)
    label = (matrix[:, 0] % 3 == 1) + chance.random(2_000)
    with pytest.raises(Corrupt, match=wrong):
        forest_of(grown({"objective": "regression"} | parameters, matrix, label, 2))


def grown(parameters, matrix, label, rounds):
    group = [50] * (len(matrix) // 50) if parameters["objective"] == "lambdarank" else None
    fixed = {"verbosity": -1, "num_threads": 1, "seed": 0}
    categorical = [0] if "max_cat_to_onehot" in parameters else "auto"
    data = lightgbm.Dataset(matrix, label, group=group, categorical_feature=categorical)
    return lightgbm.train(parameters | fixed, data, rounds)


def drawn(chance, shape):
    """Few values, many values, values that are missing, tiny or endless."""
    values = np.where(chance.random(shape) < 0.3, chance.integers(-2, 3, shape), chance.normal(size=shape))
    odd = chance.choice([np.nan, 0.0, 1e-36, -1e-36, 1e30, np.inf, -np.inf], shape)
    return np.where(chance.random(shape) < 0.2, odd, values).astype(np.float32)
