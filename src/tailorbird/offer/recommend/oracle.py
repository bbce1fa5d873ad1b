"""What `kernel.score` must answer, said in plain numpy: slow, short, and easy to believe. Tests hold the two equal."""

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.kernel import PART_TERMS, SMALLEST_SHARE
from tailorbird.offer.recommend.kernel_words import Base, Doors, Fading, Near, Parts, Past, Question, Tops

Found = NDArray[np.float64]


def score(
    question: Question, past: Past, fading: Fading, near: Near, tops: Tops, parts: Parts, base: Base, doors: Doors
) -> tuple[Found, Found]:
    """The columns of `kernel.score`, in float64, from one dense row of terms a slot."""
    now, depth, worth, personal = question
    slots = len(doors[0])
    terms = np.zeros((slots, 5))
    shares, causes, met = np.zeros(slots), np.full(slots, -1), np.zeros(slots, bool)
    long, live = faded(past, fading, now)
    for position in range(len(past[0])):
        near_slots, given = contribution(past[0][position], long[position], live[position], near)
        terms[near_slots, 0] += given
        met[near_slots] |= given > 0
        larger = given > shares[near_slots]
        shares[near_slots[larger]], causes[near_slots[larger]] = given[larger], position
    totals_of, speakers = speaking(past[0], live, fading[4], tops[0], doors[0])
    for category, total in totals_of.items():
        best = tops[1][category][tops[1][category] >= 0]
        terms[best, 2] += worth * total * tops[2][: len(best)]
    for (some, values, factor), term in zip(parts, PART_TERMS, strict=True):
        np.add.at(terms[:, term], some[some >= 0], values[some >= 0] * factor)
    terms[:, 4] = base[0]
    met |= (terms[:, 1:4] > 0).any(1)
    met[base[1]] = True
    chosen = np.flatnonzero(met & open_and_allowed(doors))
    order = chosen[np.lexsort((chosen, -terms[chosen].sum(1)))][:depth]
    totals = terms[order].sum(1)
    first, second = np.array([loudest(line) for line in terms[order]]).reshape(-1, 2).T
    speaker = np.array([speakers.get(tops[0][row], -1) for row in doors[0][order]])
    contacts = causes[order], speaker, shares[order], terms[order][:, 2]
    (tells, of), (also, also_of) = told_by(first, *contacts), told_by(second, *contacts)
    once = (second < 0) | ((first + second == 2) & (causes[order] == speaker))
    who = (doors[0][order], personal & (totals > base[0][order]), first, second, causes[order], speaker, tells,
           np.where(once, -2, also), tops[0][doors[0][order]])  # fmt: skip
    return np.array(who, np.float64), np.array([totals, *terms[order].T, shares[order], of, also_of])


def told_by(
    term: NDArray[np.int64], cause: Found, speaker: Found, share: Found, category: Found
) -> tuple[Found, Found]:
    """The contact that each item's term is told by, and how much that is."""
    who = np.where(term == 0, cause, np.where(term == 2, speaker, -1))
    return who, np.where(term == 0, share, np.where(term == 2, category, 0))


def faded(past: Past, fading: Fading, now: float) -> tuple[Found, Found]:
    """What each contact is worth now, for long and live."""
    age = np.maximum(0.0, now - past[2])
    return fading[0][past[1]] * np.exp(-age * fading[2]), fading[1][past[1]] * np.exp(-age * fading[3])


def speaking(
    slots: NDArray[np.int32], live: Found, floor: float, category_of: NDArray[np.int32], row_of: NDArray[np.int32]
) -> tuple[dict[int, float], dict[int, int]]:
    """Of each live category: the summed live worth, and its loudest contact, the later of equals."""
    totals: dict[int, float] = {}
    speakers: dict[int, int] = {}
    for position in np.flatnonzero((slots >= 0) & (live > floor)).tolist():
        row = row_of[slots[position]]
        category = int(category_of[row]) if row >= 0 else -1
        if category < 0:
            continue
        totals[category] = totals.get(category, 0.0) + live[position]
        if live[position] >= live[speakers.get(category, position)]:
            speakers[category] = position
    return totals, speakers


def loudest(terms: Found) -> tuple[int, int]:
    """The largest term, and the second largest where it is worth a sentence."""
    first = int(terms.argmax())
    others = np.where(np.arange(5) == first, -1.0, terms)
    second = int(others.argmax())
    return first, second if others[second] > SMALLEST_SHARE * terms.sum() else -1


def contribution(origin: int, long: float, live: float, near: Near) -> tuple[NDArray[np.int32], Found]:
    """What one contact gives to each of its neighbours."""
    start, neighbours, nearness, typical, depth = near
    if not 0 <= origin < len(start) - 1 or start[origin] == start[origin + 1]:
        return np.empty(0, np.int32), np.empty(0)
    last = start[origin + 1] if live > 0 else min(start[origin + 1], start[origin] + depth)
    part = slice(start[origin], last)
    factor = long + live / max(float(nearness[start[origin]]), typical)
    return neighbours[part], factor * nearness[part].astype(np.float64)


def open_and_allowed(doors: Doors) -> NDArray[np.bool_]:
    """Which slots may come out at all."""
    row_of, open_slots, allowed = doors
    return open_slots & (row_of >= 0) & (allowed[row_of] if len(allowed) else True)
