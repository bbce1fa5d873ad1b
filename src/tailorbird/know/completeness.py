"""How complete what is known of a person is, and which missing answer would complete it most.

    score = sum(weight * confidence) / sum(weight)

over the traits that a site wants to know, each weighted by how much it matters there.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Gain(NamedTuple):
    """A trait, and by how much the score would rise if its value were sure."""

    trait: str
    by: float


class Completeness(NamedTuple):
    """How complete, from 0 to 1, and what is missing most, the largest gain first."""

    score: float
    missing: list[Gain]


def completeness(confidence: Mapping[str, float], wanted: Mapping[str, float]) -> Completeness:
    """The score over `wanted` (trait -> weight), by the confidence in each; traits without one are not known.

    >>> completeness({"age": 1.0, "kids": 0.5}, {"age": 1, "kids": 1, "pets": 2})
    Completeness(score=0.375, missing=[Gain(trait='pets', by=0.5), Gain(trait='kids', by=0.125)])
    """
    whole = sum(wanted.values())
    if whole <= 0:
        return Completeness(1.0, [])
    gains = [Gain(trait, weight * (1 - confidence.get(trait, 0.0)) / whole) for trait, weight in wanted.items()]
    # A stable sort: of equal gains the one that the site names first.
    missing = sorted((gain for gain in gains if gain.by > 0), key=lambda gain: -gain.by)
    return Completeness(round(1 - sum(gain.by for gain in gains), 6), missing)
