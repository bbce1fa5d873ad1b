"""The scan over bytes finds what a plain scan in float64 finds, for any vectors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.errors import Corrupt
from tailorbird.offer.vectors.exact import Vectors


def drawn(seed):
    """Vectors of very different lengths, some equal, some zero; and a query."""
    chance = np.random.default_rng(seed)
    n, d = chance.integers(1, 300), chance.integers(1, 150)
    vectors = chance.normal(size=(n, d)) * 10 ** chance.uniform(-3, 3, (n, 1))
    vectors[chance.random(n) < 0.1] = 0
    vectors[chance.random(n) < 0.1] = vectors[0]
    return vectors.astype(np.float32), (chance.normal(size=d) * 10 ** chance.uniform(-3, 3)).astype(np.float32)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 40), st.booleans())
def test_nearest_are_those_of_a_plain_scan(seed, k, with_doors):
    vectors, query = drawn(seed)
    allowed = np.random.default_rng(seed).random(len(vectors)) < 0.5 if with_doors else None
    rows, products = Vectors.of(vectors).nearest(query, k, allowed)
    plain = vectors.astype(np.float64) @ query.astype(np.float64)
    open_rows = np.flatnonzero(allowed) if with_doors else np.arange(len(vectors))
    wanted = np.sort(plain[open_rows])[::-1][:k]
    np.testing.assert_allclose(products, wanted, rtol=1e-9, atol=1e-12 * np.abs(plain).max(initial=1))
    assert len(set(rows.tolist())) == len(rows) and np.isin(rows, open_rows).all()


def test_of_equal_ones_the_lower_row_comes_first():
    vectors = np.array([[0, 1], [1, 0], [1, 0], [1, 0]], np.float32)
    assert Vectors.of(vectors).nearest(np.array([1, 0], np.float32), 2)[0].tolist() == [1, 2]


def test_vectors_that_rise_in_order_are_all_weighed():
    vectors = np.arange(5_000, dtype=np.float32)[:, None]
    assert Vectors.of(vectors).nearest(np.array([1], np.float32), 3)[0].tolist() == [4_999, 4_998, 4_997]


@pytest.mark.parametrize("wrong", [np.zeros(3), np.zeros((3, 0)), np.array([[np.nan]]), np.zeros((1, 600))])
def test_what_cannot_be_scanned_is_refused(wrong):
    with pytest.raises(ValueError, match="finite dimensions"):
        Vectors.of(wrong.astype(np.float32))


@pytest.mark.parametrize("wrong", [np.zeros(3), np.array([np.inf, 0])])
def test_a_query_that_does_not_fit_is_refused(wrong):
    with pytest.raises(ValueError, match="2 finite numbers"):
        Vectors.of(np.eye(2, dtype=np.float32)).nearest(wrong.astype(np.float32), 1)


def test_arrays_make_the_same_vectors():
    vectors, query = drawn(3)
    one = Vectors.of(vectors)
    other = Vectors.restored(one.arrays())
    assert other.nearest(query, 9)[0].tolist() == one.nearest(query, 9)[0].tolist()


def test_arrays_that_do_not_fit_are_refused():
    arrays = Vectors.of(np.eye(3, dtype=np.float32)).arrays()
    with pytest.raises(Corrupt, match="lack code"):
        Vectors.restored({name: array for name, array in arrays.items() if name != "code"})
    with pytest.raises(Corrupt, match="do not fit together"):
        Vectors.restored(arrays | {"code": arrays["code"][:2]})
