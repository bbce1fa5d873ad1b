"""Why an item is offered, in words: each reason is a term of the score, the largest first.

A history reason names the contact with the largest part in the item's score: without it, the score would be lower.
"""

from tailorbird.events import DAY_MS, HOUR_MS, Item, Reason
from tailorbird.know.profile import Bought
from tailorbird.offer.recommend.history import KINDS
from tailorbird.offer.recommend.rank import Ask, Proposal, live_categories, speaking_history

MOST_REASONS = 2
SMALLEST_SHARE = 0.1  # a term below this share of the score is not worth a sentence
VERBS = {KINDS["viewed"]: "viewed", KINDS["clicked"]: "clicked", KINDS["added"]: "chose", KINDS["bought"]: "bought"}


class Reasons:
    """The reasons of one decision's items."""

    def __init__(self, ask: Ask) -> None:
        self.shelf, self.profile = ask.joint.shelf, ask.profile
        self.history = speaking_history(ask)
        self.categories = live_categories(ask.joint, self.history)

    def of(self, item: Item, proposal: Proposal) -> list[Reason]:
        """At most two reasons for one item; a filler, which has no score, has the one that it is in the catalogue."""
        if proposal.score <= 0:
            return [Reason("catalogue", "from our range")]
        terms = sorted(enumerate(proposal.terms), key=lambda term: -term[1])[:MOST_REASONS]
        floor = SMALLEST_SHARE * proposal.score
        return [self._say(term, value, item, proposal) for term, value in terms if value > floor]

    def _say(self, term: int, value: float, item: Item, proposal: Proposal) -> Reason:
        return (self._item, self._again, self._category, self._segment, self._base)[term](value, item, proposal)

    def _item(self, value: float, item: Item, proposal: Proposal) -> Reason:
        cause = self._name(proposal.cause)
        if proposal.cause_kind == KINDS["context"]:
            return Reason("goes_with", f"often bought with {cause}", proposal.cause, value)
        return Reason("history", f"because you {VERBS[proposal.cause_kind]} {cause}", proposal.cause, value)

    def _again(self, value: float, item: Item, proposal: Proposal) -> Reason:
        bought = self.profile.bought.get(item.id) if self.profile else None
        return Reason("bought_before", rhythm(bought) if bought else "you bought this before", item.id, value)

    def _category(self, value: float, item: Item, proposal: Proposal) -> Reason:
        if item.category not in self.categories:
            return Reason("rule", f"in {item.category}", "", value)
        position = self.categories[item.category][1]
        cause, kind = self.history.ids[position], int(self.history.kinds[position])
        if kind == KINDS["context"]:
            return Reason("goes_with", f"similar to {self._name(cause)}", cause, value)
        return Reason("history", f"because you {VERBS[kind]} {self._name(cause)}", cause, value)

    def _segment(self, value: float, item: Item, proposal: Proposal) -> Reason:
        return Reason("segment", "popular with people like you", "", value)

    def _base(self, value: float, item: Item, proposal: Proposal) -> Reason:
        return Reason("popular", "popular now", "", value)

    def _name(self, item_id: str) -> str:
        item = self.shelf.item(item_id)
        return item.name if item is not None and item.name else item_id


def rhythm(bought: Bought) -> str:
    """How often somebody buys an item, in words.

    >>> rhythm(Bought(times=4, first_at=0, last_at=27 * DAY_MS))
    'you buy this about every 9 days'
    >>> rhythm(Bought(times=1, first_at=0, last_at=0))
    'you bought this before'
    """
    if bought.times < 3:
        return "you bought this before"
    gap = (bought.last_at - bought.first_at) / (bought.times - 1)
    if gap < 36 * HOUR_MS:
        return "you buy this about every day"
    return f"you buy this about every {round(gap / DAY_MS)} days"
