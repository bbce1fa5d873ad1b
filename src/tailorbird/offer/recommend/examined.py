"""How likely a place of a page is looked at, beside the first: what clicks must be divided by before they teach.

A click needs two things, that the place was looked at and that the item was wanted:

    E[click on item i in place k] = examined(k) * wanted(i)        the position-based model, Craswell et al., WSDM 2008

What is wanted differs from place to place, because a ranking put it there. Three ways to tell it apart, the best that
there are enough clicks for:

    by chance   items that exploration drew: the draw gave them their place, so what is wanted is alike in every place
    by score    items that the ranking gave the same score, and that stand in different places because of what else was
                on the page: wanted(i) is a number for each of BINS scores (Wang et al., WSDM 2018, with the score as
                the feature; fitted by its margins, as in Bailey 1963: right wherever the mean is a product)
    assumed     1 / place

Few clicks in a place lean to 1 / place: PRIOR clicks of it count along.
"""

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.hybrid.verdict import Verdict
from tailorbird.offer.recommend.exposures import Exposures

Doubles = NDArray[np.float64]
Longs = NDArray[np.int64]
How = Literal["by chance", "by score", "assumed"]

FEWEST_DRAWN = 200  # clicks on items that chance placed, below which it is not gone by them
FEWEST_SCORED = 500  # clicks in all
BINS = 20  # of scores, for each placement and model
PRIOR = 5.0  # clicks that a place counts as it is assumed to be
ETA = 1.0  # assumed: place ** -ETA, as measured for lists of text (Joachims et al., WSDM 2017)
ROUNDS = 200
CLOSE = 1e-7


class Examined(msgspec.Struct, frozen=True):
    """How likely each place is looked at, the first being 1; from how many clicks it is known."""

    how: How
    places: list[float]
    clicks: int = 0

    def weights(self, place: Longs, most: float) -> Doubles:
        """What a click in each of these places (from 0) counts: 1 / examined, at most `most`."""
        # Places behind the last that was ever seen are as they would be assumed.
        known = np.array([*self.places, *(assumed(int(place.max(initial=0)) + 1)[len(self.places) :])])
        found: Doubles = np.minimum(1 / np.maximum(known[place], 1e-9), most)
        return found

    @property
    def told(self) -> str:
        """In words.

        >>> Examined("by score", [1.0, 0.5, 0.25], 1200).told
        'places are looked at 1.00, 0.50, 0.25 (by score, from 1,200 clicks)'
        """
        first = ", ".join(f"{value:.2f}" for value in self.places[:5]) + (" ..." if len(self.places) > 5 else "")
        source = f"{self.how}, from {self.clicks:,} clicks" if self.clicks else "assumed"
        return f"places are looked at {first} ({source})"


class Learned(msgspec.Struct, frozen=True):
    """What the trees had to learn from of what was shown and clicked."""

    exposures: int = 0  # pages that were seen, and may be learned from
    clicks: int = 0  # of which a lesson was made
    effective: float = 0.0  # clicks of equal weight that would say as much: (sum w)^2 / sum w^2, Kish 1965
    examined: Examined = Examined("assumed", [])
    verdict: Verdict = Verdict(False, "")  # over trees that learned from them

    @property
    def told(self) -> str:
        """In one line, "" where nothing was seen.

        >>> Learned(9000, 1000, 640.2, Examined("assumed", [1.0, 0.5])).told
        '9,000 pages seen, 1,000 clicks worth 640 of one weight; places are looked at 1.00, 0.50 (assumed)'
        >>> Learned(9).told, Learned().told
        ('9 pages seen, no clicks to learn from', '')
        """
        if not self.exposures:
            return ""
        if not self.clicks:
            return f"{self.exposures:,} pages seen, no clicks to learn from"
        why = f"; trees from them: {self.verdict.told}" if self.verdict.why else ""
        return (
            f"{self.exposures:,} pages seen, {self.clicks:,} clicks worth {self.effective:,.0f} of one weight; "
            f"{self.examined.told}{why}"
        )


def examined(seen: Exposures) -> Examined:
    """The best that these pages can tell."""
    length = int(seen.place.max(initial=-1)) + 1
    drawn = seen.drawn
    if (clicks := int(seen.clicked[drawn].sum())) >= FEWEST_DRAWN:
        # Pages of one length: a place at the end of long pages only must not stand for what long pages are like.
        group = np.diff(seen.start)[seen.page] * (int(seen.kind.max()) + 1) + seen.kind[seen.page]
        return Examined("by chance", _fitted(seen, drawn, group.astype(np.int64), length), clicks)
    kept = ~drawn & np.isfinite(seen.score) & (seen.score > 0)
    if (clicks := int(seen.clicked[kept].sum())) >= FEWEST_SCORED:
        return Examined("by score", _fitted(seen, kept, binned(seen, kept), length), clicks)
    return Examined("assumed", assumed(length))


def assumed(length: int) -> list[float]:
    """What a list is like of which nothing is known: place ** -ETA.

    >>> assumed(4)
    [1.0, 0.5, 0.3333333333333333, 0.25]
    """
    return [float((place + 1) ** -ETA) for place in range(length)]


def binned(seen: Exposures, which: NDArray[np.bool_]) -> Longs:
    """A number for each place (s): its kind and the bin of its score among those of its kind; bins are of one size."""
    kind = seen.kind[seen.page]
    found = np.zeros(len(kind), np.int64)
    for one in np.unique(kind[which]):
        own = which & (kind == one)
        # Where many scores are equal, edges are too: fewer bins then, and none that is empty.
        edges = np.unique(np.quantile(seen.score[own], np.arange(1, BINS) / BINS))
        # Numbered apart: scores of two models or placements are of two scales.
        found[own] = one * BINS + np.searchsorted(edges, seen.score[own], side="right")
    return found


def _fitted(seen: Exposures, which: NDArray[np.bool_], group: Longs, length: int) -> list[float]:
    """examined(k) of clicks ~ examined(k) * wanted(group), by its margins."""
    names, number = np.unique(group[which], return_inverse=True)
    cell = number * length + seen.place[which]
    shown, clicks = np.zeros((2, len(names) * length))
    np.add.at(shown, cell, 1.0)
    np.add.at(clicks, cell, seen.clicked[which])
    return fitted(shown.reshape(-1, length), clicks.reshape(-1, length))


def fitted(shown: Doubles, clicks: Doubles) -> list[float]:
    """For g groups x k places: how often shown, how often clicked. The k chances to be looked at, the first being 1.

    >>> shown = np.array([[9e5, 9e4], [9e4, 9e5]])  # the better group stands first as a rule
    >>> [round(chance, 2) for chance in fitted(shown, shown * [[0.4], [0.1]] * [1.0, 0.25])]
    [1.0, 0.25]
    """
    prior = np.array(assumed(shown.shape[1]))
    known = prior.copy()
    for _ in range(ROUNDS):
        wanted = clicks.sum(1) / np.maximum(shown @ known, 1e-12)
        # PRIOR clicks, and as many more looks as it would have taken for them at 1 / place.
        found = (clicks.sum(0) + PRIOR) / (wanted @ shown + PRIOR / prior)
        # Clicks tell the product with `wanted` alone: so the first place is 1, and the others are shares of it.
        found /= found[0]
        moved, known = float(np.abs(found - known).max()), found
        if moved < CLOSE:
            break
    return [round(float(chance), 4) for chance in known]
