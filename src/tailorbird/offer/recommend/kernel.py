"""The compiled inner loops of serving. `oracle.py` says the same in plain numpy, and a test holds them equal.

Compiled code is kept beside this file (or in NUMBA_CACHE_DIR). The first call in a process loads it, and on a fresh
machine compiles it for some seconds: servers call `warm_up.warm_up` before they take requests. To see whether what is
kept is old, numba looks at this file alone: so COMPILED_IN says what other files are in it, as they are now.

Score of item j, with the history h, what else is proposed p (again, segments, the page's category), and live
categories c, in each of which j has a rank:

    score(j) = sum_h (long_h + live_h / max(near(h, nearest), typical)) * near(h, j)
             + sum_p value_p [slot_p = j]  +  sum_{h in c(j), live} live_h * worth * value(rank(j))  +  base(j)
"""

from math import exp

import numpy as np
from numba import njit

from tailorbird.offer.recommend.best_few import best_few
from tailorbird.offer.recommend.kernel_words import (
    Base,
    Bools,
    Desks,
    Doors,
    Doubles,
    Fading,
    Floats,
    Found,
    Ints,
    Kinds,
    Longs,
    Near,
    Part,
    Parts,
    Past,
    Question,
    Tops,
)
from tailorbird.offer.recommend.lending import pair_of, past_of, shop_of
from tailorbird.offer.recommend.prefetch import prefetch

COMPILED_IN = {
    "lending.py": "e7579e8526d1",
    "best_few.py": "675e2d10af96",
    "prefetch.py": "a61c9c11da2d",
}  # the first of their SHA-256: a test holds them right

# The desk of slots has one number for each, so that 100,000 fit into the processor's second cache: what the slot
# was given so far, 0 while it is untouched; later, for the chosen few, -1 - its place in the list. Only of these it is
# asked who gave what: to write the largest giver beside each of 10,000 would take longer than to go through them again.
TOTAL, LOUDEST, SPEAKER = 0, 1, 2  # of the desk of categories: summed live worth, the largest one, whose it is
LEAST = 1e-30  # a factor below it says nothing
TRACE = np.float32(1.2e-38)  # what every touch leaves on the desk, however small the product in float32
LINE = 16  # neighbours in one line of the caches, 64 bytes
LOW = 2**32 - 1  # the lower half of a number of 64 bits
TERMS = 5  # item-to-item, again, category, segment, base
PART_TERMS = (1, 3, 2)
SMALLEST_SHARE = 0.1  # a term below this share of the score is not worth a sentence
# Lines of what `score` finds, a column for each item.
ROW, PERSONAL, FIRST, SECOND, FOUND_CAUSE, FOUND_SPEAKER, TELLS, ALSO, CODE = range(9)
SCORE, FIRST_TERM, FOUND_SHARE, TELLS_OF, ALSO_OF = 0, 1, 6, 7, 8


@njit(cache=True)
def score(
    question: Question, past: Past, fading: Fading, near: Near, tops: Tops, parts: Parts, base: Base, doors: Doors,
    desks: Desks,
) -> Found:  # fmt: skip
    """The best open and allowed items, best first, ties by slot: a column each in two arrays.

    shelf row, whether the person had a part in it, its largest and second largest term (-1: too small to name),
    the contact with the largest part in the first term, and the loudest one of its category (-1 for none), the contact
    that the largest term is told by (-1: by none), and that of the second one (-1: by none, -2: nothing to tell),
    the number of its category;
    score, its five terms, that contact's part, and what the two terms tell of.
    """
    found = np.empty((9, question[1]), np.int32), np.empty((9, question[1]), np.float32)
    count = _fill(question, past, fading, near, tops, parts, base, doors, desks, found)
    return found[0][:, :count], found[1][:, :count]


@njit(cache=True)
def score_lent(
    now: float, worth: float, personal: bool, shop: Longs, past: Longs, again: Longs, again_factor: float,
    segment: Longs, segment_factor: float, page: Longs, page_factor: float, base: Longs, highest: float,
    is_open: Bools, allowed: Bools, who: Ints, what: Floats,
) -> int:  # fmt: skip
    """The same from what was lent (lending.py), written into the first columns of `who` and `what`; how many. As many
    are wanted as these have. A page takes this door, where numba looks at ten arrays and not at 24.
    """
    fading, near, tops, row_of, desks = shop_of(shop)
    first, second, third = pair_of(again), pair_of(segment), pair_of(page)
    parts = (
        (first[0], first[1], again_factor), (second[0], second[1], segment_factor), (third[0], third[1], page_factor),
    )  # fmt: skip
    slots, lift = pair_of(base)
    question, doors = (now, who.shape[1], worth, personal), (row_of, is_open, allowed)
    return _fill(question, past_of(past), fading, near, tops, parts, (lift, slots, highest), doors, desks, (who, what))


@njit(cache=True)
def _fill(
    question: Question, past: Past, fading: Fading, near: Near, tops: Tops, parts: Parts, base: Base, doors: Doors,
    desks: Desks, found: Found,
) -> int:  # fmt: skip
    """What `score` finds, written into `found`; how many columns."""
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
    count = _spread(firsts, lasts, factors, near, desk, touched)
    _listen(past[0], live, fading[4], tops[0], doors[0], talk)
    count = _add_tops(_speaking(past[0], tops[0], doors[0], talk), worth, tops, desks, touched, count)
    for slots, values, factor in parts:
        count = _add(slots, values, factor, desk, touched, count)
    for slot in base[1]:
        touched[count] = slot
        count += desk[slot] == 0
    # Who gave most is asked of these few alone, by a second walk over the same neighbours.
    best, scores = best_few(touched[:count], base, doors, desk, depth)
    _write(best, scores, worth, tops, parts, base[0], doors[0], desks, found)
    _ascribe(firsts, lasts, factors, near, desk, found)
    _name(len(best), found, personal)
    _clean(best, past[0], tops[0], doors[0], desks)
    return len(best)


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
    """Add `factor` times the values to their slots; how many are touched now."""
    for p in range(len(slots)):
        value = values[p] * factor
        if slots[p] >= 0 and value > 0:
            # Unsigned, here and below: a signed index is looked at for being negative, each time.
            slot = np.uint64(slots[p])
            # Whether it is new here nobody can guess, nor can the processor: so no branch, but a place kept or not.
            touched[np.uint64(count)] = slots[p]
            count += desk[slot] == 0
            # A product that float32 rounds to 0 would leave the slot untouched, and its item could be listed twice.
            desk[slot] += max(value, TRACE)
    return count


@njit(cache=True)
def _add_tops(speaking: Ints, worth: float, tops: Tops, desks: Desks, touched: Ints, count: int) -> int:
    """The same for the first slots of each speaking category. Arrays come out of their tuples before any loop, here as
    elsewhere: in it, each access would count references.
    """
    _, best, values = tops
    desk, talk = desks
    for c in speaking:
        count = _add(best[c], values, worth * talk[c, TOTAL], desk, touched, count)
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
        if origin < 0 or origin >= len(start) - 1:
            continue
        firsts[h], lasts[h] = start[origin], start[origin + 1]
        if live[h] <= 0:
            lasts[h] = min(lasts[h], firsts[h] + depth)
        for k in range(firsts[h], lasts[h], LINE):
            prefetch(neighbours, k)
            prefetch(nearness, k)
    for h in range(len(slots)):
        if firsts[h] < lasts[h]:
            # Where even the nearest is far (an item sold once), its neighbours get as much less (docs/why/042).
            factors[h] = long[h] + live[h] / max(nearness[firsts[h]], typical)
        if factors[h] < LEAST:
            lasts[h] = firsts[h]
    return firsts, lasts, factors


@njit(cache=True)
def _spread(firsts: Longs, lasts: Longs, factors: Floats, near: Near, desk: Floats, touched: Ints) -> int:
    """Add what each contact gives to its item's neighbours; how many are touched."""
    neighbours, nearness = near[1], near[2]
    count = 0
    for h in range(len(firsts)):
        if h + 1 < len(firsts):  # while this one's neighbours are added up, the places of the next one's are fetched
            for k in range(np.uint64(firsts[h + 1]), np.uint64(lasts[h + 1])):
                prefetch(desk, neighbours[k])
        factor = factors[h]
        for k in range(np.uint64(firsts[h]), np.uint64(lasts[h])):
            slot = np.uint64(neighbours[k])
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
def _write(
    best: Ints, scores: Floats, worth: float, tops: Tops, parts: Parts, base: Floats, row_of: Ints, desks: Desks,
    found: Found,
) -> None:  # fmt: skip
    """The columns of the chosen slots, but for the item-to-item term. From now on their places stand on the desk."""
    desk, talk = desks
    who, what = found
    for i in range(len(best)):
        slot = best[i]
        what[:, i] = 0
        c = tops[0][row_of[slot]]
        who[ROW, i], who[CODE, i], who[FOUND_CAUSE, i] = row_of[slot], c, -1
        who[FOUND_SPEAKER, i] = talk[c, SPEAKER] if talk[c, TOTAL] > 0 else -1
        what[SCORE, i], what[FIRST_TERM + 4, i] = scores[i], base[slot]
        what[FIRST_TERM + 2, i] = worth * talk[c, TOTAL] * _rank_value(slot, tops[1][c], tops[2])
        desk[slot] = -1 - i
    for p in range(len(parts)):
        _itemise(parts[p], what[FIRST_TERM + PART_TERMS[p]], desk)


@njit(cache=True)
def _ascribe(firsts: Longs, lasts: Longs, factors: Floats, near: Near, desk: Floats, found: Found) -> None:
    """Add what each contact gave to those of its item's neighbours that were chosen; the first of the largest is the
    cause.
    """
    neighbours, nearness = near[1], near[2]
    causes, terms, shares = found[0][FOUND_CAUSE], found[1][FIRST_TERM], found[1][FOUND_SHARE]
    # First which they are, without a branch: one in twenty, and never where the processor would guess.
    gifts, count = np.empty((lasts - firsts).sum() + 1, np.int64), 0
    for h in range(len(firsts)):
        first = np.uint64(firsts[h])
        for k in range(first, np.uint64(lasts[h])):
            gifts[np.uint64(count)] = h << 32 | np.int64(k - first)
            count += desk[np.uint64(neighbours[k])] < 0
    for gift in gifts[:count]:
        h = gift >> 32
        k = firsts[h] + (gift & LOW)
        i, part = int(-1 - desk[neighbours[k]]), factors[h] * nearness[k]
        terms[i] += part
        if part > shares[i]:
            shares[i], causes[i] = part, h


@njit(cache=True)
def _name(count: int, found: Found, personal: bool) -> None:
    """Which terms are the largest, and whether the person had a part in the score."""
    who, what = found
    terms = what[FIRST_TERM : FIRST_TERM + TERMS]
    for i in range(count):
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
