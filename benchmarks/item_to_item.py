"""The item-to-item sum: 50 items of history x 200 neighbours each over 100,000 items, beside the same sum in numpy."""

from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.table import Row, row
from benchmarks.trees import least_us
from tailorbird.offer.recommend.kernel import FIRST_TERM, FOUND_CAUSE, ROW, score
from tailorbird.offer.recommend.kernel_words import Near

Found = tuple[np.ndarray, np.ndarray, np.ndarray]  # items, what they have from the term, the contact that gives most

ITEMS, NEIGHBOURS, HISTORY, DEPTH = 100_000, 200, 50, 12
HISTORIES = 40


def run() -> list[Row]:
    near, histories = neighbours(), [drawn(seed) for seed in range(HISTORIES)]
    ask = kernel(near)
    for history in histories:
        same(ask(history), by_numpy(near, history))
    # Turn by turn, and never the same history after each other: neither finds its neighbours in the near caches.
    turns = list(zip(histories, histories[HISTORIES // 2 :] + histories[: HISTORIES // 2], strict=True))
    took = [
        [(least_us(partial(ask, h), 1), least_us(partial(by_numpy, near, o), 1)) for h, o in turns] for _ in range(20)
    ]
    ours, theirs = np.min(took, axis=0).mean(axis=0)
    promise = f"item-to-item, {HISTORY} items of history x {NEIGHBOURS} neighbours, the best {DEPTH} with their causes"
    return [row(promise, float(ours), "us", "<= 0.2 of numpy", bool(ours <= 0.2 * theirs), float(theirs))]


def drawn(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).choice(ITEMS, HISTORY, replace=False).astype(np.int32)


def neighbours() -> Near:
    """200 different ones for each item, the nearest first; popular items are neighbours more often."""
    chance = np.random.default_rng(0)
    steps = np.sort(chance.zipf(1.2, (ITEMS, NEIGHBOURS)) % (ITEMS // NEIGHBOURS), axis=1)
    column = (chance.integers(0, ITEMS // 4, (ITEMS, 1)) + np.cumsum(1 + steps, axis=1)) % ITEMS
    nearness = -np.sort(-chance.random((ITEMS, NEIGHBOURS), np.float32), axis=1)
    start = np.arange(0, ITEMS * NEIGHBOURS + 1, NEIGHBOURS)
    return start, chance.permuted(column, axis=1).astype(np.int32).ravel(), nearness.ravel(), 0.5, NEIGHBOURS


def kernel(near: Near) -> Callable[[np.ndarray], Found]:
    """`kernel.score` with live contacts of one kind, and nothing but the item-to-item term."""
    nothing, none = np.empty(0, np.int32), np.empty(0, np.float32)
    kinds, times, live = np.zeros(HISTORY, np.int8), np.zeros(HISTORY), (np.ones(1), np.ones(1), 1e-9, 1e-9, 0.02)
    tops = np.zeros(ITEMS, np.int32), np.full((1, 1), -1, np.int32), np.ones(1, np.float32)
    parts = ((nothing, none, 0.0),) * 3
    base = np.zeros(ITEMS, np.float32), nothing, 0.0
    doors = np.arange(ITEMS, dtype=np.int32), np.ones(ITEMS, np.bool_), np.empty(0, np.bool_)
    desks = np.zeros(ITEMS, np.float32), np.zeros((1, 3), np.float32)

    def ask(history: np.ndarray) -> Found:
        found = score((0.0, DEPTH, 0.0, True), (history, kinds, times), live, near, tops, parts, base, doors, desks)
        return found[0][ROW], found[1][FIRST_TERM], found[0][FOUND_CAUSE]

    return ask


def by_numpy(near: Near, history: np.ndarray) -> Found:
    """The same work: fade, gather, multiply, add up, take the best of what was met (a tenth of the time of a partition
    of all items), and of each of them the contact with the largest part.
    """
    start, column, nearness, typical, _ = near
    worth = np.exp(-1e-9 * np.zeros(HISTORY))
    places = start[history][:, None] + np.arange(NEIGHBOURS)
    factor = worth + worth / np.maximum(nearness[start[history]], typical)
    items, parts = column[places].ravel(), (factor[:, None] * nearness[places]).ravel()
    totals = np.bincount(items, parts, ITEMS)
    met = np.flatnonzero(totals > 0)  # of bools: of doubles it takes longer than all the rest
    some = met[np.argpartition(-totals[met], DEPTH)[:DEPTH]]
    best = some[np.argsort(-totals[some])]
    given = [np.flatnonzero(items == item) for item in best]
    return best, totals[best], np.array([where[parts[where].argmax()] // NEIGHBOURS for where in given])


def same(ours: Found, theirs: Found) -> None:
    np.testing.assert_array_equal(ours[2], theirs[2])
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-4)
