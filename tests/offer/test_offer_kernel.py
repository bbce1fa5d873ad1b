"""The compiled kernel answers what its plain form in numpy answers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.offer.recommend import oracle
from tailorbird.offer.recommend.kernel import score


def problem(seed):
    """A random shelf of up to 60 slots, sparse neighbours, history, parts, base, closed rows, a rule."""
    chance = np.random.default_rng(seed)
    n, extra = int(chance.integers(1, 40)), int(chance.integers(1, 20))
    slots = n + extra
    count = chance.integers(0, min(30, n + 1), n)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    neighbours = np.concatenate([np.empty(0), *(chance.permutation(n)[:c] for c in count)]).astype(np.int32)
    nearness = np.concatenate([np.empty(0), *(-np.sort(-chance.uniform(0.01, 1, c)) for c in count)]).astype(np.float32)
    near = (*(read_only(array) for array in (start, neighbours, nearness)), 0.4)
    h, p = int(chance.integers(0, 30)), int(chance.integers(0, 30))
    live = np.where(chance.random(h) < 0.3, chance.random(h), 0).astype(np.float32)
    past = chance.integers(-1, slots, h).astype(np.int32), chance.random(h).astype(np.float32), live
    values = np.where(chance.random(p) < 0.2, 0, chance.random(p)).astype(np.float32)
    parts = chance.integers(-1, slots, p).astype(np.int32), values, chance.integers(1, 4, p).astype(np.int32)
    base = chance.random(slots).astype(np.float32), chance.permutation(slots)[: slots // 3].astype(np.int32)
    row_of = np.where(chance.random(slots) < 0.2, -1, chance.permutation(slots)).astype(np.int32)
    allowed = chance.random(slots) < 0.7 if chance.random() < 0.5 else np.empty(0, np.bool_)
    doors = row_of, (row_of >= 0) & (chance.random(slots) < 0.8), allowed
    return past, near, parts, base, doors


def read_only(array):
    array.flags.writeable = False
    return array


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 50))
def test_kernel_equals_its_plain_form(seed, depth):
    past, near, parts, base, doors = problem(seed)
    desk = np.zeros((len(base[0]), 4), np.float32)
    found = score(past, near, parts, base, doors, desk, depth)
    expected = oracle.score(past, near, parts, base, doors, depth)
    assert found.shape == expected.shape
    np.testing.assert_array_equal(found[:, 0], expected[:, 0])
    np.testing.assert_allclose(found[:, 1:8], expected[:, 1:8], rtol=2e-5, atol=1e-6)
    assert not desk.any(), "the desk must be left clean for the next request"


def test_a_history_of_ten_thousand_contacts_is_taken_whole():
    past, near, parts, base, doors = problem(5)
    past = tuple(np.resize(column, 10_000) for column in past)
    desk = np.zeros((len(base[0]), 4), np.float32)
    found = score(past, near, parts, base, doors, desk, 10)
    np.testing.assert_allclose(found[:, 1], oracle.score(past, near, parts, base, doors, 10)[:, 1], rtol=1e-3)
