"""The popular link of the chain, read by circumstances: what base scores become for a visitor who is hardly known.

    base(j | c1, c2 ...) = popular weight  popular(j)  ratio(c1, j) ratio(c2, j) ...  +  trending weight  trending(j)

Ratios as in ratios.py, as if the circumstances did not depend on each other. Of an item that is not among the first of
a circumstance, no more is known than that it is behind the last of them there. A circumstance is named as a reason only
where its ratio is above 1: without it, the item's score would be lower.
"""

from collections import OrderedDict
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.circumstances import Circumstance, Circumstances, parent_of
from tailorbird.offer.recommend.join import BASE_DEPTH, Joint
from tailorbird.offer.recommend.model import Rows, Values

MOST_MIXES = 24  # combinations that are kept: each is as long as the catalogue
TOLD = 1.1  # a smaller ratio is not worth a sentence

Floats = NDArray[np.float64]


class Here(msgspec.Struct, frozen=True, gc=False):
    """Base scores for one combination of circumstances, and which of them speaks loudest for an item."""

    base: Values  # by slot
    slots: Rows  # that it proposes, highest base first
    told: dict[int, Circumstance]  # slot -> the circumstance with the largest ratio, where that is worth a sentence
    said: tuple[Circumstance, ...]  # those that the model knows


class Mixes:
    """The combinations met lately, for one joint at one version of its shelf."""

    def __init__(self, joint: Joint) -> None:
        self.joint, self.version = joint, joint.version
        self._kept: OrderedDict[tuple[int, ...], Here] = OrderedDict()

    def of(self, rows: tuple[int, ...]) -> Here:
        """For these rows of the model's circumstances."""
        found = self._kept.get(rows)
        if found is None:
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
    slots = np.unique(np.concatenate([known.rows[list(rows)].ravel(), joint.base_slots]))
    ratios = np.array([_ratios(known, row, slots, model.popular) for row in rows])
    base = joint.base.copy()
    base[slots] = weights.popular * model.popular[slots] * ratios.prod(0) + weights.trending * model.trending[slots]
    there = np.flatnonzero(joint.row_of[slots] >= 0)
    best = slots[there[np.argsort(-base[slots[there]], kind="stable")][:BASE_DEPTH]].astype(np.int32)
    loudest, most = ratios.argmax(0).tolist(), ratios.max(0).tolist()
    told = {slot: known.names[rows[loudest[n]]] for n, slot in enumerate(slots.tolist()) if most[n] > TOLD}
    return Here(base, best, told, tuple(known.names[row] for row in rows))


def _ratios(known: Circumstances, row: int, slots: NDArray[np.int32], popular: Values) -> Floats:
    """Of each slot in one circumstance."""
    there, theirs = known.rows[row], known.ratios[row].astype(np.float64)
    order = np.argsort(there)
    place = np.searchsorted(there[order], slots).clip(0, len(there) - 1)
    met = there[order][place] == slots
    # What is not listed is no more popular here than the last that is.
    last = popular[there[-1]] * theirs[-1]
    behind = np.minimum(1.0, last / popular[slots].clip(1e-12))
    found: Floats = np.where(met, theirs[order][place], behind)
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
