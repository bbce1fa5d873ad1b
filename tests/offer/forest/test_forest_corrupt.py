"""A forest that is not one is refused when it is made, so that no walk can be led astray by it."""

import numpy as np
import pytest
from forest_cases import forests, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.errors import Corrupt
from tailorbird.offer.forest.forest import Forest

# Two trees: one of three leaves, one of two.
GOOD = {
    "start": [0, 3, 5],
    "feature": [0, 1, 1],
    "threshold": [0.5, 1.5, 2.5],
    "kind": [2, 8, 0],
    "left": [1, -1, -1],
    "right": [-3, -2, -2],
    "leaf": [1.0, 2.0, 3.0, 4.0, 5.0],
}
BAD = {
    "a child that is itself": {"left": [0, -1, -1]},
    "a child before its parent": {"left": [1, 0, -1]},
    "a child met twice": {"left": [1, -2, -1]},
    "a leaf of another tree": {"right": [-4, -2, -2]},
    "a split of another tree": {"left": [2, -1, -1]},
    "a split far outside": {"left": [2**30, -1, -1]},
    "a leaf far outside": {"right": [-(2**31), -2, -2]},
    "an unknown feature": {"feature": [0, 2, 1]},
    "a feature below 0": {"feature": [0, -1, 1]},
    "a categorical split": {"kind": [1, 8, 0]},
    "a threshold that is not a number": {"threshold": [0.5, np.nan, 2.5]},
    "a leaf that is not finite": {"leaf": [1.0, np.inf, 3.0, 4.0, 5.0]},
    "trees that run backwards": {"start": [0, 6, 5]},
    "a tree without leaves": {"start": [0, 5, 5]},
    "leaves of no tree": {"start": [0, 3, 4]},
    "more leaves than there are": {"start": [0, 3, 9]},
    "no trees": {"start": [0], "feature": [], "threshold": [], "kind": [], "left": [], "right": [], "leaf": []},
    "nothing at all": {"start": []},
    "a missing split": {"feature": [0, 1]},
    "a table instead of a line": {"leaf": [[1.0, 2.0, 3.0, 4.0, 5.0]]},
    "words instead of numbers": {"leaf": ["x", "y", "z", "u", "v"]},
    "too many leaves": {
        "start": [0, 65],
        "feature": [0] * 64,
        "threshold": [0.5] * 64,
        "kind": [0] * 64,
        "left": [*range(1, 64), -1],
        "right": [~k for k in range(1, 65)],
        "leaf": [0.0] * 65,
    },
}


def test_the_good_one_is_good():
    matrix = np.array([[0, 0], [0, 2], [1, 3]], np.float32)
    assert Forest.checked(("a", "b"), **GOOD).scores(matrix).tolist() == [1 + 4, 2 + 4, 3 + 5]


@pytest.mark.parametrize("wrong", BAD)
def test_what_is_no_forest_is_refused(wrong):
    with pytest.raises(Corrupt, match="Train it again"):
        Forest.checked(("a", "b"), **GOOD | BAD[wrong])


def test_a_missing_array_is_named():
    arrays = Forest.checked(("a", "b"), **GOOD).arrays()
    with pytest.raises(Corrupt, match="lacks leaf, left"):
        Forest.restored({key: value for key, value in arrays.items() if key not in ("leaf", "left")})


@settings(max_examples=300, deadline=None)
@given(forests(most_leaves=10), st.data())
def test_any_damage_is_refused_or_harmless(forest, data):
    arrays = forest.arrays()
    name = data.draw(st.sampled_from(sorted(set(arrays) - {"features"})))
    damaged = arrays[name].copy()
    if len(damaged):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] = np.array(data.draw(st.integers(-99, 2**31 - 1))).astype(damaged.dtype)
    try:
        other = Forest.restored(arrays | {name: damaged})
    except Corrupt:
        return
    assert np.isfinite(other.scores(rows(other, 0))).all()


@settings(max_examples=50, deadline=None)
@given(forests(), st.integers(0, 2**32 - 1))
def test_arrays_make_the_same_forest(forest, seed):
    again, matrix = Forest.restored(forest.arrays()), rows(forest, seed)
    assert again.features == forest.features
    assert again.scores(matrix).tolist() == forest.scores(matrix).tolist()
    assert not any(array.flags.writeable for array in (*again.layout, again.leaf))
