"""What a person prefers, learned with each contact as it comes: an online gradient on one weight a category.

    w_c  <-  w_c 2^(-gap / HALF_LIFE)  +  RATE worth (1 - sigma(w_c))        for the category c of the item touched

The step goes up the gradient of log sigma(w_c), the log likelihood of one more contact with c; the fading is its weight
decay, by time instead of by step (Bottou 1998, "Online learning and stochastic approximations"). No training comes in
between: the next request has the step in it. A step only raises, and less so the higher the weight stands already; a
lower weight stays lower (RATE < 4). So taking a contact away can raise no weight; it may let a quieter category in.

    score(j) = preference weight  w_c  value(rank of j in c)                   for the LOUDEST categories

Steps are taken over the contacts that the profile keeps (50 at most), so there is no state beside it: a replay of the
log gives the same weights. `Weights.preference` is 0 unless the search of a training finds that it helps.
"""

from math import exp

import numpy as np
from numba import njit

from tailorbird.events import DAY_MS
from tailorbird.offer.recommend.contacts import LONG_WORTH
from tailorbird.offer.recommend.join import RANK_VALUES, Joint
from tailorbird.offer.recommend.model import Rows, Values
from tailorbird.offer.recommend.person import Columns, Doubles

RATE = 0.3  # of a purchase; other contacts count by their worth
HALF_LIFE_MS = 30.0 * DAY_MS
LOUDEST = 8  # categories that bring up items


def preferred(columns: Columns, joint: Joint, now: int) -> tuple[Rows, Values]:
    """Slots of the loudest categories' first items, each once, and what the person's preference gives them."""
    categories, weights = learned(columns, joint, now)
    loudest = np.argsort(-weights, kind="stable")[:LOUDEST]
    slots = joint.tops[categories[loudest]]
    values = (weights[loudest, None] * RANK_VALUES).astype(np.float32)
    there = slots >= 0
    return slots[there], values[there]


def learned(columns: Columns, joint: Joint, now: int) -> tuple[Rows, Doubles]:
    """The categories of a history by their codes, in the order they were met, and their weights now, all above 0."""
    rows = np.where(columns.slots >= 0, joint.row_of[columns.slots], -1)
    categories = np.where(rows >= 0, joint.shelf.category_of[rows], -1).astype(np.int32)
    met: tuple[Rows, Doubles] = _steps(categories, LONG_WORTH[columns.kind], columns.at, float(now))
    return met


@njit(cache=True)
def _steps(categories, worth, at, now):  # type: ignore[no-untyped-def]
    """One step a contact, oldest first; a category's place is looked for, as there are few."""
    codes, weights, last = np.empty_like(categories), np.zeros(len(at)), np.zeros(len(at))
    count = 0
    for contact in range(len(at)):
        if categories[contact] < 0 or worth[contact] <= 0:
            continue
        place = 0
        while place < count and codes[place] != categories[contact]:
            place += 1
        if place == count:
            codes[place], last[place] = categories[contact], at[contact]
            count += 1
        # Faded to this contact's instant first, so that the gradient is taken where the weight then stands.
        faded = weights[place] * 2.0 ** (-max(0.0, at[contact] - last[place]) / HALF_LIFE_MS)
        weights[place] = faded + RATE * worth[contact] / (1.0 + exp(faded))  # 1 - sigma(w) = 1 / (1 + e^w)
        last[place] = at[contact]
    for place in range(count):
        weights[place] *= 2.0 ** (-max(0.0, now - last[place]) / HALF_LIFE_MS)
    return codes[:count], weights[:count]
