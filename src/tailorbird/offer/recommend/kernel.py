"""The compiled inner loops of serving. `oracle.py` says the same in plain numpy, and a test holds them equal.

Compiled code is kept beside this file (or in NUMBA_CACHE_DIR). The first call in a process loads it, and on a fresh
machine compiles it for some seconds: servers call `warm_up.warm_up` before they take requests.

Score of item j, with history h of model rows, and proposals p made elsewhere (again, category, segment):

    score(j) = sum_h (long_h + live_h / nearness(h, nearest)) * nearness(h, j)  +  sum_p value_p [row_p = j]  +  base(j)
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
Bought = tuple[Doubles, Doubles, Doubles, Ints]  # times, first_at, last_at, model row
Edges = tuple[Doubles, Doubles, Doubles, float]
Past = tuple[Ints, Floats, Floats]  # model rows of the history (-1: unknown), long and live worth
Near = tuple[Longs, Ints, Floats, Ints]  # start, neighbours, nearness of the model; shelf row of each model row
Parts = tuple[Ints, Floats, Ints]  # shelf rows, values and terms of what other scorers propose
Base = tuple[Floats, Ints]  # by shelf row; the rows that it proposes
Masks = tuple[Bools, Bools]  # open rows, allowed rows
Desk = tuple[Floats, Ints]  # sums and slots by shelf row: 0 and -1 before and after each call
Found = tuple[Ints, Floats, Floats, Ints, Floats]


@njit(cache=True)
def score(past: Past, near: Near, parts: Parts, base: Base, masks: Masks, desk: Desk, depth: int) -> Found:
    """The best `depth` open and allowed shelf rows, best first, ties by row, and the terms of their scores.

    Returns (rows, scores, terms, causes, shares): `terms[i, 0]` is the item-to-item sum, `terms[i, k]` the sum of the
    proposals for term k, the last column the base; `causes[i]` is the history position with the largest part in
    `terms[i, 0]` (-1 for none), and `shares[i]` that part.
    """
    touched = np.empty(_most(past, near) + len(parts[0]) + len(base[1]), np.int32)
    count = 0
    for h in range(len(past[0])):
        count = _spread(h, past, near, masks, desk, touched, count)
    count = _take_parts(parts, masks, desk, touched, count)
    for row in base[1]:
        if masks[0][row] and masks[1][row]:
            count = _touch(row, desk[1], touched, count)
    found = _explain(_best(touched[:count], desk[0], base[0], depth), past, near, parts, base[0], desk)
    for t in range(count):
        desk[0][touched[t]], desk[1][touched[t]] = 0, -1
    return found


@njit(cache=True)
def _most(past: Past, near: Near) -> int:
    """How many neighbours all of the history has."""
    total = 0
    for row in past[0]:
        if row >= 0:
            total += near[0][row + 1] - near[0][row]
    return total


@njit(cache=True)
def _touch(row: int, slots: Ints, touched: Ints, count: int) -> int:
    if slots[row] != -1:
        return count
    slots[row] = -2
    touched[count] = row
    return count + 1


@njit(cache=True)
def _factor(h: int, past: Past, near: Near) -> float:
    """What one history item multiplies its neighbours by: its long part, and its live part per nearest neighbour."""
    row = past[0][h]
    if row < 0 or near[0][row] == near[0][row + 1]:
        return 0.0
    return float(past[1][h] + past[2][h] / near[2][near[0][row]])


@njit(cache=True)
def _spread(h: int, past: Past, near: Near, masks: Masks, desk: Desk, touched: Ints, count: int) -> int:
    start, neighbours, nearness, to_shelf = near
    factor = _factor(h, past, near)
    if factor <= 0:
        return count
    for k in range(start[past[0][h]], start[past[0][h] + 1]):
        row = to_shelf[neighbours[k]]
        if row >= 0 and masks[0][row] and masks[1][row]:
            count = _touch(row, desk[1], touched, count)
            desk[0][row] += factor * nearness[k]
    return count


@njit(cache=True)
def _take_parts(parts: Parts, masks: Masks, desk: Desk, touched: Ints, count: int) -> int:
    rows, values, _ = parts
    for p in range(len(rows)):
        row = rows[p]
        if masks[0][row] and masks[1][row] and values[p] > 0:
            count = _touch(row, desk[1], touched, count)
            desk[0][row] += values[p]
    return count


@njit(cache=True)
def _before(one: int, other: int, sums: Floats, base: Floats) -> bool:
    """Whether row `one` stands before row `other`: higher score, then lower row."""
    a, b = sums[one] + base[one], sums[other] + base[other]
    return a > b or (a == b and one < other)


@njit(cache=True)
def _best(touched: Ints, sums: Floats, base: Floats, depth: int) -> Ints:
    """The first `depth` of the touched rows in order: a heap whose root is the last one kept, then sorted."""
    heap = touched[:depth].copy()
    for parent in range(len(heap) // 2 - 1, -1, -1):
        _sink(heap, parent, len(heap), sums, base)
    for t in range(len(heap), len(touched)):
        if len(heap) and _before(touched[t], heap[0], sums, base):
            heap[0] = touched[t]
            _sink(heap, 0, len(heap), sums, base)
    for last in range(len(heap) - 1, 0, -1):
        heap[0], heap[last] = heap[last], heap[0]
        _sink(heap, 0, last, sums, base)
    return heap


@njit(cache=True)
def _sink(heap: Ints, parent: int, size: int, sums: Floats, base: Floats) -> None:
    while True:
        child = 2 * parent + 1
        if child >= size:
            return
        if child + 1 < size and _before(heap[child], heap[child + 1], sums, base):
            child += 1
        if _before(heap[child], heap[parent], sums, base):
            return
        heap[parent], heap[child] = heap[child], heap[parent]
        parent = child


@njit(cache=True)
def _explain(best: Ints, past: Past, near: Near, parts: Parts, base: Floats, desk: Desk) -> Found:
    """Split the scores of the chosen rows into terms, by going over the history and the parts once more."""
    sums, slots = desk
    scores, terms = np.empty(len(best), np.float32), np.zeros((len(best), 5), np.float32)
    causes, shares = np.full(len(best), -1, np.int32), np.zeros(len(best), np.float32)
    for i in range(len(best)):
        slots[best[i]] = i
        scores[i] = sums[best[i]] + base[best[i]]
        terms[i, 4] = base[best[i]]
    for h in range(len(past[0])):
        _attribute(h, past, near, slots, terms, causes, shares)
    for p in range(len(parts[0])):
        slot = slots[parts[0][p]]
        if slot >= 0 and parts[1][p] > 0:
            terms[slot, parts[2][p]] += parts[1][p]
    return best, scores, terms, causes, shares


@njit(cache=True)
def _attribute(h: int, past: Past, near: Near, slots: Ints, terms: Floats, causes: Ints, shares: Floats) -> None:
    start, neighbours, nearness, to_shelf = near
    factor = _factor(h, past, near)
    if factor <= 0:
        return
    for k in range(start[past[0][h]], start[past[0][h] + 1]):
        row = to_shelf[neighbours[k]]
        if row >= 0 and slots[row] >= 0:
            part = factor * nearness[k]
            terms[slots[row], 0] += part
            if part > shares[slots[row]]:
                shares[slots[row]], causes[slots[row]] = part, h


@njit(cache=True)
def fade(at: Doubles, kind: Longs, now: float, worth: Doubles, half_life: float) -> Floats:
    """What each contact is worth now: its kind's worth, halved with every half-life of its age."""
    found = np.empty(len(at), np.float32)
    for t in range(len(at)):
        found[t] = worth[kind[t]] * 2.0 ** (-max(0.0, now - at[t]) / half_life)
    return found


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
    if times > 1.5:
        gap = max((last - first) / (times - 1), edges[3])
    rate = times / (1 + max(0.0, now - first) / order_gap)
    ratio = max(0.0, now - last) / gap
    return _bin_of(times, edges[0]), _bin_of(rate, edges[1]), _bin_of(ratio, edges[2])


@njit(cache=True)
def chances(bought: Bought, now: float, order_gap: float, edges: Edges, table: Floats, loyalty: Floats) -> Floats:
    """The table's chance of each bought item, times the item's loyalty where the model knows it."""
    times, first, last, rows = bought
    found = np.empty(len(times), np.float32)
    for b in range(len(times)):
        found[b] = table[cell(times[b], first[b], last[b], now, order_gap, edges)]
        if rows[b] >= 0:
            found[b] *= loyalty[rows[b]]
    return found


@njit(cache=True)
def cells(bought: Bought, now: float, order_gap: float, edges: Edges, across: int, deep: int) -> Longs:
    """The place of each bought item in the flattened table, whose last two axes are `across` and `deep` long."""
    found = np.empty(len(bought[0]), np.int64)
    for b in range(len(found)):
        i, j, k = cell(bought[0][b], bought[1][b], bought[2][b], now, order_gap, edges)
        found[b] = (i * across + j) * deep + k
    return found
