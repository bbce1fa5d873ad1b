"""What the shop knows of its visitor, for the panel on every page: the profile and the decisions, in plain words."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from shop.cards import Card, card
from shop.client import Client, Json
from shop.visitor import Visitor

SHOWN = 6
LINKS = {
    "history": "from what you did here",
    "context": "from what this page is about",
    "content": "new, and like what is on this page",
    "circumstances": "popular with visits like yours",
    "segment": "popular among people like you",
    "popular": "popular with everybody",
    "catalogue": "from the shelf, nothing is known yet",
}
UNTOLD = {"", None, "Miscellaneous"}
TRAITS = {"age": "aged {}", "income": "earns {}", "household_comp": "{}"}


@dataclass(frozen=True, slots=True)
class Touch:
    card: Card
    verb: str
    ago: str


@dataclass(frozen=True, slots=True)
class Taste:
    name: str
    percent: int


@dataclass(frozen=True, slots=True)
class Told:
    """One placement of the page and how it came about."""

    title: str
    why: str
    model: str
    probability: float
    id: str
    reasons: list[Card]


@dataclass(frozen=True, slots=True)
class Lens:
    who: str
    known: bool
    touches: list[Touch] = field(default_factory=list)
    categories: list[Taste] = field(default_factory=list)
    brands: list[Taste] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    away: bool = False


async def look(
    client: Client, visitor: Visitor, decisions: Mapping[str, Json], shown: Mapping[str, list[Card]]
) -> Lens:
    """The panel of this page. The names of recent items are asked for at once and remembered."""
    profile = await client.person(*visitor.named) if visitor.may("personalization") else {}
    recent = list({touch["item"]: touch for touch in reversed(profile.get("recent", []))}.values())[::-1][:SHOWN]
    items = await asyncio.gather(*(client.item(touch["item"]) for touch in recent))
    affinities = profile.get("affinities", {})
    return Lens(
        who=f"Household {visitor.user_id}" if visitor.user_id else "A visitor without a name",
        known=bool(profile),
        touches=[
            Touch(card(item or {"id": touch["item"]}), touch["kind"], ago(touch["at"]))
            for touch, item in zip(recent, items, strict=True)
        ],
        categories=_tastes(affinities.get("category", []), 5),
        brands=_tastes(affinities.get("brand", []), 3),
        facts=_facts(profile),
        told=[_told(decision, shown.get(name, [])) for name, decision in decisions.items()],
        away=client.away,
    )


def ago(moment: str | int, now: datetime | None = None) -> str:
    """How long ago, in the words of a person.

    >>> ago("2026-11-21T10:00:00Z", datetime(2026, 11, 21, 10, 3, tzinfo=UTC))
    '3 min ago'
    """
    at = datetime.fromtimestamp(moment / 1000, UTC) if isinstance(moment, int) else datetime.fromisoformat(moment)
    seconds = ((now or datetime.now(UTC)) - at).total_seconds()
    for limit, size, word in ((60, 0, "just now"), (3600, 60, "min ago"), (86400, 3600, "h ago")):
        if seconds < limit:
            return f"{int(seconds // size)} {word}" if size else word
    days = int(seconds // 86400)
    return "yesterday" if days == 1 else f"{days} days ago"


def _tastes(rows: list[dict[str, Any]], most: int) -> list[Taste]:
    return [Taste(row["name"], round(100 * row["share"])) for row in rows if row.get("name") not in UNTOLD][:most]


def _facts(profile: Json) -> list[str]:
    rfm, traits = profile.get("rfm") or {}, profile.get("traits") or {}
    orders = rfm.get("frequency") or 0
    bought = [f"{orders} orders, ${rfm['monetary']:,.0f} in all"] if orders else []
    return bought + [words.format(traits[name]) for name, words in TRAITS.items() if traits.get(name)]


def _told(decision: Json, cards: list[Card]) -> Told:
    return Told(
        title=decision.get("title") or decision.get("placement", ""),
        why=decision.get("why") or LINKS.get(decision.get("link", ""), decision.get("link", "")),
        model=decision.get("model", ""),
        probability=decision.get("probability", 1.0),
        id=decision.get("id", ""),
        reasons=[shown for shown in cards if shown.reason][:3],
    )
