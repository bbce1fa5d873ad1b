"""Maximal marginal relevance: the next item is the best one that is unlike those before it.

    next = argmax_j  (1 - w) score(j) / highest score  -  w max_{i on the page} alike(i, j)

w is `diversity: {mmr: w}`, 1 - lambda of Carbonell & Goldstein 1998, "The use of MMR, diversity-based reranking".
"""

from typing import Protocol, TypeVar

from tailorbird.events import Item
from tailorbird.offer.gate import Proposal
from tailorbird.offer.rules.room import Room

SAME_CATEGORY, SAME_BRAND = 0.7, 0.3  # a page of one category looks more of a kind than one of one brand


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
    highest = max((proposal.score for _, proposal in pool), default=0.0) or 1.0
    worth = [(1 - weight) * proposal.score / highest for _, proposal in pool]
    topics = [room.topics(item) for item, _ in pool]
    closest = [max((alike(item, one) for one in before), default=0.0) for item, _ in pool]
    left = list(range(len(pool)))
    chosen: list[int] = []
    while left and len(chosen) < seats:
        fitting = [place for place in left if room.admits(topics[place])] or left
        best = max(fitting, key=lambda place: worth[place] - weight * closest[place])
        item = pool[best][0]
        room.take(topics[best])
        left.remove(best)
        chosen.append(best)
        for place in left:
            closest[place] = max(closest[place], alike(pool[place][0], item))
    return [pool[place] for place in chosen], [pool[place] for place in left]
