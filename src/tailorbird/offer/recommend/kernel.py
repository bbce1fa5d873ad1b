"""The compiled inner loops of serving. `oracle.py` says the same in plain numpy, and a test holds them equal.

Compiled code is kept beside this file (or in NUMBA_CACHE_DIR). The first call in a process loads it, and on a fresh
machine compiles it for some seconds: servers call `warm_up.warm_up` before they take requests. All that `score` calls
stands in this one file, because numba looks only at the time of the file itself to see whether its cache is old.

Score of item j, with the history h, what else is proposed p (again, segments, the page's category), and live
categories c, in each of which j has a rank:

    score(j) = sum_h (long_h + live_h / max(near(h, nearest), typical)) * near(h, j)
             + sum_p value_p [slot_p = j]  +  sum_{h in c(j), live} live_h * worth * value(rank(j))  +  base(j)
"""

from math import exp
from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Kinds: TypeAlias = NDArray[np.int8]
Ints: TypeAlias = NDArray[np.int32]
Longs: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Question: TypeAlias = tuple[float, int, float, bool]  # now in ms, lines wanted, worth of a category, is it personal
Past: TypeAlias = tuple[Ints, Kinds, Doubles]  # slots of the history (-1: unknown), kinds, times in ms
Fading: TypeAlias = tuple[
    Doubles, Doubles, float, float, float
]  # long and live worth by kind, rates per ms, live floor
Near: TypeAlias = tuple[Longs, Ints, Floats, float]  # start, neighbours, nearness, and how near is typical
Tops: TypeAlias = tuple[Ints, Ints, Floats]  # category of each shelf row; each one's best slots, -1 behind; rank values
Part: TypeAlias = tuple[Ints, Floats, float]  # slots (-1: unknown), values, and what these are multiplied by
Parts: TypeAlias = tuple[Part, Part, Part]  # of the terms PART_TERMS
Base: TypeAlias = tuple[Floats, Ints]  # by slot; the slots that it proposes
Doors: TypeAlias = tuple[Ints, Bools, Bools]  # shelf row of each slot; open slots; allowed shelf rows, empty for all
Desks: TypeAlias = tuple[Floats, Floats]  # working memory by slot and by category; all zero before and after
Found: TypeAlias = tuple[Ints, Floats]  # see the columns below

# Columns of the desk of slots: one line of 16 bytes, so that a touch costs one cache miss.
ITEM, REST, SHARE, CAUSE = 0, 1, 2, 3  # CAUSE: 0 clean, 1 touched, 2 + position in the history
TOTAL, LOUDEST, SPEAKER = 0, 1, 2  # of the desk of categories: summed live worth, the largest one, whose it is
LONG_DEPTH = 20  # neighbours that a contact of long ago speaks for; a live one speaks for all of its own
LEAST = 1e-30  # a factor below it says nothing, and its products would be lost in float32
TERMS = 5  # item-to-item, again, category, segment, base
PART_TERMS = (1, 3, 2)
SMALLEST_SHARE = 0.1  # a term below this share of the score is not worth a sentence
# Lines of what `score` finds, a column for each item.
ROW, PERSONAL, FIRST, SECOND, FOUND_CAUSE, FOUND_SPEAKER = range(6)
SCORE, FIRST_TERM, FOUND_SHARE = 0, 1, 6


@njit(cache=True)
def score(
    question: Question, past: Past, fading: Fading, near: Near, tops: Tops, parts: Parts, base: Base, doors: Doors,
    desks: Desks,
) -> Found:  # fmt: skip
    """The best open and allowed items, best first, ties by slot: a column each in two arrays.

    shelf row, whether the person had a part in it, its largest and second largest term (-1: too small to name),
    the contact with the largest part in the first term, and the loudest one of its category (-1 for none);
    score, its five terms, and that contact's part.
    """
    now, depth, worth, personal = question
    desk, talk = desks
    long, live = fade(past[2], past[1], now, fading)
    touched = np.empty(_most(past[0], near, tops, parts, base), np.int32)
    count = 0
    for h in range(len(live)):
        count = _spread(h, past[0][h], long[h], live[h], near, desk, touched, count)
    _listen(past[0], live, fading[4], tops[0], doors[0], talk)
    for c in _speaking(past[0], tops[0], doors[0], talk):
        count = _add(tops[1][c], tops[2], worth * talk[c, TOTAL], desk, touched, count)
    for slots, values, factor in parts:
        count = _add(slots, values, factor, desk, touched, count)
    for slot in base[1]:
        count = _touch(slot, desk, touched, count)
    best = _best(touched[:count], base[0], doors, desk, depth)
    found = _found(best, worth, personal, tops, parts, base[0], doors[0], desks)
    _clean(touched[:count], past[0], tops[0], doors[0], desks)
    return found


@njit(cache=True)
def fade(at: Doubles, kind: Kinds, now: float, fading: Fading) -> tuple[Floats, Floats]:
    """(long, live) worth of each contact now: its kind's worth, halved with every half-life of its age."""
    long_worth, live_worth, long_rate, live_rate, _ = fading
    long, live = np.empty(len(at), np.float32), np.empty(len(at), np.float32)
    for t in range(len(at)):
        age = max(0.0, now - at[t])
        long[t] = long_worth[kind[t]] * exp(-age * long_rate)
        live[t] = live_worth[kind[t]] * exp(-age * live_rate)
    return long, live


@njit(cache=True)
def _most(slots: Ints, near: Near, tops: Tops, parts: Parts, base: Base) -> int:
    """No more slots than this can be touched."""
    total = len(base[1]) + len(slots) * len(tops[2])
    for slot in slots:
        if 0 <= slot < len(near[0]) - 1:
            total += near[0][slot + 1] - near[0][slot]
    for part in parts:
        total += len(part[0])
    return total + 1  # `_spread` writes one place ahead


@njit(cache=True)
def _touch(slot: int, desk: Floats, touched: Ints, count: int) -> int:
    if desk[slot, CAUSE] != 0:
        return count
    desk[slot, CAUSE] = 1
    touched[count] = slot
    return count + 1


@njit(cache=True)
def _add(slots: Ints, values: Floats, factor: float, desk: Floats, touched: Ints, count: int) -> int:
    """Add `factor` times the values to their slots. Arrays come out of their tuples before any loop, here as elsewhere:
    in it, each access would count references.
    """
    for p in range(len(slots)):
        slot, value = slots[p], values[p] * factor
        if slot >= 0 and value > 0:
            count = _touch(slot, desk, touched, count)
            desk[slot, REST] += value
    return count


@njit(cache=True)
def _spread(
    h: int, origin: int, long: float, live: float, near: Near, desk: Floats, touched: Ints, count: int
) -> int:  # fmt: skip
    """Add what one contact gives to its item's neighbours: its long worth, and its live worth in units of the nearest
    or, where that is weakly supported, of what is typical.
    """
    start, neighbours, nearness, typical = near
    if origin < 0 or origin >= len(start) - 1 or start[origin] == start[origin + 1]:
        return count
    factor = long + live / max(nearness[start[origin]], typical)
    if factor < LEAST:
        return count
    last = start[origin + 1] if live > 0 else min(start[origin + 1], start[origin] + LONG_DEPTH)
    # Unsigned, here and in `_clean`: a signed index is looked at for being negative, each time.
    for k in range(np.uint64(start[origin]), np.uint64(last)):
        slot = np.uint64(neighbours[k])
        part = factor * nearness[k]
        # Whether it is new here nobody can guess, nor can the processor: so no branch, but a place that is kept or not.
        touched[np.uint64(count)] = neighbours[k]
        count += desk[slot, CAUSE] == 0
        desk[slot, ITEM] += part
        larger = part > desk[slot, SHARE]
        desk[slot, CAUSE] = 2 + h if larger else desk[slot, CAUSE]
        desk[slot, SHARE] = part if larger else desk[slot, SHARE]
    return count


@njit(cache=True)
def _category_of(slot: int, category_of: Ints, row_of: Ints) -> int:
    """Of a slot's item; -1 for what is not on the shelf."""
    return category_of[row_of[slot]] if slot >= 0 and row_of[slot] >= 0 else -1


@njit(cache=True)
def _listen(slots: Ints, live: Floats, floor: float, category_of: Ints, row_of: Ints, talk: Floats) -> None:
    """Write down how loud each live category is, and its loudest contact, the later of equals."""
    for h in range(len(slots)):
        c = _category_of(slots[h], category_of, row_of)
        if c >= 0 and live[h] > floor:
            talk[c, TOTAL] += live[h]
            if live[h] >= talk[c, LOUDEST]:
                talk[c, LOUDEST], talk[c, SPEAKER] = live[h], h


@njit(cache=True)
def _speaking(slots: Ints, category_of: Ints, row_of: Ints, talk: Floats) -> Ints:
    """The live categories, each once."""
    found = np.empty(len(slots), np.int32)
    count = 0
    for h in range(len(slots)):
        c = _category_of(slots[h], category_of, row_of)
        if c >= 0 and talk[c, TOTAL] > 0 and talk[c, SPEAKER] == h:
            found[count] = c
            count += 1
    return found[:count]


@njit(cache=True)
def _is_open(slot: int, doors: Doors) -> bool:
    return bool(doors[1][slot]) and (len(doors[2]) == 0 or bool(doors[2][doors[0][slot]]))


@njit(cache=True)
def _best(touched: Ints, base: Floats, doors: Doors, desk: Floats, depth: int) -> Ints:
    """The first `depth` of the touched slots that are open, in order: a heap whose root is the last one kept, then
    sorted. Doors are asked only of what is good enough, which few are.
    """
    slots, totals = np.empty(depth, np.int32), np.empty(depth, np.float32)
    size = 0
    for slot in touched if depth > 0 else touched[:0]:
        total = desk[slot, ITEM] + desk[slot, REST] + base[slot]
        if (size == depth and not _before(total, slot, totals[0], slots[0])) or not _is_open(slot, doors):
            continue
        if size < depth:
            size += 1
            _rise(slots, totals, size - 1, slot, total)
        else:
            _sink(slots, totals, size, slot, total)
    ordered = np.empty(size, np.int32)
    for last in range(size - 1, -1, -1):
        ordered[last] = slots[0]
        _sink(slots, totals, last, slots[last], totals[last])
    return ordered


@njit(cache=True)
def _before(total: float, slot: int, other_total: float, other: int) -> bool:
    """Whether a slot stands before another one: higher score, then lower slot."""
    return total > other_total or (total == other_total and slot < other)


@njit(cache=True)
def _rise(slots: Ints, totals: Floats, place: int, slot: int, total: float) -> None:
    """Put a slot into the heap, from its end up."""
    while place > 0:
        parent = (place - 1) // 2
        if not _before(totals[parent], slots[parent], total, slot):
            break
        slots[place], totals[place] = slots[parent], totals[parent]
        place = parent
    slots[place], totals[place] = slot, total


@njit(cache=True)
def _sink(slots: Ints, totals: Floats, size: int, slot: int, total: float) -> None:
    """Put a slot into the heap in place of its root, from there down."""
    place = 0
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and _before(totals[child], slots[child], totals[child + 1], slots[child + 1]):
            child += 1
        if _before(totals[child], slots[child], total, slot):
            break
        slots[place], totals[place] = slots[child], totals[child]
        place = child
    slots[place], totals[place] = slot, total


@njit(cache=True)
def _found(
    best: Ints, worth: float, personal: bool, tops: Tops, parts: Parts, base: Floats, row_of: Ints, desks: Desks
) -> Found:  # fmt: skip
    """The columns of the chosen slots. Their place in the list stands on the desk while the parts are gone through."""
    desk, talk = desks
    who, what = np.empty((6, len(best)), np.int32), np.zeros((7, len(best)), np.float32)
    for i in range(len(best)):
        slot = best[i]
        c = tops[0][row_of[slot]]
        who[ROW, i], who[FOUND_CAUSE, i] = row_of[slot], max(desk[slot, CAUSE] - 2, -1)
        who[FOUND_SPEAKER, i] = talk[c, SPEAKER] if talk[c, TOTAL] > 0 else -1
        what[SCORE, i], what[FOUND_SHARE, i] = desk[slot, ITEM] + desk[slot, REST] + base[slot], desk[slot, SHARE]
        what[FIRST_TERM, i], what[FIRST_TERM + 4, i] = desk[slot, ITEM], base[slot]
        what[FIRST_TERM + 2, i] = worth * talk[c, TOTAL] * _rank_value(slot, tops[1][c], tops[2])
        desk[slot, CAUSE] = -1 - i
    for p in range(len(parts)):
        _itemise(parts[p], what[FIRST_TERM + PART_TERMS[p]], desk)
    for i in range(len(best)):
        who[PERSONAL, i] = personal and what[SCORE, i] > base[best[i]]
        who[FIRST, i], who[SECOND, i] = _loudest(what[FIRST_TERM : FIRST_TERM + TERMS, i], what[SCORE, i])
    return who, what


@njit(cache=True)
def _rank_value(slot: int, best: Ints, values: Floats) -> float:
    """What a slot has from its place in its category; 0 behind the ranked ones."""
    for rank in range(len(best)):
        if best[rank] == slot:
            return float(values[rank])
    return 0.0


@njit(cache=True)
def _itemise(part: Part, column: Floats, desk: Floats) -> None:
    """Add the values of one part to those of the chosen items that it proposed."""
    slots, values, factor = part
    for p in range(len(slots)):
        place = desk[slots[p], CAUSE] if slots[p] >= 0 else 0
        if place < 0 and values[p] * factor > 0:
            column[int(-1 - place)] += values[p] * factor


@njit(cache=True)
def _loudest(terms: Floats, total: float) -> tuple[int, int]:
    """The largest term, and the second largest where it is worth a sentence."""
    first = int(np.argmax(terms))
    second = 1 if first == 0 else 0
    for term in range(TERMS):
        if term != first and terms[term] > terms[second]:
            second = term
    return first, second if terms[second] > SMALLEST_SHARE * total else -1


@njit(cache=True)
def _clean(touched: Ints, slots: Ints, category_of: Ints, row_of: Ints, desks: Desks) -> None:
    desk, talk = desks
    for touch in touched:
        slot = np.uint64(touch)
        desk[slot, ITEM], desk[slot, REST], desk[slot, SHARE], desk[slot, CAUSE] = 0, 0, 0, 0
    for slot in slots:
        c = _category_of(slot, category_of, row_of)
        if c >= 0:
            talk[c, TOTAL], talk[c, LOUDEST], talk[c, SPEAKER] = 0, 0, 0
