"""The compiled kernel answers what its plain form in numpy answers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.offer.recommend import oracle
from tailorbird.offer.recommend.kernel import score


def problem(seed):
    """A random shelf of up to 60 slots: history, neighbours, categories, parts, base, closed rows, a rule."""
    chance = np.random.default_rng(seed)
    n, extra = int(chance.integers(1, 40)), int(chance.integers(1, 20))
    slots = n + extra
    count = chance.integers(0, min(30, n + 1), n)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    neighbours = np.concatenate([np.empty(0), *(chance.permutation(n)[:c] for c in count)]).astype(np.int32)
    nearness = np.concatenate([np.empty(0), *(-np.sort(-chance.uniform(0.01, 1, c)) for c in count)]).astype(np.float32)
    near = (*(read_only(array) for array in (start, neighbours, nearness)), 0.4, 12)
    h = int(chance.integers(0, 30))
    past = chance.integers(-1, slots, h).astype(np.int32), chance.integers(0, 6, h).astype(np.int8), chance.random(h)
    fading = chance.random(6), np.where(chance.random(6) < 0.6, chance.random(6), 0), 0.5, 2.0, 0.02
    row_of = np.where(chance.random(slots) < 0.2, -1, chance.permutation(slots)).astype(np.int32)
    parts = tuple(part(chance, slots) for _ in range(3))
    base = chance.random(slots).astype(np.float32), chance.permutation(slots)[: slots // 3].astype(np.int32), 1.0
    allowed = chance.random(slots) < 0.7 if chance.random() < 0.5 else np.empty(0, np.bool_)
    doors = row_of, (row_of >= 0) & (chance.random(slots) < 0.8), allowed
    return past, fading, near, tops(chance, row_of), parts, base, doors


def part(chance, slots):
    p = int(chance.integers(0, 30))
    values = np.where(chance.random(p) < 0.2, 0, chance.random(p)).astype(np.float32)
    return chance.integers(-1, slots, p).astype(np.int32), values, chance.random()


def tops(chance, row_of):
    """Each shelf row has one of five categories; up to eight slots of each category are ranked in it."""
    category_of = chance.integers(0, 5, len(row_of)).astype(np.int32)
    best = np.full((5, 8), -1, np.int32)
    for category in range(5):
        own = np.flatnonzero((row_of >= 0) & (category_of[row_of] == category))
        ranked = chance.permutation(own)[: chance.integers(0, 9)]
        best[category, : len(ranked)] = ranked
    return category_of, best, np.exp2(-np.arange(8)).astype(np.float32)


def read_only(array):
    array.flags.writeable = False
    return array


def desks_for(given):
    return np.zeros(len(given[-1][0]), np.float32), np.zeros((len(given[3][1]), 3), np.float32)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 50), st.booleans())
def test_kernel_equals_its_plain_form(seed, depth, personal):
    given, question = problem(seed), (1.5, depth, 0.7, personal)
    desks = desks_for(given)
    who, what = score(question, *given, desks)
    expected_who, expected_what = oracle.score(question, *given)
    np.testing.assert_array_equal(who, expected_who)
    np.testing.assert_allclose(what, expected_what, rtol=2e-5, atol=1e-6)
    assert not desks[0].any() and not desks[1].any(), "the desks must be left clean for the next request"


def test_a_history_of_ten_thousand_contacts_is_taken_whole():
    past, *rest = given = problem(5)
    past = tuple(np.resize(column, 10_000) for column in past)
    question = (1.5, 10, 0.7, True)
    _, what = score(question, past, *rest, desks_for(given))
    np.testing.assert_allclose(what[0], oracle.score(question, past, *rest)[1][0], rtol=1e-3)


def test_what_is_too_small_for_float32_still_brings_its_item_once():
    past, (*_, rate, live_rate, floor), near, *rest = given = problem(5)
    tiny = np.full(6, 1e-20), np.zeros(6), rate, live_rate, floor
    near = (*near[:2], read_only(np.full(len(near[2]), 1e-30, np.float32)), *near[3:])
    who, _ = score((1.5, 60, 0.7, True), past, tiny, near, *rest, desks_for(given))
    expected, _ = oracle.score((1.5, 60, 0.7, True), past, tiny, near, *rest)
    assert sorted(who[0].tolist()) == sorted(expected[0].tolist())
    assert len(set(who[0].tolist())) == who.shape[1]


def test_of_parts_too_small_for_float32_each_item_comes_once():
    past, fading, near, ranked, _, *rest = problem(5)
    tiny = np.arange(len(rest[0][0]), dtype=np.int32), np.full(len(rest[0][0]), 1e-45, np.float32), 0.05
    given = (past[0][:0], past[1][:0], past[2][:0]), fading, near, ranked, (tiny, tiny, tiny), *rest
    who, _ = score((1.5, 60, 0.7, True), *given, desks_for(given))
    assert who.shape[1] and len(set(who[0].tolist())) == who.shape[1]
