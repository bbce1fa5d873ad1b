"""What should this person see now, and why: a pure function of person, page, catalogue, model and time.

    consent  ->  rank (recommend/rank.py)  ->  fill up  ->  the one gate (gate.py)  ->  wishes (rules/)  ->  reasons

It answers every request; nothing it is asked raises:

    unknown person          what is popular, or the catalogue; `why` says so
    consent withheld        as for an unknown person; `why` says so
    unknown placement       no items, link "empty"; `why` names the known ones
    empty catalogue         no items, link "empty"
    no model yet            the categories of the live history, then the catalogue
    limit below 1           no items, link "empty"; above 100: 100 items
    recipe "ask"            one question, link "question"; none, link "empty", where nothing is left to ask
    unknown ids to exclude  ignored
"""

from collections.abc import Callable, Sequence
from typing import Any

from tailorbird.consent.purpose import Policy, may
from tailorbird.events import Choice, Decision
from tailorbird.know.profile import Profile
from tailorbird.offer.explain import explained
from tailorbird.offer.gate import Gate
from tailorbird.offer.newcomers import NEWCOMER
from tailorbird.offer.placement import FROM_AN_ITEM, MOST_ITEMS, Placement, Placements
from tailorbird.offer.proposing import proposals
from tailorbird.offer.question import next_question
from tailorbird.offer.reasons import reasons
from tailorbird.offer.recommend.here import Here
from tailorbird.offer.recommend.history import NOTHING, History, cart_of, history_of, seen_ids
from tailorbird.offer.recommend.join import Joint, joined
from tailorbird.offer.recommend.model import Model
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.recommend.rank import (
    BASE,
    RECIPES,
    SEGMENT,
    Ask,
    Found,
    Proposal,
    columns,
    proposed,
    speaking_history,
)
from tailorbird.offer.request import Request
from tailorbird.offer.rules.page import Page, depth_for, laid_out
from tailorbird.offer.shelf import Shelf
from tailorbird.offer.swift import PERSONAL, at, swift
from tailorbird.offer.visit import may_use_visit, popularity_for

SPARE = 12  # proposals beyond the limit and what is known to be refused, for other refusals and the category's share
UNKNOWN = "unknown person"
TERMS = slice(1, 4)  # of the kernel's second columns: item, again, category
NO_IDS = frozenset[str]()


def decide(
    request: Request,
    profile: Profile | Person | None,
    shelf: Shelf,
    model: Model | None,
    placements: Placements,
    policy: Policy,
    now: int,
    new_id: Callable[[], str],
) -> list[Decision]:
    """One decision for each placement asked for, in their order.

    Whoever keeps a profile over several calls, and does not change it, saves half the time by keeping a `Person`.

    >>> from tailorbird.events import Item
    >>> shop = Shelf([Item("1", "Milk", "DAIRY"), Item("2", "Bread", "BAKERY")])
    >>> from tailorbird.offer.placement import BUILT_IN
    >>> [home] = decide(Request(), None, shop, None, BUILT_IN, Policy(), now=0, new_id=lambda: "d1")
    >>> [choice.id for choice in home.items], home.link, home.why
    (['1', '2'], 'catalogue', 'unknown person; no model has been trained yet')
    """
    joint = joined(shelf, model)
    known, why = _person(profile, policy, now)
    history = history_of(known.columns(joint)) if known is not None else NOTHING
    excluded = frozenset((request.context.item, *request.context.items, *request.exclude))
    may_use = may_use_visit(known, why == UNKNOWN, policy, now)
    call = _Call(request, joint, known, why, history, excluded, may_use, now)
    return [
        call.decision(placements[name], new_id()) if name in placements else _unknown(name, placements, new_id())
        for name in request.placements
    ]


def _person(profile: Profile | Person | None, policy: Policy, now: int) -> tuple[Person | None, str]:
    """The person, if known and if what is known may be used for this purpose; else why not (law 7)."""
    if profile is None:
        return None, UNKNOWN
    person = profile if isinstance(profile, Person) else Person(profile)
    verdict = may("personalization", person.profile.consent, policy, now)
    return (person, "") if verdict.allowed else (None, verdict.why)


def _unknown(name: str, placements: Placements, decision_id: str) -> Decision:
    why = f"no placement is called {name!r}; known: {', '.join(sorted(placements))}"
    return Decision(decision_id, name, [], "empty", 1.0, "", why=why)


class _Call:
    """What the placements of one request share."""

    __slots__ = ("excluded", "history", "joint", "may_use_visit", "now", "person", "request", "why")

    def __init__(
        self, request: Request, joint: Joint, person: Person | None, why: str, history: History,
        excluded: frozenset[str], may_use_visit: bool, now: int,
    ) -> None:  # fmt: skip
        self.request = request
        self.joint = joint
        self.person = person  # None: unknown, or may not be used
        self.why = why
        self.history = history
        self.excluded = excluded  # ids that no placement may show
        self.may_use_visit = may_use_visit  # what it says of itself
        self.now = now

    def decision(self, placement: Placement, decision_id: str) -> Decision:
        if placement.recipe == "ask":
            return self._question(placement, decision_id)
        wanted = placement.limit if self.request.limit is None else self.request.limit
        limit = max(0, min(wanted, MOST_ITEMS))
        context = self.request.context
        history = speaking_history(self.joint, placement, context, self.history, self.now)
        gate = self._gate(placement)
        here = self._popularity(placement)
        depth = limit + SPARE + len(self.excluded) + len(gate.hidden)
        if not placement.plain:
            depth = depth_for(placement, depth, limit)
            ask = Ask(self.joint, placement, context, self.person, history, self.now, depth, here)
            return self._by_wishes(ask, gate, limit, decision_id)
        ask = Ask(self.joint, placement, context, self.person, history, self.now, depth, here)
        return self._plainly(ask, gate, limit, decision_id)

    def _plainly(self, ask: Ask, gate: Gate, limit: int, decision_id: str) -> Decision:
        """A page whose ranking is taken as it is, but for the category's share."""
        placement, shelf = ask.placement, ask.joint.shelf
        # An empty shelf has no rows for the kernel to work on.
        found = columns(ask) if limit and shelf.items and placement.recipe in RECIPES else None
        page = swift(ask, gate, limit, found) if found is not None and not self.request.debug else None
        if found is not None and page is not None:
            choices, places = page
            return self._made(ask, choices, _link_of(found, places, choices), limit, decision_id)
        entries = gate.let_out(proposals(ask, found) if limit and shelf.items else (), shelf.items, limit)
        cards, card = shelf.cards, shelf.card
        choices = [Choice(item.id, p.score, reasons(ask, item, p), cards[p.row] or card(p.row)) for item, p in entries]
        steps = self._steps(placement, len(choices), gate) if self.request.debug else []
        steps += explained(ask, gate, entries, limit) if steps else []
        return self._made(ask, choices, _link([one for _, one in entries], choices), limit, decision_id, steps)

    def _made(
        self, ask: Ask, choices: list[Choice], link: str, limit: int, decision_id: str,
        steps: list[dict[str, Any]] | None = None,
    ) -> Decision:  # fmt: skip
        placement = ask.placement
        return Decision(decision_id, placement.name, choices, link, 1.0, self.joint.model.title, placement.title,
                        self._why(placement, choices, limit), steps or [])  # fmt: skip

    def _by_wishes(self, ask: Ask, gate: Gate, limit: int, decision_id: str) -> Decision:
        """A page that is boosted, pinned, diverse or explored."""
        placement, shelf = ask.placement, ask.joint.shelf
        page = laid_out(ask, gate, limit, decision_id) if limit and shelf.items else Page([], [])
        choices = [
            Choice(item.id, p.score, reasons(ask, item, p), shelf.card(p.row), chance)
            for (item, p), chance in zip(page.entries, page.chances, strict=True)
        ]
        steps = self._steps(placement, len(choices), gate, page.steps) if self.request.debug else []
        steps += explained(ask, gate, page.entries, limit) if steps else []
        link = _link([proposal for _, proposal in page.entries], choices)
        why = "; ".join(filter(None, (self._why(placement, choices, limit), *page.why)))
        return Decision(decision_id, placement.name, choices, link, page.probability, self.joint.model.title,
                        placement.title, why, steps)  # fmt: skip

    def _popularity(self, placement: Placement) -> Here | None:
        return popularity_for(placement, self.request, self.joint, self.person, self.may_use_visit, self.now)

    def _question(self, placement: Placement, decision_id: str) -> Decision:
        """What to ask; nothing of who does not want to be known (law 7)."""
        profile = self.person.profile if self.person else None
        may_ask = profile is not None or self.why == UNKNOWN
        asked = next_question(placement.ask, profile, self.now, placement.again_days) if may_ask else None
        link, why = ("question", "") if asked else ("empty", "there is nothing to ask" if may_ask else self.why)
        return Decision(decision_id, placement.name, [], link, 1.0, "", placement.title, why, ask=asked)

    def _gate(self, placement: Placement) -> Gate:
        person, hidden = self.person, NO_IDS
        if person is not None:
            for what in placement.hide:
                hidden |= self._hidden(what, person)
        excluded = self.excluded.union(placement.exclude) if placement.exclude else self.excluded
        return Gate(placement, self.now, person is not None, excluded, hidden)

    def _hidden(self, what: str, person: Person) -> frozenset[str]:
        if what == "in_cart":
            return self._cart(person)
        return frozenset(person.profile.bought) if what == "bought" else seen_ids(person.profile.recent)

    def _cart(self, person: Person) -> frozenset[str]:
        # Few visitors have one, and whether there is one is known already.
        return cart_of(person.profile.recent, self.now) if person.columns(self.joint).has_cart else NO_IDS

    def _why(self, placement: Placement, choices: list[Choice], limit: int) -> str:
        untrained = "" if self.joint.model.ids else "no model has been trained yet"
        nothing = "" if choices else "nothing may be shown here" if limit else "no items were asked for"
        told = (self.why, self._without_item(placement), untrained, nothing)
        return "; ".join(filter(None, told)) if any(told) else ""

    def _without_item(self, placement: Placement) -> str:
        """Of a recipe that starts from an item of the page, why there is nothing to start from; else ""."""
        if placement.recipe not in FROM_AN_ITEM:
            return ""
        context = self.request.context
        given = [one for one in (context.item, *context.items) if one]
        if not given:
            return "it starts from what the page is about, and neither context.item nor context.items was given"
        known = self.joint.shelf.row
        return "" if any(one in known for one in given) else f"{given[0]!r} is not in the catalogue"

    def _steps(
        self, placement: Placement, shown: int, gate: Gate, wishes: Sequence[dict[str, Any]] = ()
    ) -> list[dict[str, Any]]:
        refused = {code: count for code, count in gate.refused.items() if count}
        in_cart = len(self._cart(self.person)) if self.person else 0
        here = self._popularity(placement)
        return [
            {"step": "consent", "may_be_personal": self.person is not None, "why": self.why},
            {"step": "history", "contacts": len(self.history.ids), "in_cart": in_cart},
            {
                "step": "rank",
                "recipe": placement.recipe,
                "model": self.joint.model.title,
                "circumstances": dict(here.said) if here else {},
            },
            {"step": "gate", "refused": refused, "let_out": shown},
            *wishes,
        ]


def _link_of(found: Found, places: list[int], choices: Sequence[Choice]) -> str:
    """`_link` of the kernel's columns; where what stands first speaks, as it mostly does, nothing else is asked."""
    first, said = places[0], choices[0].reasons
    # What is told by a contact has a part, and by nothing else: the terms need not be looked at.
    told = said[0].kind == "history" and said[-1].kind == "history"
    if told or _speaks(found[1][TERMS, first].tolist(), choices[0]):
        return "history" if found[0][PERSONAL, first] else "context"
    return _link(list(proposed(at(found, places))), choices)


def _speaks(terms: Sequence[float], choice: Choice) -> bool:
    """Whether history or page have a part in it, by these terms (item, again, category), and no declared interest."""
    interest = terms[2] and any(reason.kind == "interest" for reason in choice.reasons)
    return not interest and any(terms[:3])


def _link(shown: list[Proposal], choices: Sequence[Choice] = ()) -> str:
    """Which link of the cold-start chain spoke: the strongest one that put something on the page."""
    content = interest = False
    for place, proposal in enumerate(shown):
        if proposal.first == NEWCOMER:
            content = True
            continue
        if any(proposal.terms[:3]):
            if not choices or _speaks(proposal.terms, choices[place]):
                return "history" if proposal.personal else "context"
            interest = True
    if content or interest:
        return "content" if content else "interests"
    if any(proposal.terms[SEGMENT] for proposal in shown):
        return "segment"
    if any(choice.reasons[0].kind == "circumstance" for choice in choices):
        return "circumstances"
    return "popular" if any(proposal.terms[BASE] for proposal in shown) else "catalogue" if shown else "empty"
