"""Factors on scores: what a site boosts, and what novelty holds back.

    score'(j) = score(j)  prod_{boosts that hold for j} by  (1 - novelty popular(j))
    popular(j) = 1 - log(1 + rank_j) / log(1 + n)

rank_j: the place of item j among the model's n items, by popularity from 0. Sales fall about as 1 / rank (Zipf's law),
so that this is the logarithm of popularity on a scale from 0 to 1: an item's self-information, by which novelty is
measured (Vargas & Castells 2011, "Rank and relevance in novelty and diversity metrics"), turned round.

The terms of a score carry its factors, so that each reason stays a term of it.
"""

from collections.abc import Iterable
from math import log1p

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.rank import Ask, Proposal
from tailorbird.offer.rules.wishes import Boost

Factors = NDArray[np.float64]


def reweighed(ask: Ask, proposals: Iterable[Proposal]) -> list[Proposal]:
    """The proposals with the placement's factors, highest score first, ties as they came."""
    found = list(proposals)
    if not (ask.placement.boost or ask.placement.novelty):
        return found
    rows = np.fromiter((one.row for one in found), np.int64, len(found))
    factors = boosted(ask.joint, ask.placement.boost, rows) * held_back(ask.joint, ask.placement.novelty, rows)
    weighed = [_times(one, factor) for one, factor in zip(found, factors.tolist(), strict=True)]
    return sorted(weighed, key=lambda one: -one.score)


def boosted(joint: Joint, boosts: tuple[Boost, ...], rows: NDArray[np.int64]) -> Factors:
    """The product of all boosts that hold, for each row."""
    factors = np.ones(len(rows))
    for boost in boosts:
        factors[joint.shelf.matching_rows(boost.condition)[rows]] *= boost.by
    return factors


def held_back(joint: Joint, novelty: float, rows: NDArray[np.int64]) -> Factors:
    """1 - novelty popular, for each row; 1 for what the model does not know."""
    n = len(joint.model.ids)
    # Slots behind the model's n are items it does not know: as rare as the rarest.
    ranks = np.minimum(joint.slot_of_row[rows], n)
    popular = 1 - np.log1p(ranks) / log1p(max(1, n))
    factors: Factors = 1 - novelty * np.maximum(0, popular)
    return factors


def _times(one: Proposal, factor: float) -> Proposal:
    if factor == 1:
        return one
    terms = tuple(term * factor for term in one.terms)
    return replace(one, score=one.score * factor, terms=terms, share=one.share * factor)
