"""What a page left out, and by which rule: for whoever asks with `debug`, never on the way of a visitor's answer.

The same question is asked once more of a placement without rules, over all that the catalogue names. What would stand
there by its score, and does not, was left out by something; the one gate is asked what.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from msgspec.structs import replace

from tailorbird.events import Item
from tailorbird.offer.gate import Gate
from tailorbird.offer.placement import Placement
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.rank import Ask, Proposal, ranked
from tailorbird.offer.rules.refused import in_words
from tailorbird.offer.shelf import Mask
from tailorbird.offer.similar import similar

Shown = Sequence[tuple[Item, Proposal]]
ROUNDED = 1e-4  # of a score: terms are sums of 32-bit numbers
TERMS = ("item_to_item", "buy_again", "category", "segment", "popular")  # as the columns of a proposal's terms


def explained(ask: Ask, gate: Gate, shown: Shown, limit: int) -> list[dict[str, Any]]:
    """Two steps of a decision: what each score is the sum of, and what does not stand there."""
    out = left_out(ask, gate, shown, limit) if ask.joint.shelf.items else []
    return [{"step": "score", "terms": terms(shown)}, {"step": "left_out", "items": out}]


def left_out(ask: Ask, gate: Gate, shown: Shown, limit: int) -> list[dict[str, Any]]:
    """Of the first `limit` by score alone, what is not shown: id, name, score, code, and why.

    `gate` is that of the page; it is asked, and counts nothing.
    """
    found, there = [], {one.row for _, one in shown}
    for proposal in islice(_by_score_alone(ask), limit):
        item = ask.joint.shelf.items[proposal.row]
        if item is not None and proposal.row not in there:
            code = gate.refusal(item, proposal.personal) or _outdone(gate.placement)
            told = {"id": item.id, "name": item.name, "score": round(proposal.score, 6), "code": code}
            found.append({**told, "why": in_words(code, gate.placement, item)})
    return found


def terms(shown: Shown) -> dict[str, dict[str, float]]:
    """The parts of each score, by item; a part of 0 is left out. `trees`: what the ranker's factor adds, or takes."""
    return {item.id: _parts(one) for item, one in shown}


def _parts(one: Proposal) -> dict[str, float]:
    parts = {name: round(term, 6) for name, term in zip(TERMS, one.terms, strict=True) if term}
    corrected = round(one.score - sum(one.terms), 6)
    return {**parts, "trees": corrected} if abs(corrected) > ROUNDED else parts


def _outdone(placement: Placement) -> str:
    """Why something that passed the gate does not stand there: by a wish, else by a full share of its topic."""
    return "too_many" if placement.plain else "wishes"


def _by_score_alone(ask: Ask) -> Iterator[Proposal]:
    # The same recipe without any rule or wish: whatever is missing beside it, one of them took.
    placement = Placement(ask.placement.name, ask.placement.recipe, per_category=1.0, hide=())
    if placement.recipe == "similar":
        return similar(ask)
    return ranked(replace(ask, joint=_Unlocked(ask.joint), placement=placement))


class _Unlocked(Joint):
    """The joint of a shelf on which everything may be sold; it shares all that the other one has."""

    def __init__(self, joint: Joint) -> None:
        self.__dict__ = joint.__dict__

    def open_slots(self, now: int) -> Mask:
        mask: Mask = self.row_of >= 0
        return mask
