"""The compiled part of buy_again.py: the place of a bought item in the table, and its chance."""

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int32]
Longs: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
Bought: TypeAlias = tuple[Doubles, Doubles, Doubles, Ints]  # times, first_at, last_at, slot
Edges: TypeAlias = tuple[Doubles, Doubles, Doubles, float]


@njit(cache=True)
def _bin_of(value: float, edges: Doubles) -> int:
    found = 0
    while found < len(edges) and value >= edges[found]:
        found += 1
    return found


@njit(cache=True)
def cell(times: float, first: float, last: float, now: float, order_gap: float, edges: Edges) -> tuple[int, int, int]:
    """The place of one bought item in the table of buy_again.py; `edges` are those of its three axes."""
    gap = order_gap
    # A count in a float: more than once. Below that there is no gap of its own, and the person's has to do.
    if times > 1.5:
        # Not below half a day: what was bought twice in a morning would be long overdue in the evening.
        gap = max((last - first) / (times - 1), edges[3])
    rate = times / (1 + max(0.0, now - first) / order_gap)
    ratio = max(0.0, now - last) / gap
    return _bin_of(times, edges[0]), _bin_of(rate, edges[1]), _bin_of(ratio, edges[2])


@njit(cache=True)
def chances(bought: Bought, now: float, order_gap: float, edges: Edges, table: Floats, loyalty: Floats) -> Floats:
    """The table's chance of each bought item, times the item's loyalty where the model knows it."""
    times, first, last, slots = bought
    found = np.empty(len(times), np.float32)
    for b in range(len(times)):
        found[b] = table[cell(times[b], first[b], last[b], now, order_gap, edges)]
        if 0 <= slots[b] < len(loyalty):
            found[b] *= loyalty[slots[b]]
    return found


@njit(cache=True)
def cells(bought: Bought, now: float, order_gap: float, edges: Edges, across: int, deep: int) -> Longs:
    """The place of each bought item in the flattened table, whose last two axes are `across` and `deep` long."""
    found = np.empty(len(bought[0]), np.int64)
    for b in range(len(found)):
        i, j, k = cell(bought[0][b], bought[1][b], bought[2][b], now, order_gap, edges)
        found[b] = (i * across + j) * deep + k
    return found
