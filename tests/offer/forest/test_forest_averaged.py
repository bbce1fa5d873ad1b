"""The mean of forests says what the mean of their answers is."""

import numpy as np
import pytest
from forest_cases import forests, rows
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tailorbird.offer.forest.averaged import averaged


@settings(max_examples=100, deadline=None)
@given(st.lists(forests(), min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_the_mean_of_forests_is_the_mean_of_what_they_say(several, seed):
    assume(len({forest.features for forest in several}) == 1)
    matrix = rows(several[0], seed)
    expected = np.mean([forest.scores(matrix) for forest in several], axis=0)
    np.testing.assert_allclose(averaged(several).scores(matrix), expected, rtol=1e-12, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(forests(), forests())
def test_forests_of_other_features_have_no_mean(one, other):
    assume(one.features != other.features)
    with pytest.raises(ValueError, match="2 sets"):
        averaged([one, other])


def test_no_forest_has_no_mean():
    with pytest.raises(ValueError, match="0 sets"):
        averaged([])
