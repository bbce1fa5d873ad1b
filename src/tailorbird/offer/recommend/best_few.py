"""The best few of the many slots that a request touches: the compiled part of `kernel.score` that chooses.

A heap of the best so far holds the same, but whether the next of 2,500 slots is among them nobody can guess: nor can
the processor, and each wrong guess costs it as much as twenty additions. So a bar is found first, by counting without
a branch, and what does not reach it is passed by; the heap is for the thirty that do (docs/why/046).
"""

import numpy as np
from numba import njit

from tailorbird.offer.recommend.kernel_words import Base, Doors, Floats, Ints, Longs
from tailorbird.offer.recommend.prefetch import prefetch

LAST_SLOT = 2**31 - 1
LANES, HALVINGS = 4, 12  # of `_bar`: lanes for each wanted slot; 12 halvings find a value to a 4,096th of the highest


@njit(cache=True)
def best_few(touched: Ints, base: Base, doors: Doors, desk: Floats, depth: int) -> tuple[Ints, Floats]:
    """The first `depth` of the touched slots that are open, in order, with their scores. Leaves the desk empty."""
    given = np.empty(len(touched), np.float32)
    for t in range(len(touched)):
        slot = np.uint64(touched[t])
        given[t] = desk[slot]
        desk[slot] = 0
    bar = _bar(given, depth)
    keys = _highest(touched, given, bar, base, doors, depth)
    # Those that are shut were counted for the bar, too: where too few others reach it, all are looked at.
    if bar > 0 and (len(keys) < depth or _score(keys[0]) < bar):
        keys = _highest(touched, given, np.float32(0), base, doors, depth)
    slots, totals = np.empty(len(keys), np.int32), np.empty(len(keys), np.float32)
    for last in range(len(keys) - 1, -1, -1):
        slots[last], totals[last] = LAST_SLOT - (keys[0] & LAST_SLOT), _score(keys[0])
        _sink(keys, last, keys[last])
    return slots, totals


@njit(cache=True)
def _bar(given: Floats, depth: int) -> np.float32:
    """Just below what at least `depth` of them have; 0 where no such value is found.

    Not by a heap of the best so far, which nobody can guess the next one to be among: all are dealt out to lanes, and
    of the largest of each lane it is counted how many reach a value. Neither has a branch, so that the processor does
    sixteen at once; as bits, because of numbers it must first ask whether they are any.
    """
    bits, largest = given.view(np.int32), np.zeros(LANES * depth, np.int32)
    most = np.int32(0)
    for first in range(0, len(bits) - len(largest) + 1, max(1, len(largest))):
        row = bits[first : first + len(largest)]  # a row of its own: a sum of indices would be looked at, each time
        for lane in range(len(largest)):
            largest[lane] = max(largest[lane], row[lane])
    for lane in range(len(largest)):
        most = max(most, largest[lane])
    low, high = np.float32(0), np.int32(most).view(np.float32)
    for _ in range(HALVINGS):
        middle = (low + high) * np.float32(0.5)
        edge, above = np.float32(middle).view(np.int32), 0
        for lane in range(len(largest)):
            above += largest[lane] >= edge
        if above >= depth:
            low = middle
        else:
            high = middle
    return low


@njit(cache=True)
def _highest(touched: Ints, given: Floats, bar: np.float32, base: Base, doors: Doors, depth: int) -> Longs:
    """The keys of the first `depth` open ones, as a heap whose root is the last of them. Base and doors are asked only
    of what could reach the bar even with the highest base, which few can: of each, both are lines of memory.
    """
    lift, highest = base[0], np.float32(base[2])
    row_of, is_open, allowed = doors
    some, count = np.empty(len(touched), np.int32), np.uint64(0)
    for t in range(len(touched)):
        some[count] = t  # kept or not, without a branch
        count += np.uint64(given[t] + highest >= bar)
    for n in range(count):
        prefetch(lift, touched[some[n]])
        prefetch(is_open, touched[some[n]])
    keys, size = np.empty(depth, np.int64), 0
    for n in range(count if depth > 0 else np.uint64(0)):
        slot = touched[some[n]]
        key = _key(given[some[n]] + lift[slot], slot)
        if (size == depth and key < keys[0]) or not is_open[slot] or (len(allowed) and not allowed[row_of[slot]]):
            continue
        if size < depth:
            _rise(keys, size, key)
            size += 1
        else:
            _sink(keys, size, key)
    return keys[:size]


@njit(cache=True)
def _key(total: np.float32, slot: int) -> np.int64:
    """A number that is larger for the higher score, and of equal scores for the lower slot. No score is negative: so
    their bits are in the order of the scores.
    """
    return (np.int64(np.float32(total).view(np.int32)) << 32) | np.int64(LAST_SLOT - slot)


@njit(cache=True)
def _score(key: np.int64) -> np.float32:
    """Of a slot's key."""
    return np.int32(key >> 32).view(np.float32)


@njit(cache=True)
def _rise(keys: Longs, place: int, key: np.int64) -> None:
    """Put a key into the heap, from its end up."""
    while place > 0 and keys[(place - 1) >> 1] > key:
        keys[place] = keys[(place - 1) >> 1]
        place = (place - 1) >> 1
    keys[place] = key


@njit(cache=True)
def _sink(keys: Longs, size: int, key: np.int64) -> None:
    """Put a key into the heap in place of its root, from there down."""
    place, child = 0, 1
    while child < size:
        child += child + 1 < size and keys[child + 1] < keys[child]
        if keys[child] >= key:
            break
        keys[place] = keys[child]
        place, child = child, 2 * child + 1
    keys[place] = key
