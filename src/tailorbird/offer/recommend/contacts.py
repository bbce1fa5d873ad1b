"""Kinds of contact between a person and an item, and what each is worth."""

from math import log

import numpy as np

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.offer.recommend.model import Weights

KINDS = {"viewed": 0, "clicked": 1, "added": 2, "removed": 3, "bought": 4, "context": 5}
# What a contact says for weeks, and what it says about this very visit (in firsts: see Weights.first).
LONG_WORTH = np.array([0.2, 0.3, 0.5, 0.0, 1.0, 0.0])
LIVE_WORTH = np.array([0.5, 0.6, 0.5, 0.0, 0.0, 1.0])
LIVE_HALF_LIFE_MS = 3.0 * HOUR_MS
CLICK_FLOOR = 0.02  # in firsts: below this a click says nothing about the visit any more

Worth = np.ndarray[tuple[int], np.dtype[np.float64]]
Fading = tuple[Worth, Worth, float, float, float]


def fading_of(weights: Weights) -> Fading:
    """Long and live worth of each kind as these weights have it, what they lose per ms, and the floor of the live."""
    return (
        LONG_WORTH * weights.item,
        LIVE_WORTH * weights.first,
        log(2) / (weights.half_life_days * DAY_MS),
        log(2) / LIVE_HALF_LIFE_MS,
        CLICK_FLOOR * weights.first,
    )
