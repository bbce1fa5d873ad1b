"""Why an item is offered, in words: each reason is a term of the score, the largest first.

A history reason names the contact with the largest part in the item's score: without it, the score would be lower.
"""

from tailorbird.events import DAY_MS, HOUR_MS, Item, Reason
from tailorbird.know.profile import Bought
from tailorbird.offer.newcomers import Newcomer
from tailorbird.offer.recommend.contacts import KINDS
from tailorbird.offer.recommend.here import in_words
from tailorbird.offer.recommend.interests import declared
from tailorbird.offer.recommend.rank import CATEGORY, ITEM, Ask, Proposal
from tailorbird.offer.similar import Alike

CONTEXT = KINDS["context"]
PINNED = -2  # in place of a proposal's largest term: it has no score
VERBS = {KINDS["viewed"]: "viewed", KINDS["clicked"]: "clicked", KINDS["added"]: "chose", KINDS["bought"]: "bought"}


def reasons(ask: Ask, item: Item, proposal: Proposal) -> list[Reason]:
    """At most two reasons for one item; what has no score was pinned, or is a filler from the catalogue."""
    if proposal.score <= 0:
        return [PINNED_HERE if proposal.first == PINNED else FROM_OUR_RANGE]
    first, second = proposal.first, proposal.second
    said = SAY[first](ask, item, proposal)
    if second < 0 or (first + second == ITEM + CATEGORY and _told(ask, proposal)):
        return [said]
    return [said, SAY[second](ask, item, proposal)]


def _told(ask: Ask, proposal: Proposal) -> bool:
    """Whether both reasons are one click, which counts for its neighbours and for its category: it is told once."""
    return proposal.cause == proposal.speaker and ask.history.kinds[proposal.cause] != CONTEXT


FROM_OUR_RANGE = Reason("catalogue", "from our range")
PINNED_HERE = Reason("pinned", "chosen for this page")


def _from_history(ask: Ask, item: Item, proposal: Proposal) -> Reason:
    return _contact(ask, proposal.cause, "often bought with", proposal.share)


def _bought_before(ask: Ask, item: Item, proposal: Proposal) -> Reason:
    bought = ask.person.profile.bought.get(item.id) if ask.person else None
    return Reason("bought_before", rhythm(bought) if bought else "you bought this before", item.id, proposal.terms[1])


def _from_category(ask: Ask, item: Item, proposal: Proposal) -> Reason:
    if proposal.speaker < 0:
        kind, said = _unspoken(ask, item)
        return Reason(kind, said, "", proposal.terms[2])
    return _contact(ask, proposal.speaker, "similar to", proposal.terms[2])


def _unspoken(ask: Ask, item: Item) -> tuple[str, str]:
    """Why a category counts of which no contact of this visit speaks: kind and words."""
    if ask.context.category:
        return "category", f"in {item.category}"
    if ask.person and item.category in declared(ask.person.profile, ask.placement.interests, ask.joint.shelf):
        return "interest", f"because you are interested in {item.category}"
    return "category", f"because you often choose {item.category}"


def _from_segment(ask: Ask, item: Item, proposal: Proposal) -> Reason:
    return Reason("segment", "popular with people like you", "", proposal.terms[3])


def _from_base(ask: Ask, item: Item, proposal: Proposal) -> Reason:
    here = ask.here and ask.here.told(int(ask.joint.slot_of_row[proposal.row]))
    if here:
        return Reason("circumstance", in_words(here), "", proposal.terms[4])
    return Reason("popular", "popular now", "", proposal.terms[4])


def _like(ask: Ask, item: Item, proposal: Proposal) -> Reason:
    like = ask.joint.shelf.items[proposal.like] if isinstance(proposal, Newcomer) else None
    return Reason("content", f"new, and like {like.name or like.id}" if like else "new", like.id if like else "",
                  proposal.terms[0])  # fmt: skip


def _similar(ask: Ask, item: Item, proposal: Proposal) -> Reason:
    like = ask.joint.shelf.items[proposal.like] if isinstance(proposal, Alike) else None
    told = f"similar to {like.name or like.id}" if like else "similar"
    return Reason("similar", told, like.id if like else "", proposal.score)


# In the order of the terms; from the end NEWCOMER, PINNED (which has no score and is told above), SIMILAR.
SAY = (_from_history, _bought_before, _from_category, _from_segment, _from_base, _similar, _like, _like)


def _contact(ask: Ask, position: int, on_page: str, value: float) -> Reason:
    """One contact of the history, or one item of the page, as the cause."""
    history = ask.history
    cause, kind = history.ids[position], history.kinds[position]
    if kind == CONTEXT:
        return Reason("goes_with", f"{on_page} {_name(ask, cause)}", cause, value)
    # A page names the same few contacts again and again, and so does the person's next one.
    text = history.said[position]
    if not text:
        text = history.said[position] = f"because you {VERBS[kind]} {_name(ask, cause)}"
    return Reason("history", text, cause, value)


def _name(ask: Ask, item_id: str) -> str:
    item = ask.joint.shelf.item(item_id)
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
