"""A page by the wishes of its placement: boosted, diverse, pinned, explored. For placements that have none the gate
alone does the same, faster: `Gate.let_out`.

    ranked and fillers  ->  factors (reweigh)  ->  the one gate  ->  pins  ->  quotas or MMR  ->  chance
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from tailorbird.events import Item
from tailorbird.offer.fillers import catalogue_fillers, popular_fillers
from tailorbird.offer.gate import Gate
from tailorbird.offer.placement import Placement
from tailorbird.offer.proposing import ALONE, led_by
from tailorbird.offer.reasons import PINNED
from tailorbird.offer.recommend.rank import Ask, Proposal
from tailorbird.offer.rules.chance import Explored, explored
from tailorbird.offer.rules.reweigh import reweighed
from tailorbird.offer.rules.room import Room, seated
from tailorbird.offer.rules.unlike import unlike

POOL = 200  # proposals that factors are laid on, and among which MMR chooses
AMONG = 2  # candidates for chance, times the places of the page
Entry = tuple[Item, Proposal]


@dataclass(slots=True)
class Page:
    """What stands where, and with which chance."""

    entries: list[Entry]
    chances: list[float]
    probability: float = 1.0
    steps: list[dict[str, Any]] = field(default_factory=list)  # what each wish did
    why: list[str] = field(default_factory=list)  # who was boosted, in words


def depth_for(placement: Placement, depth: int, limit: int) -> int:
    """How many proposals to rank where a plain page would rank `depth`."""
    diversity = placement.diversity
    turned_round = placement.boost or placement.novelty or (diversity is not None and diversity.mmr is not None)
    return max(depth, POOL) if turned_round else depth + AMONG * limit


def laid_out(ask: Ask, gate: Gate, limit: int, seed: str) -> Page:
    """At most `limit` entries, all of them let out by the gate; `ask.depth` as of `depth_for`."""
    placement, items = ask.placement, ask.joint.shelf.items
    pins = _pins(ask, gate, limit)
    room = Room.of(placement, limit)
    # Pins take their room first: they stand there whatever the ranking says.
    for item, _ in pins.values():
        room.take(room.topics(item))
    pinned = {proposal.row for _, proposal in pins.values()}
    candidates = (entry for entry in gate.passing(_proposals(ask), items) if entry[1].row not in pinned)
    chosen, rest = _chosen(ask, gate, candidates, limit - len(pins), room, [item for item, _ in pins.values()])
    spare: list[Entry] = []
    if placement.explore and chosen:
        # Candidates for chance are under the same quotas: a drawn item must not fill the page with one topic.
        more, surplus = seated(chain(rest, candidates), AMONG * limit, room)
        spare = (more + surplus)[: AMONG * limit]
    by_chance = explored(chosen, spare, placement.explore, seed)
    page = _with_pins(by_chance, pins)
    page.steps = _steps(ask, page, pins, by_chance, len(spare))
    page.why = [
        f"{len(one['items'])} boosted by {one['by']:g}: {one['when']}"
        for one in page.steps
        if one.get("items") and one["step"] == "boost"
    ]
    return page


def _pins(ask: Ask, gate: Gate, limit: int) -> dict[int, Entry]:
    """By place; what the gate does not let out is not there."""
    shelf = ask.joint.shelf
    asked = {place: item for place, item in sorted(ask.placement.pin.items()) if place <= limit}
    if not asked:
        return {}
    places = {item: place for place, item in asked.items()}
    proposals = [Proposal(shelf.row.get(item, -1), 0.0, first=PINNED) for item in places]
    return {places[item.id]: (item, proposal) for item, proposal in gate.passing(proposals, shelf.items)}


def _proposals(ask: Ask) -> Iterable[Proposal]:
    first = reweighed(ask, led_by(ask))
    return first if ask.placement.recipe in ALONE else chain(first, _lazily(ask), catalogue_fillers(ask))


def _lazily(ask: Ask) -> Iterable[Proposal]:
    yield from reweighed(ask, popular_fillers(ask))


def _chosen(
    ask: Ask, gate: Gate, candidates: Iterable[Entry], seats: int, room: Room, before: list[Item]
) -> tuple[list[Entry], list[Entry]]:
    """What the ranking puts on the page, and what it passed over."""
    diversity = ask.placement.diversity
    if diversity is not None and diversity.mmr is not None:
        return unlike(list(islice(candidates, POOL)), seats, diversity.mmr, room, before)
    chosen, surplus = seated(candidates, seats, room)
    missing = seats - len(chosen)  # nothing else is left: those without room fill the page
    gate.count("too_many", max(0, len(surplus) - missing))
    return chosen + surplus[:missing], surplus[missing:]


def _with_pins(others: Explored[Entry], pins: dict[int, Entry]) -> Page:
    page = Page([], [], others.probability)
    rest = zip(others.page, others.chances, strict=True)
    for place in range(1, len(others.page) + len(pins) + 1):
        entry, chance = (pins[place], 1.0) if place in pins else next(rest, (None, 0.0))
        if entry is not None:
            page.entries.append(entry)
            page.chances.append(chance)
    # Pins behind the end of a short page come at its end.
    for place in sorted(pins):
        if place > len(others.page) + len(pins):
            page.entries.append(pins[place])
            page.chances.append(1.0)
    return page


def _steps(
    ask: Ask, page: Page, pins: dict[int, Entry], by_chance: Explored[Entry], among: int
) -> list[dict[str, Any]]:
    placement = ask.placement
    steps: list[dict[str, Any]] = []
    for boost in placement.boost:
        matches = boost.condition.matches
        ids = [item.id for item, proposal in page.entries if proposal.first != PINNED and matches(item)]
        steps.append({"step": "boost", "when": boost.when, "by": boost.by, "items": ids})
    if placement.pin:
        steps.append({"step": "pin", "items": {str(place): item.id for place, (item, _) in sorted(pins.items())}})
    if placement.explore:
        drawn = [by_chance.page[place][0].id for place in by_chance.places]
        steps.append({"step": "explore", "share": placement.explore, "among": among, "items": drawn})
    return steps
