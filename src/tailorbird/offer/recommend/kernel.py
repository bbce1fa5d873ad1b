"""The compiled inner loops of serving. `oracle.py` says the same in plain numpy, and a test holds them equal.

Compiled code is kept beside this file (or in NUMBA_CACHE_DIR). The first call in a process loads it, and on a fresh
machine compiles it for some seconds: servers call `warm_up.warm_up` before they take requests.

Score of item j, with the history h, and proposals p made elsewhere (again, category, segment):

    score(j) = sum_h (long_h + live_h / max(near(h, nearest), typical)) * near(h, j)
             + sum_p value_p [slot_p = j]  +  base(j)
"""

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int32]
Longs: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Past: TypeAlias = tuple[Ints, Floats, Floats]  # slots of the history (-1: unknown), long and live worth
Near: TypeAlias = tuple[Longs, Ints, Floats, float]  # start, neighbours, nearness, and how near is typical
Parts: TypeAlias = tuple[Ints, Floats, Ints]  # slots, values and terms of what other scorers propose
Base: TypeAlias = tuple[Floats, Ints]  # by slot; the slots that it proposes
Doors: TypeAlias = tuple[Ints, Bools, Bools]  # shelf row of each slot; open slots; allowed shelf rows, empty for all
Bought: TypeAlias = tuple[Doubles, Doubles, Doubles, Ints]  # times, first_at, last_at, slot
Fading: TypeAlias = tuple[Doubles, float]  # worth of each kind of contact, half-life in ms
Edges: TypeAlias = tuple[Doubles, Doubles, Doubles, float]

# Columns of the desk, the working memory: one line of 16 bytes a slot, so that a touch costs one cache miss.
ITEM, REST, SHARE, CAUSE = 0, 1, 2, 3  # CAUSE: 0 clean, 1 touched, 2 + position in the history
LONG_DEPTH = 20  # neighbours that a contact of long ago speaks for; a live one speaks for all of its own
# Columns of what `score` finds: row, score, five terms, then the cause's part and position.
TERMS, FOUND_SHARE, FOUND_CAUSE, FOUND_WIDTH = 2, 7, 8, 9


@njit(cache=True)
def score(past: Past, near: Near, parts: Parts, base: Base, doors: Doors, desk: Floats, depth: int) -> Doubles:
    """The best `depth` open and allowed items, best first, ties by slot, a line each:

    shelf row, score, then its terms (item-to-item, again, category, segment, base), the largest part that one history
    item has in the first term, and that item's position (-1 for none). `desk` is all zero before and after.
    """
    touched = np.empty(_most(past, near) + len(parts[0]) + len(base[1]), np.int32)
    count = 0
    for h in range(len(past[0])):
        count = _spread(h, past, near, base[0], doors, desk, touched, count)
    for p in range(len(parts[0])):
        if _is_open(parts[0][p], doors) and parts[1][p] > 0:
            count = _touch(parts[0][p], base[0], desk, touched, count)
            desk[parts[0][p], REST] += parts[1][p]
    for slot in base[1]:
        if _is_open(slot, doors):
            count = _touch(slot, base[0], desk, touched, count)
    found = _found(_best(touched[:count], desk, depth), parts, base[0], doors[0], desk)
    for t in range(count):
        slot = touched[t]
        desk[slot, ITEM], desk[slot, REST], desk[slot, SHARE], desk[slot, CAUSE] = 0, 0, 0, 0
    return found


@njit(cache=True)
def _most(past: Past, near: Near) -> int:
    """How many neighbours all of the history has."""
    total = 0
    for slot in past[0]:
        if 0 <= slot < len(near[0]) - 1:
            total += near[0][slot + 1] - near[0][slot]
    return total


@njit(cache=True)
def _is_open(slot: int, doors: Doors) -> bool:
    return slot >= 0 and bool(doors[1][slot]) and (len(doors[2]) == 0 or bool(doors[2][doors[0][slot]]))


@njit(cache=True)
def _touch(slot: int, base: Floats, desk: Floats, touched: Ints, count: int) -> int:
    if desk[slot, CAUSE] != 0:
        return count
    desk[slot, CAUSE] = 1
    desk[slot, REST] = base[slot]
    touched[count] = slot
    return count + 1


@njit(cache=True)
def _spread(h: int, past: Past, near: Near, base: Floats, doors: Doors, desk: Floats, touched: Ints, count: int) -> int:
    """Add what one history item gives to its neighbours: its long worth, and its live worth in units of the nearest
    or, where that is weakly supported, of what is typical.
    """
    start, neighbours, nearness, typical = near
    origin = past[0][h]
    if origin < 0 or origin >= len(start) - 1 or start[origin] == start[origin + 1]:
        return count
    factor = past[1][h] + past[2][h] / max(nearness[start[origin]], typical)
    if factor <= 0:
        return count
    last = start[origin + 1] if past[2][h] > 0 else min(start[origin + 1], start[origin] + LONG_DEPTH)
    for k in range(start[origin], last):
        slot = neighbours[k]
        if _is_open(slot, doors):
            count = _touch(slot, base, desk, touched, count)
            part = factor * nearness[k]
            desk[slot, ITEM] += part
            if part > desk[slot, SHARE]:
                desk[slot, SHARE] = part
                desk[slot, CAUSE] = 2 + h
    return count


@njit(cache=True)
def _before(one: int, other: int, desk: Floats) -> bool:
    """Whether slot `one` stands before slot `other`: higher score, then lower slot."""
    a, b = desk[one, ITEM] + desk[one, REST], desk[other, ITEM] + desk[other, REST]
    return a > b or (a == b and one < other)


@njit(cache=True)
def _best(touched: Ints, desk: Floats, depth: int) -> Ints:
    """The first `depth` of the touched slots in order: a heap whose root is the last one kept, then sorted."""
    heap = touched[:depth].copy()
    for parent in range(len(heap) // 2 - 1, -1, -1):
        _sink(heap, parent, len(heap), desk)
    for t in range(len(heap), len(touched)):
        if len(heap) and _before(touched[t], heap[0], desk):
            heap[0] = touched[t]
            _sink(heap, 0, len(heap), desk)
    for last in range(len(heap) - 1, 0, -1):
        heap[0], heap[last] = heap[last], heap[0]
        _sink(heap, 0, last, desk)
    return heap


@njit(cache=True)
def _sink(heap: Ints, parent: int, size: int, desk: Floats) -> None:
    while True:
        child = 2 * parent + 1
        if child >= size:
            return
        if child + 1 < size and _before(heap[child], heap[child + 1], desk):
            child += 1
        if _before(heap[child], heap[parent], desk):
            return
        heap[parent], heap[child] = heap[child], heap[parent]
        parent = child


@njit(cache=True)
def _found(best: Ints, parts: Parts, base: Floats, row_of: Ints, desk: Floats) -> Doubles:
    """The lines of the chosen slots. Their place in the list stands on the desk while the parts are gone through."""
    found = np.zeros((len(best), FOUND_WIDTH))
    for i in range(len(best)):
        slot = best[i]
        found[i, 0], found[i, 1] = row_of[slot], desk[slot, ITEM] + desk[slot, REST]
        found[i, TERMS], found[i, TERMS + 4] = desk[slot, ITEM], base[slot]
        found[i, FOUND_SHARE], found[i, FOUND_CAUSE] = desk[slot, SHARE], max(desk[slot, CAUSE] - 2, -1)
        desk[slot, CAUSE] = -1 - i
    for p in range(len(parts[0])):
        place = desk[parts[0][p], CAUSE] if parts[0][p] >= 0 else 0
        if place < 0 and parts[1][p] > 0:
            found[int(-1 - place), TERMS + parts[2][p]] += parts[1][p]
    return found


@njit(cache=True)
def fade(at: Doubles, kind: Longs, now: float, long: Fading, live: Fading) -> tuple[Floats, Floats]:
    """(long, live) worth of each contact now: its kind's worth, halved with every half-life of its age."""
    found = np.empty((2, len(at)), np.float32)
    for t in range(len(at)):
        age = max(0.0, now - at[t])
        found[0, t] = long[0][kind[t]] * 2.0 ** (-age / long[1])
        found[1, t] = live[0][kind[t]] * 2.0 ** (-age / live[1])
    return found[0], found[1]


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
