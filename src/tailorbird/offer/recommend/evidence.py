"""What the ranker looks at: a column for each of ranker.FEATURES, for the kernel's best candidates.

    total, item, again, category, segment    the blend and its terms
    times bought                             log(1 + how often the person bought it)
    contacts, contacts in category           of the history, with it and with its category: log(1 + x)
    base, popular, trending, loyalty         of the item, from the model; 0 for items that it does not know
    orders, order gap, since the last order  of the person, the last two in days: log(1 + x); NaN where there are none
    hour, weekday                            of the request, UTC; Monday is 0
    prediction ..., in SEGMENT               what was said of the person, and where they stand: said.py

Only what is known when the page is built. Training and requests call the same function.
"""

from math import log1p, nan
from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.profile import Profile
from tailorbird.offer.recommend.history import History
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.recommend.ranker import EVIDENCE, FEATURES
from tailorbird.offer.recommend.said import columns as said

Ints: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]

_MONDAY = 3 * DAY_MS  # 1970-01-01 was a Thursday


def evidence(
    joint: Joint, history: History, person: Person, now: int, rows: Ints, what: Floats, names: tuple[str, ...] = ()
) -> Floats:
    """m x f for the candidates on these shelf rows, stored column by column; `what` is as the kernel found it, `names`
    are the features of said.py that stand behind the others.
    """
    matrix = np.empty((len(FEATURES) + len(names), len(rows)), np.float32)
    profile, columns, shelf = person.profile, person.columns(joint), joint.shelf
    matrix[0:5] = what[0:5]  # total, item, again, category, segment
    matrix[len(EVIDENCE)] = what[5]
    slots, model = joint.slot_of_row[rows], joint.model
    _history(matrix[5:8], slots, history.past[0], columns.bought_slots, columns.bought[0],
             joint.row_of, joint.shelf.category_of)  # fmt: skip
    _facts(matrix[9:12], slots, model.popular, model.trending, model.loyalty)
    matrix[12 : len(FEATURES)] = _circumstances(profile, now)
    if names:
        categories = shelf.category_of[rows]
        matrix[len(FEATURES) :] = said(names, profile.predictions, person.segments, now, categories, shelf.codes)
    return matrix.T


def _circumstances(profile: Profile, now: int) -> Floats:
    """The columns that are the same for all candidates: (5, 1)."""
    # A tree has a side for what is missing; 0 would say "ordered just now".
    gap = since = nan
    if profile.orders > 1:
        gap = log1p(max(0, profile.last_order_at - profile.first_order_at) / (profile.orders - 1) / DAY_MS)
    if profile.orders:
        since = log1p(max(0, now - profile.last_order_at) / DAY_MS)
    hour, weekday = now % DAY_MS // HOUR_MS, (now + _MONDAY) // DAY_MS % 7
    return np.array([[log1p(profile.orders)], [gap], [since], [hour], [weekday]], np.float32)


@njit(cache=True)
def _history(columns, slots, past, bought_slots, times, row_of, category_of):  # type: ignore[no-untyped-def]
    """Times bought, contacts, contacts in category. A candidate's place is found by halving: there are few."""
    bought, contacts, alike = columns[0], columns[1], columns[2]
    columns[:] = 0
    order = np.argsort(slots)
    ordered = slots[order]
    for b in range(len(bought_slots)):
        place = np.searchsorted(ordered, bought_slots[b])
        if place < len(ordered) and ordered[place] == bought_slots[b]:
            bought[order[place]] = log1p(times[b])
    categories = np.empty(len(slots), np.int32)
    for c in range(len(slots)):
        categories[c] = category_of[row_of[slots[c]]]
    for h in range(len(past)):
        slot = past[h]
        if slot < 0:
            continue
        place = np.searchsorted(ordered, slot)
        if place < len(ordered) and ordered[place] == slot:
            contacts[order[place]] += 1
        category = category_of[row_of[slot]] if row_of[slot] >= 0 else -1
        # Fifty candidates: to go through them costs less than a table by category.
        for c in range(len(slots) if category >= 0 else 0):
            alike[c] += categories[c] == category
    for c in range(len(slots)):
        contacts[c], alike[c] = log1p(contacts[c]), log1p(alike[c])


@njit(cache=True)
def _facts(columns, slots, popular, trending, loyalty):  # type: ignore[no-untyped-def]
    columns[:] = 0
    for c in range(len(slots)):
        slot = slots[c]
        if slot < len(popular):
            columns[0, c], columns[1, c], columns[2, c] = popular[slot], trending[slot], loyalty[slot]
