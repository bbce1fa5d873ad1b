"""Features: what stands in each column, and that a history asked alone gets the rows that it has in a batch."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.offer.hybrid.features import facts, features, names
from tailorbird.offer.hybrid.pool import Pool
from tailorbird.offer.retrievers.histories import Histories

HISTORIES = st.lists(st.lists(st.integers(0, 9), max_size=12), min_size=1, max_size=6)


def pool_for(asked, seed):
    """Some candidates for each history, with two scores that often tie."""
    chance = np.random.default_rng(seed)
    of = [np.flatnonzero(chance.random(asked.items) < 0.6) for _ in range(len(asked))]
    start = np.concatenate([[0], np.cumsum([len(items) for items in of])]).astype(np.int64)
    item = np.concatenate(of).astype(np.int32)
    scores = (chance.integers(0, 4, (2, len(item))) / 3).astype(np.float32)
    return Pool(start, item, scores, ("near", "new"))


def described(asked, pool):
    blend = pool.scores.mean(0)
    matrix = features(facts(asked), asked, pool, blend)
    return dict(zip(names(pool.retrievers), matrix.T, strict=True))


@settings(max_examples=100, deadline=None)
@given(HISTORIES, st.integers(0, 2**32 - 1))
def test_columns_hold_what_their_names_say(rows, seed):
    asked = Histories.of(rows, items=10)
    pool = pool_for(asked, seed)
    of = described(asked, pool)
    for m, (row, item) in enumerate(zip(pool.rows().tolist(), pool.item.tolist(), strict=True)):
        own, history = pool.scores[1, pool.start[row] : pool.start[row + 1]], rows[row]
        ago = [len(history) - 1 - h for h, seen in enumerate(history) if seen == item]
        expected = {
            "new": pool.scores[1, m],
            "new's place": np.log1p((own > pool.scores[1, m]).sum()),
            "item degree": np.log1p(sum(item in other for other in rows)),
            "ever": np.log1p(sum(other.count(item) for other in rows)),
            "person degree": np.log1p(len(set(history))),
            "length": np.log1p(len(history)),
            "in history": len(ago),
            "from the end": np.log1p(min(ago)) if ago else np.nan,
        }
        np.testing.assert_allclose([of[name][m] for name in expected], list(expected.values()), rtol=1e-6)


@settings(max_examples=50, deadline=None)
@given(HISTORIES, st.integers(0, 2**32 - 1))
def test_one_asked_alone_has_the_rows_of_the_batch(rows, seed):
    asked = Histories.of(rows, items=10)
    pool, known = pool_for(asked, seed), facts(asked)
    blend = pool.scores.mean(0)
    every = features(known, asked, pool, blend)
    for r in range(len(asked)):
        own = slice(pool.start[r], pool.start[r + 1])
        alone = features(known, asked.part(r, r + 1), pool.part(r, r + 1), blend[own])
        np.testing.assert_array_equal(alone, every[own])


def test_popular_now_is_what_was_met_last():
    old, new = 0, 1
    dated = Histories(np.array([0, 2]), np.array([old, new], np.int32), 3, at=np.array([0.5, 1.0], np.float32))
    ordered = Histories.of([[old, 2, 2, 2, 2, 2, new]], items=3)
    for known in (dated, ordered):
        now = facts(known).items[2]
        assert now[new] == 1 and now[old] < 0.5


def test_now_is_the_last_contact_that_is_known_not_the_end_of_the_log():
    whole = Histories(np.array([0, 3]), np.array([0, 1, 1], np.int32), 2, at=np.array([0.4, 0.6, 1.0], np.float32))
    cut = whole.chosen(np.array([True, True, False]))
    np.testing.assert_allclose(facts(cut).items[2], [0.5**4, 1], rtol=1e-5)


def test_a_catalogue_that_nobody_met_has_facts():
    assert not facts(Histories.of([[]], items=4)).items.any()


def test_columns_lie_in_memory_as_the_forest_reads_them():
    asked = Histories.of([[0, 1]], items=10)
    pool = pool_for(asked, 0)
    assert features(facts(asked), asked, pool, pool.scores[0]).T.flags.c_contiguous
