"""Counting out the table of buy_again.py: of all items somebody had bought before, which did the next basket hold?"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.buy_again import EDGES
from tailorbird.offer.recommend.model import AGAIN_SHAPE, Values
from tailorbird.offer.recommend.person import bought_columns, order_gap_ms
from tailorbird.offer.recommend.replay import Case

CELL_PRIOR = 20.0  # observations that a cell needs before it is believed as much as its neighbours along `ratio`
ITEM_PRIOR = 4.0  # expected repeats that an item needs before its own loyalty is believed half
MOST_LOYAL = 3.0


def again_table(past: Sequence[Case], row: Mapping[str, int]) -> tuple[Values, Values]:
    """(chance of each cell, loyalty of each item) from past moments; zeros and ones where there is nothing to learn."""
    cells, items, hits = _observations(past, row)
    size = int(np.prod(AGAIN_SHAPE))
    seen = np.bincount(cells, minlength=size).reshape(AGAIN_SHAPE).astype(np.float64)
    hit = np.bincount(cells, weights=hits, minlength=size).reshape(AGAIN_SHAPE).astype(np.float64)
    table = (hit + CELL_PRIOR * _smooth(hit, seen)) / (seen + CELL_PRIOR)
    # What the table alone expects of an item: its loyalty is what it does beyond that.
    expected = np.bincount(items, weights=table.ravel()[cells], minlength=len(row))
    repeats = np.bincount(items, weights=hits, minlength=len(row))
    loyalty = np.minimum((repeats + ITEM_PRIOR) / (expected + ITEM_PRIOR), MOST_LOYAL)
    return table.astype(np.float32), loyalty.astype(np.float32)


def _smooth(hit: NDArray[np.float64], seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is believed of a cell without observations: the mean of its (times, rate) row, else of all."""
    overall = hit.sum() / max(seen.sum(), 1.0)
    # One observation at the overall chance, for rows in which nobody ever was.
    rows: NDArray[np.float64] = (hit.sum(2, keepdims=True) + overall) / (seen.sum(2, keepdims=True) + 1.0)
    return rows


def _observations(past: Sequence[Case], row: Mapping[str, int]) -> tuple[NDArray[np.int64], ...]:
    """For each (moment, item bought before): its cell, its model row, and whether the session held it."""
    found = [_of_case(case, row) for case in past if case.profile.bought]
    return (
        tuple(np.concatenate([np.empty(0, np.int64), *column]) for column in zip(*found, strict=True))
        or (np.empty(0, np.int64),) * 3
    )


def _of_case(case: Case, row: Mapping[str, int]) -> tuple[NDArray[np.int64], ...]:
    from tailorbird.offer.recommend.again_kernel import cells

    held = case.profile.bought
    rows = np.array([row[item_id] for item_id in held], np.int64)
    bought = (*bought_columns(held.values()), rows.astype(np.int32))
    found = cells(bought, float(case.now), order_gap_ms(case.profile), EDGES, *AGAIN_SHAPE[1:])
    return found, rows, np.array([item_id in case.targets for item_id in held], np.int64)
