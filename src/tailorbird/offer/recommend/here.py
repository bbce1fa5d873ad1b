"""The popular link of the chain, read by circumstances: what base scores become for a visitor who is hardly known.

    base(j | c1, c2 ...) = popular weight  popular(j)  ratio(c1, j) ratio(c2, j) ...  +  trending weight  trending(j)

Ratios as in ratios.py, as if the circumstances did not depend on each other. Of an item that is not among the first of
a circumstance, no more is known than that it is behind the last of them there. A circumstance is named as a reason only
where its ratio is above 1: without it, the item's score would be lower.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.circumstances import Circumstance, Circumstances, parent_of
from tailorbird.offer.recommend.join import BASE_DEPTH, Joint
from tailorbird.offer.recommend.model import Rows, Values

MOST_MIXES = 12  # combinations that are kept: each is as long as the catalogue, 1 MB for 100,000 items
TOLD = 1.1  # a smaller ratio is not worth a sentence

Floats = NDArray[np.floating[Any]]


class Here(msgspec.Struct, frozen=True, gc=False):
    """Base scores for one combination of circumstances, and which of them speaks loudest for an item."""

    base: Values  # by slot
    slots: Rows  # that it proposes, highest base first
    said: tuple[Circumstance, ...]  # those that the model knows
    among: Rows  # slots of which more is known than their popularity, in order
    loudest: NDArray[np.int64]  # of each of them: the place of its largest ratio in `said`, -1 for none worth telling

    def told(self, slot: int) -> Circumstance | None:
        """What speaks loudest for an item."""
        place = int(np.searchsorted(self.among, slot))
        loudest = int(self.loudest[place]) if place < len(self.among) and self.among[place] == slot else -1
        return self.said[loudest] if loudest >= 0 else None


class Mixes:
    """The combinations met lately, for one joint at one version of its shelf."""

    def __init__(self, joint: Joint) -> None:
        self.joint, self.version = joint, joint.version
        self._kept: OrderedDict[tuple[int, ...], Here] = OrderedDict()

    def of(self, rows: tuple[int, ...]) -> Here:
        """For these rows of the model's circumstances."""
        found = self._kept.get(rows)
        if found is None:
            # The longest unused first: `of` moves what is asked for to the end.
            while len(self._kept) >= MOST_MIXES:
                self._kept.popitem(last=False)
            found = self._kept[rows] = mixed(self.joint, rows)
        self._kept.move_to_end(rows)
        return found


def here_of(joint: Joint, said: Sequence[Circumstance]) -> Here | None:
    """What these circumstances make of popularity; None where the model knows none of them."""
    known = joint.model.circumstances
    if known is None:
        return None
    parents = {parent_of(one) for one in said if one in known.row_of}  # a part says it all
    rows = tuple(row for one in said if one not in parents and (row := known.row_of.get(one)) is not None)
    if not rows:
        return None
    mixes = joint.mixes
    if not isinstance(mixes, Mixes) or mixes.version != joint.version:
        mixes = joint.mixes = Mixes(joint)
    return mixes.of(rows)


def mixed(joint: Joint, rows: tuple[int, ...]) -> Here:
    """The base scores of this combination."""
    known, model = joint.model.circumstances, joint.model
    assert known is not None
    weights = model.manifest.weights
    # Those popular everywhere, too: they may be less so here. `unique` sorts, which the look-ups below rely on.
    slots = np.unique(np.concatenate([known.rows[list(rows)].ravel(), joint.base_slots]))
    ratios = np.array([_ratios(known, row, slots, model.popular) for row in rows])
    base = joint.base.copy()
    # Multiplied, not added: what nobody takes on a phone can fall there (docs/why/118).
    base[slots] = weights.popular * model.popular[slots] * ratios.prod(0) + weights.trending * model.trending[slots]
    there = np.flatnonzero(joint.row_of[slots] >= 0)
    best = slots[there[np.argsort(-base[slots[there]], kind="stable")][:BASE_DEPTH]].astype(np.int32)
    loudest = np.where(ratios.max(0) > TOLD, ratios.argmax(0), -1)
    return Here(base, best, tuple(known.names[row] for row in rows), slots, loudest)


def _ratios(known: Circumstances, row: int, slots: NDArray[np.int32], popular: Values) -> Floats:
    """Of each of these slots, in order, in one circumstance; all that it lists are among them."""
    there, theirs = known.rows[row], known.ratios[row]
    # What is not listed is no more popular here than the last that is.
    found: Floats = np.minimum(1.0, float(popular[there[-1]] * theirs[-1]) / popular[slots].clip(1e-12))
    found[np.searchsorted(slots, there)] = theirs
    return found


WORDS = {
    "device": "popular on {}",
    "country": "popular in {}",
    "region": "popular in {}",
    "source": "popular with people who come from {}",
    "hour": "popular at this time of day",
    "weekday": "popular on this day of the week",
    "visitor": "popular with new visitors",
}


def in_words(circumstance: Circumstance) -> str:
    """What a reason says of it.

    >>> in_words(("source", "google.com")), in_words(("region", "DE/BY"))
    ('popular with people who come from google.com', 'popular in BY, DE')
    """
    name, value = circumstance
    country, _, region = value.partition("/")
    return WORDS[name].format(f"{region}, {country}" if name == "region" else value)
