"""Maximal marginal relevance: the next item is the best one that is unlike those before it.

    next = argmax_j  (1 - w) score(j) / highest score  -  w max_{i on the page} alike(i, j)

w is `diversity: {mmr: w}`, 1 - lambda of Carbonell & Goldstein 1998, "The use of MMR, diversity-based reranking".
"""

from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tailorbird.events import Item
from tailorbird.offer.gate import Proposal
from tailorbird.offer.rules.room import Room

# A page of one category looks more of a kind than one of one brand.
SAME_CATEGORY, SAME_BRAND = 0.7, 0.3


class Scored(Proposal, Protocol):
    """A proposal with its score."""

    @property
    def score(self) -> float: ...


P = TypeVar("P", bound=Scored)
Entry = tuple[Item, P]


def alike(one: Item, other: Item) -> float:
    """From 0 to 1. What an item does not say is like nothing.

    >>> milk = Item("1", category="DAIRY", brand="OWN")
    >>> alike(milk, milk), alike(milk, Item("2", category="DAIRY")), alike(Item("3"), Item("4"))
    (1.0, 0.7, 0.0)
    """
    same_category = one.category != "" and one.category == other.category
    same_brand = one.brand != "" and one.brand == other.brand
    return SAME_CATEGORY * same_category + SAME_BRAND * same_brand


def unlike(
    pool: list[Entry[P]], seats: int, weight: float, room: Room, before: list[Item]
) -> tuple[list[Entry[P]], list[Entry[P]]]:
    """The chosen ones in their order, and the rest in theirs; `before`: what stands on the page already.

    Those there is no room for come only where no other is left. Time grows with pool x seats.
    """
    score = np.array([proposal.score for _, proposal in pool])
    # By the highest of the pool: likeness is from 0 to 1, and scores of any scale have to stand beside it.
    worth = (1 - weight) * score / (score.max(initial=0.0) or 1.0)
    closest = np.array([max((alike(item, one) for one in before), default=0.0) for item, _ in pool])
    category, brand = _numbered([item.category for item, _ in pool]), _numbered([item.brand for item, _ in pool])
    topics = [room.topics(item) for item, _ in pool]
    holders: dict[tuple[int, Any], list[int]] = {}
    for place, keys in enumerate(topics):
        for key in keys:
            holders.setdefault(key, []).append(place)
    left = np.ones(len(pool), np.bool_)
    fits = np.array([room.admits(keys) for keys in topics], np.bool_)
    chosen: list[int] = []
    for _ in range(min(seats, len(pool))):
        open_ = left & fits if (left & fits).any() else left
        best = int(np.argmax(np.where(open_, worth - weight * closest, -np.inf)))
        room.take(topics[best])
        for key in topics[best]:
            if not room.admits([key]):
                fits[holders[key]] = False
        left[best] = False
        chosen.append(best)
        same = SAME_CATEGORY * _same(category, best) + SAME_BRAND * _same(brand, best)
        # Only the newest can have come closer: what stood there before was compared already, so each step is one pass.
        closest = np.maximum(closest, same)
    return [pool[place] for place in chosen], [pool[place] for place in np.flatnonzero(left).tolist()]


def _numbered(values: list[str]) -> NDArray[np.int64]:
    """Equal numbers for equal values, 0 for what is not said."""
    numbers = {"": 0}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], np.int64)


def _same(numbers: NDArray[np.int64], place: int) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = (numbers == numbers[place]) & (numbers[place] != 0)
    return same
