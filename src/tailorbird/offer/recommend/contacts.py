"""Kinds of contact between a person and an item, and what each is worth."""

import numpy as np

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.offer.recommend.model import Weights

KINDS = {"viewed": 0, "clicked": 1, "added": 2, "removed": 3, "bought": 4, "context": 5}
# What a contact says for weeks, and what it says about this very visit (in firsts: see Weights.first).
LONG_WORTH = np.array([0.2, 0.3, 0.5, 0.0, 1.0, 0.0])
LIVE_WORTH = np.array([0.5, 0.6, 0.5, 0.0, 0.0, 2.0])
LIVE_HALF_LIFE_MS = 3.0 * HOUR_MS

Fading = tuple[np.ndarray[tuple[int], np.dtype[np.float64]], float]


def fadings(weights: Weights) -> tuple[Fading, Fading]:
    """(long, live): the worth of each kind as these weights have it, and its half-life in ms."""
    return (
        (LONG_WORTH * weights.item, weights.half_life_days * DAY_MS),
        (LIVE_WORTH * weights.first, LIVE_HALF_LIFE_MS),
    )
