"""The compiled inner loops of serving. `oracle.py` says the same in plain numpy, and a test holds them equal.

Compiled code is kept beside this file (or in NUMBA_CACHE_DIR). The first call in a process loads it, and on a fresh
machine compiles it for some seconds: servers call `warm_up.warm_up` before they take requests. All that `score` calls
stands in this one file (but for prefetch.py, which has no reason to change), because numba looks only at the time of
the file itself to see whether its cache is old.

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

from tailorbird.offer.recommend.prefetch import prefetch

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
Near: TypeAlias = tuple[
    Longs, Ints, Floats, float, int
]  # start, neighbours, nearness, how near is typical, and how many neighbours a contact of long ago speaks for
Tops: TypeAlias = tuple[Ints, Ints, Floats]  # category of each shelf row; each one's best slots, -1 behind; rank values
Part: TypeAlias = tuple[Ints, Floats, float]  # slots (-1: unknown), values, and what these are multiplied by
Parts: TypeAlias = tuple[Part, Part, Part]  # of the terms PART_TERMS
Base: TypeAlias = tuple[Floats, Ints, float]  # by slot; the slots that it proposes, each once; none is above this
Doors: TypeAlias = tuple[Ints, Bools, Bools]  # shelf row of each slot; open slots; allowed shelf rows, empty for all
Desks: TypeAlias = tuple[Floats, Floats]  # working memory by slot and by category; all zero before and after
Found: TypeAlias = tuple[Ints, Floats]  # see the columns below

# The desk of slots has one number for each, so that 100,000 fit into the processor's second cache: what the slot
# was given so far, 0 while it is untouched; later, for the chosen few, -1 - its place in the list. Only of these it is
# asked who gave what: to write the largest giver beside each of 10,000 would take longer than to go through them again.
TOTAL, LOUDEST, SPEAKER = 0, 1, 2  # of the desk of categories: summed live worth, the largest one, whose it is
LEAST = 1e-30  # a factor below it says nothing
TRACE = np.float32(1.2e-38)  # what every touch leaves on the desk, however small the product in float32
LAST_SLOT = 2**31 - 1
LINE = 16  # neighbours in one line of the caches, 64 bytes
TERMS = 5  # item-to-item, again, category, segment, base
PART_TERMS = (1, 3, 2)
SMALLEST_SHARE = 0.1  # a term below this share of the score is not worth a sentence
# Lines of what `score` finds, a column for each item.
ROW, PERSONAL, FIRST, SECOND, FOUND_CAUSE, FOUND_SPEAKER, TELLS, ALSO = range(8)
SCORE, FIRST_TERM, FOUND_SHARE, TELLS_OF, ALSO_OF = 0, 1, 6, 7, 8


@njit(cache=True)
def score(
    question: Question, past: Past, fading: Fading, near: Near, tops: Tops, parts: Parts, base: Base, doors: Doors,
    desks: Desks,
) -> Found:  # fmt: skip
    """The best open and allowed items, best first, ties by slot: a column each in two arrays.

    shelf row, whether the person had a part in it, its largest and second largest term (-1: too small to name),
    the contact with the largest part in the first term, and the loudest one of its category (-1 for none), the contact
    that the largest term is told by (-1: by none), and that of the second one (-1: by none, -2: nothing to tell);
    score, its five terms, that contact's part, and what the two terms tell of.
    """
    now, depth, worth, personal = question
    desk, talk = desks
    start, row_of = near[0], doors[0]
    # On its way before the first is read: a decision is bound by cache misses and not by arithmetic (docs/why/044).
    for slot in past[0]:
        prefetch(start, slot)
        prefetch(row_of, slot)
    long, live = fade(past[2], past[1], now, fading)
    firsts, lasts, factors = _reach(past[0], long, live, near)
    touched = np.empty((lasts - firsts).sum() + _most(live, tops, parts, base), np.int32)
    count = 0
    for h in range(len(live)):
        count = _spread(firsts[h], lasts[h], factors[h], near, desk, touched, count)
    _listen(past[0], live, fading[4], tops[0], doors[0], talk)
    for c in _speaking(past[0], tops[0], doors[0], talk):
        count = _add(tops[1][c], tops[2], worth * talk[c, TOTAL], desk, touched, count)
    for slots, values, factor in parts:
        count = _add(slots, values, factor, desk, touched, count)
    for slot in base[1]:
        touched[count] = slot
        count += desk[slot] == 0
    # Who gave most is asked of these few alone, by a second walk over the same neighbours.
    best, scores = _best(touched[:count], base, doors, desk, depth)
    found = _found(best, scores, worth, tops, parts, base[0], doors[0], desks)
    for h in range(len(live)):
        _ascribe(h, firsts[h], lasts[h], factors[h], near, desk, found)
    _name(found, personal)
    _clean(best, past[0], tops[0], doors[0], desks)
    return found


@njit(cache=True)
def fade(at: Doubles, kind: Kinds, now: float, fading: Fading) -> tuple[Floats, Floats]:
    """(long, live) worth of each contact now: its kind's worth, halved with every half-life of its age."""
    long_worth, live_worth, long_rate, live_rate, _ = fading
    long, live = np.empty(len(at), np.float32), np.empty(len(at), np.float32)
    for t in range(len(at)):
        # A contact that another clock stamped ahead of ours is of this moment, and worth no more.
        age = max(0.0, now - at[t])
        long[t] = long_worth[kind[t]] * exp(-age * long_rate)
        live[t] = live_worth[kind[t]] * exp(-age * live_rate)
    return long, live


@njit(cache=True)
def _most(live: Floats, tops: Tops, parts: Parts, base: Base) -> int:
    """No more slots than this can be touched by all but the neighbours."""
    total = len(live) * len(tops[2]) + len(base[1])
    for part in parts:
        total += len(part[0])
    return total + 1  # a place ahead is written before it is known to be needed


@njit(cache=True)
def _add(slots: Ints, values: Floats, factor: float, desk: Floats, touched: Ints, count: int) -> int:
    """Add `factor` times the values to their slots. Arrays come out of their tuples before any loop, here as elsewhere:
    in it, each access would count references.
    """
    for p in range(len(slots)):
        slot, value = slots[p], values[p] * factor
        if slot >= 0 and value > 0:
            touched[count] = slot
            count += desk[slot] == 0
            # A product that float32 rounds to 0 would leave the slot untouched, and its item could be listed twice.
            desk[slot] += max(value, TRACE)
    return count


@njit(cache=True)
def _reach(slots: Ints, long: Floats, live: Floats, near: Near) -> tuple[Longs, Longs, Floats]:
    """Of each contact: where the neighbours begin and end that it speaks for, and what their nearness counts. That is
    its long worth, and its live worth in units of the nearest or, where that is weakly supported, of what is typical.

    First for all: the memory of each one's neighbours is on its way while the next one's is asked for.
    """
    start, neighbours, nearness, typical, depth = near
    firsts, lasts = np.zeros(len(slots), np.int64), np.zeros(len(slots), np.int64)
    factors = np.zeros(len(slots), np.float32)
    for h in range(len(slots)):
        origin = slots[h]
        if origin < 0 or origin >= len(start) - 1 or start[origin] == start[origin + 1]:
            continue
        first, last = start[origin], start[origin + 1]
        # Where even the nearest is far (an item sold once), its neighbours get as much less (docs/why/042).
        factor = long[h] + live[h] / max(nearness[first], typical)
        if factor >= LEAST:
            firsts[h], factors[h] = first, factor
            lasts[h] = last if live[h] > 0 else min(last, first + depth)
            for k in range(first, lasts[h], LINE):
                prefetch(neighbours, k)
                prefetch(nearness, k)
    return firsts, lasts, factors


@njit(cache=True)
def _spread(first: int, last: int, factor: float, near: Near, desk: Floats, touched: Ints, count: int) -> int:
    """Add what one contact gives to its item's neighbours."""
    neighbours, nearness = near[1], near[2]
    # Unsigned, here and in `_ascribe`: a signed index is looked at for being negative, each time.
    for k in range(np.uint64(first), np.uint64(last)):
        slot = np.uint64(neighbours[k])
        # Whether it is new here nobody can guess, nor can the processor: so no branch, but a place that is kept or not.
        touched[np.uint64(count)] = neighbours[k]
        count += desk[slot] == 0
        desk[slot] += max(factor * nearness[k], TRACE)
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
        # By its loudest contact alone, so that a category speaks once however often it was met.
        if c >= 0 and talk[c, TOTAL] > 0 and talk[c, SPEAKER] == h:
            found[count] = c
            count += 1
    return found[:count]


@njit(cache=True)
def _is_open(slot: int, doors: Doors) -> bool:
    return bool(doors[1][slot]) and (len(doors[2]) == 0 or bool(doors[2][doors[0][slot]]))


@njit(cache=True)
def _best(touched: Ints, base: Base, doors: Doors, desk: Floats, depth: int) -> tuple[Ints, Floats]:
    """The first `depth` of the touched slots that are open, in order, with their scores: a heap whose root is the last
    one kept, then sorted. Doors are asked only of what is good enough, which few are. Leaves the desk empty.
    """
    lift, highest = base[0], np.float32(base[2])
    keys = np.empty(depth, np.int64)
    # A heap of the best few instead of a sort of some thousand: most slots fail at the bar, by one comparison.
    size, bar = 0, np.float32(0 if depth > 0 else np.inf)  # the bar is the score of the last one kept
    for touch in touched:
        slot = np.uint64(touch)
        given = desk[slot]
        desk[slot] = 0
        if given + highest < bar:  # as most are: the base of each would be another line of memory
            continue
        key = _key(given + lift[slot], touch)
        if (size == depth and key < keys[0]) or not _is_open(touch, doors):
            continue
        if size < depth:
            _rise(keys, size, key)
            size += 1
        else:
            _sink(keys, size, key)
        bar = _score(keys[0]) if size == depth else bar
    slots, totals = np.empty(size, np.int32), np.empty(size, np.float32)
    for last in range(size - 1, -1, -1):
        slots[last], totals[last] = LAST_SLOT - (keys[0] & LAST_SLOT), _score(keys[0])
        _sink(keys, last, keys[last])
    return slots, totals


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


@njit(cache=True)
def _found(
    best: Ints, scores: Floats, worth: float, tops: Tops, parts: Parts, base: Floats, row_of: Ints, desks: Desks
) -> Found:  # fmt: skip
    """The columns of the chosen slots, but for the item-to-item term. From now on their places stand on the desk."""
    desk, talk = desks
    who, what = np.empty((8, len(best)), np.int32), np.zeros((9, len(best)), np.float32)
    for i in range(len(best)):
        slot = best[i]
        c = tops[0][row_of[slot]]
        who[ROW, i], who[FOUND_CAUSE, i] = row_of[slot], -1
        who[FOUND_SPEAKER, i] = talk[c, SPEAKER] if talk[c, TOTAL] > 0 else -1
        what[SCORE, i], what[FIRST_TERM + 4, i] = scores[i], base[slot]
        what[FIRST_TERM + 2, i] = worth * talk[c, TOTAL] * _rank_value(slot, tops[1][c], tops[2])
        desk[slot] = -1 - i
    for p in range(len(parts)):
        _itemise(parts[p], what[FIRST_TERM + PART_TERMS[p]], desk)
    return who, what


@njit(cache=True)
def _ascribe(h: int, first: int, last: int, factor: float, near: Near, desk: Floats, found: Found) -> None:
    """Add what one contact gave to those of its item's neighbours that were chosen; the first of the largest is the
    cause.
    """
    neighbours, nearness = near[1], near[2]
    causes, terms, shares = found[0][FOUND_CAUSE], found[1][FIRST_TERM], found[1][FOUND_SHARE]
    for k in range(np.uint64(first), np.uint64(last)):
        place = desk[np.uint64(neighbours[k])]
        if place < 0:
            i, part = int(-1 - place), factor * nearness[k]
            terms[i] += part
            if part > shares[i]:
                shares[i], causes[i] = part, h


@njit(cache=True)
def _name(found: Found, personal: bool) -> None:
    """Which terms are the largest, and whether the person had a part in the score."""
    who, what = found
    terms = what[FIRST_TERM : FIRST_TERM + TERMS]
    for i in range(who.shape[1]):
        who[PERSONAL, i] = personal and what[SCORE, i] > what[FIRST_TERM + 4, i]
        first, second = _loudest(terms, i, what[SCORE, i])
        who[FIRST, i], who[SECOND, i] = first, second
        who[TELLS, i], what[TELLS_OF, i] = _told_by(first, i, found)
        who[ALSO, i], what[ALSO_OF, i] = _told_by(second, i, found)
        # Two terms of one contact, which counts for its neighbours and for its category, are told once.
        if second < 0 or (first + second == 2 and who[FOUND_CAUSE, i] == who[FOUND_SPEAKER, i]):
            who[ALSO, i] = -2


@njit(cache=True)
def _told_by(term: int, i: int, found: Found) -> tuple[int, float]:
    """The contact that a term of an item is told by, and how much that is; -1 for terms without one."""
    who, what = found
    if term == 0:
        return int(who[FOUND_CAUSE, i]), float(what[FOUND_SHARE, i])
    if term == 2:
        return int(who[FOUND_SPEAKER, i]), float(what[FIRST_TERM + 2, i])
    return -1, 0.0


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
        place = desk[slots[p]] if slots[p] >= 0 else 0
        if place < 0 and values[p] * factor > 0:
            column[int(-1 - place)] += values[p] * factor


@njit(cache=True)
def _loudest(terms: Floats, i: int, total: float) -> tuple[int, int]:
    """The largest term of an item, and the second largest where it is worth a sentence."""
    first, second = (0, 1) if terms[0, i] >= terms[1, i] else (1, 0)
    for term in range(2, TERMS):
        if terms[term, i] > terms[first, i]:
            first, second = term, first
        elif terms[term, i] > terms[second, i]:
            second = term
    return first, second if terms[second, i] > SMALLEST_SHARE * total else -1


@njit(cache=True)
def _clean(best: Ints, slots: Ints, category_of: Ints, row_of: Ints, desks: Desks) -> None:
    desk, talk = desks
    for slot in best:
        desk[slot] = 0
    for slot in slots:
        c = _category_of(slot, category_of, row_of)
        if c >= 0:
            talk[c, TOTAL], talk[c, LOUDEST], talk[c, SPEAKER] = 0, 0, 0
