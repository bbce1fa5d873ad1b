"""What `kernel.score` must answer, said in plain numpy: slow, short, and easy to believe. Tests hold the two equal."""

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.kernel import LONG_DEPTH, Base, Doors, Near, Parts, Past

Found = NDArray[np.float64]


def score(past: Past, near: Near, parts: Parts, base: Base, doors: Doors, depth: int) -> Found:
    """The lines of `kernel.score`, in float64, from one dense row of terms a slot."""
    slots = len(doors[0])
    terms = np.zeros((slots, 5))
    shares, causes, met = np.zeros(slots), np.full(slots, -1), np.zeros(slots, bool)
    for position in range(len(past[0])):
        near_slots, given = contribution(position, past, near)
        terms[near_slots, 0] += given
        met[near_slots] |= given > 0
        larger = given > shares[near_slots]
        shares[near_slots[larger]], causes[near_slots[larger]] = given[larger], position
    for slot, value, term in zip(*parts, strict=True):
        if slot >= 0 and value > 0:
            terms[slot, term] += value
            met[slot] = True
    met[base[1]] = True
    terms[:, 4] = base[0]
    chosen = np.flatnonzero(met & open_and_allowed(doors))
    totals = terms[chosen].sum(1)
    order = chosen[np.lexsort((chosen, -totals))][:depth]
    columns = (doors[0][order], terms[order].sum(1), terms[order], shares[order], causes[order])
    return np.column_stack(columns).astype(np.float64)


def contribution(position: int, past: Past, near: Near) -> tuple[NDArray[np.int32], Found]:
    """What one contact gives to each of its neighbours."""
    origin, long, live = past[0][position], float(past[1][position]), float(past[2][position])
    start, neighbours, nearness, typical = near
    if not 0 <= origin < len(start) - 1 or start[origin] == start[origin + 1]:
        return np.empty(0, np.int32), np.empty(0)
    last = start[origin + 1] if live > 0 else min(start[origin + 1], start[origin] + LONG_DEPTH)
    part = slice(start[origin], last)
    factor = long + live / max(float(nearness[start[origin]]), typical)
    return neighbours[part], factor * nearness[part].astype(np.float64)


def open_and_allowed(doors: Doors) -> NDArray[np.bool_]:
    """Which slots may come out at all."""
    row_of, open_slots, allowed = doors
    return open_slots & (row_of >= 0) & (allowed[row_of] if len(allowed) else True)
