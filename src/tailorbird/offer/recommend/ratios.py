"""How much more often each item is taken in one circumstance than everywhere, learned from contacts.

    ratio(c, j) = (taken(c, j) + shrink) / (expected(c, j) + shrink) * ratio(parent of c, j)
    expected(c, j) = taken(c) share(parent of c, j)

counts as in popular.py. `shrink` contacts without a difference are added to each item: what was seen little says
little. The parent of a region is its country, of all others everywhere, whose ratio is 1. This is the mean of a
relative risk under a gamma prior (Clayton & Kaldor 1987, "Empirical Bayes estimates of age-standardized relative
risks"). Only circumstances of at least 30 people are told apart, whoever they are: visitors without a name count too.
"""

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tailorbird.events import DAY_MS
from tailorbird.offer.recommend.circumstances import (
    BAND_MS,
    HOUR,
    MONDAY_MS,
    NEW,
    SAID,
    VISITOR,
    WEEKDAY,
    Circumstance,
    Circumstances,
    parent_of,
)
from tailorbird.offer.recommend.contacts import KINDS
from tailorbird.offer.recommend.interactions import Column, Interactions
from tailorbird.offer.recommend.item_to_item import WORTH
from tailorbird.offer.recommend.settings import Settings

DEPTH = 200  # items of a circumstance whose ratio is kept: the most popular there
MOST_VALUES = 40  # of one name: those of the most people
SMALLEST = 30  # people: below it a circumstance says more about somebody than about a taste

Doubles: TypeAlias = NDArray[np.float64]


def learned(lines: Interactions, now: int, settings: Settings) -> Circumstances | None:
    """The circumstances of these contacts, as of `now` (ms); None where nothing sets any apart."""
    worth = WORTH[lines.kind] * np.exp2(-np.maximum(0, now - lines.at) / (DAY_MS * settings.lasting_days))
    taken = _summed(lines.item, worth, len(lines.ids))
    if not taken.sum() > 0:
        return None
    share = taken / taken.sum()
    ratios: dict[Circumstance, Doubles] = {}
    for one, members in _told_apart(lines):
        parent = parent_of(one)
        # A region differs from its country, not from everywhere: what the country says is taken as known.
        above = ratios[parent] if parent in ratios else np.ones_like(share)
        here = _summed(lines.item[members], worth[members], len(share))
        # Divided by its sum: what is expected here adds up to what was taken here.
        expected = here.sum() * share * above / (share * above).sum()
        ratios[one] = (here + settings.shrink) / (expected + settings.shrink) * above
    if not ratios:
        return None
    # The most popular there, not those with the largest ratio: what is rare anywhere is not worth a place.
    best = {one: np.argsort(-share * ratio, kind="stable")[:DEPTH] for one, ratio in ratios.items()}
    rows = np.array([best[one] for one in ratios], np.int32)
    return Circumstances(list(ratios), rows, np.array([ratios[one][best[one]] for one in ratios], np.float32))


def _told_apart(lines: Interactions) -> Iterator[tuple[Circumstance, NDArray[np.bool_]]]:
    """Each circumstance of enough people, and which contacts are its own; parents come first."""
    for name, (values, codes) in _columns(lines).items():
        given = codes >= 0
        # (value, person) as one number, each once: people are counted and not contacts.
        met = np.unique(codes[given].astype(np.int64) * lines.people + lines.person[given]) // max(1, lines.people)
        people = np.bincount(met, minlength=len(values))
        enough = np.flatnonzero(people >= SMALLEST)
        for code in enough[np.argsort(-people[enough], kind="stable")][:MOST_VALUES].tolist():
            yield (name, values[code]), codes == code


def _columns(lines: Interactions) -> dict[str, Column]:
    found: dict[str, Column] = {name: lines.about[name] for name in SAID if name in lines.about}
    found[HOUR] = [str(band) for band in range(4)], lines.at % DAY_MS // BAND_MS
    found[WEEKDAY] = [str(day) for day in range(7)], (lines.at + MONDAY_MS) // DAY_MS % 7
    found[VISITOR] = [NEW], np.where(_up_to_first_order(lines), 0, -1)
    return found


def _up_to_first_order(lines: Interactions) -> NDArray[np.bool_]:
    """Which contacts came before a person's first order, or were part of it; none where nobody ever orders."""
    bought = lines.kind == KINDS["bought"]
    if not bought.any():
        return np.zeros(len(lines), np.bool_)
    # Who never ordered is new in all of their contacts.
    first = np.full(lines.people, np.iinfo(np.int64).max)
    np.minimum.at(first, lines.person[bought], lines.at[bought])
    found: NDArray[np.bool_] = lines.at <= first[lines.person]
    return found


def _summed(items: NDArray[np.int32], worth: NDArray[np.floating[Any]], count: int) -> Doubles:
    return np.bincount(items, weights=worth, minlength=count).astype(np.float64)
