"""What is popular, what is trending, and what is popular among people who share a declared trait.

popular   sum over contacts of worth * 2^(-age / `lasting_days`), as a share of the highest
trending  how much an item's share of the last days exceeds its lasting share, as a share of the highest such gain
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.events import DAY_MS
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.item_to_item import WORTH
from tailorbird.offer.recommend.model import Rows, Values
from tailorbird.offer.recommend.settings import Settings

DEFAULT = Settings()
SEGMENT_DEPTH = 50
SMALLEST_SEGMENT = 30  # people: below it a segment says more about somebody than about a taste


def decayed_counts(lines: Interactions, now: int, half_life_days: float) -> NDArray[np.float64]:
    """For each item the worth of its contacts, halved with every half-life of their age."""
    age = np.maximum(0, now - lines.at) / DAY_MS
    return _summed(lines.item, WORTH[lines.kind] * np.exp2(-age / half_life_days), len(lines.ids))


def popular(lines: Interactions, now: int, settings: Settings = DEFAULT) -> Values:
    """In [0, 1] for each item."""
    return _share_of_highest(decayed_counts(lines, now, settings.lasting_days))


def trending(lines: Interactions, now: int, settings: Settings = DEFAULT) -> Values:
    """In [0, 1] for each item; 0 for what sells as ever."""
    recent = decayed_counts(lines, now, settings.recent_days)
    lasting = decayed_counts(lines, now, settings.lasting_days)
    # As shares, or a busy week would let everything trend.
    gain = recent / max(recent.sum(), 1e-9) - lasting / max(lasting.sum(), 1e-9)
    return _share_of_highest(np.maximum(gain, 0))


def by_segment(
    lines: Interactions, now: int, settings: Settings = DEFAULT
) -> tuple[list[tuple[str, str]], Rows, Values]:
    """(trait, value) of each segment of at least 30 people, its most popular items, and how popular they are there."""
    names, rows, values = [], [], []
    for name, members in _segments(lines):
        theirs = members[lines.person]
        age_days = np.maximum(0, now - lines.at[theirs]) / DAY_MS
        worth = WORTH[lines.kind[theirs]] * np.exp2(-age_days / settings.lasting_days)
        share = _share_of_highest(_summed(lines.item[theirs], worth, len(lines.ids)))
        best = np.argsort(-share, kind="stable")[:SEGMENT_DEPTH]
        names.append(name)
        rows.append(np.where(share[best] > 0, best, -1))
        values.append(share[best])
    depth = min(SEGMENT_DEPTH, len(lines.ids)) if names else 1
    shape = len(names), depth
    return names, np.array(rows, np.int32).reshape(shape), np.array(values, np.float32).reshape(shape)


def _segments(lines: Interactions) -> Iterator[tuple[tuple[str, str], NDArray[np.bool_]]]:
    for trait, given in sorted(lines.traits.items()):
        # "" for nothing said: nobody shares that.
        column = np.array([value or "" for value in given])
        for value, members in zip(*np.unique(column[column != ""], return_counts=True), strict=True):
            if members >= SMALLEST_SEGMENT:
                yield (trait, str(value)), column == value


def _share_of_highest(counts: NDArray[np.float64]) -> Values:
    return (counts / (counts.max(initial=0.0) or 1.0)).astype(np.float32)


def _summed(items: NDArray[np.int32], worth: NDArray[np.floating[Any]], count: int) -> NDArray[np.float64]:
    return np.bincount(items, weights=worth, minlength=count).astype(np.float64)
