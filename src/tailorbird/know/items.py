"""Contacts with items: which events are one, the last ones, and what was bought.

Product Viewed, Product Clicked, Recommendation Clicked    one item, by product_id (or sku)
Product Added, Product Removed                             one item
Order Completed                                            each of `products`, bought
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tailorbird.know.affinity import WEIGHTS, lean
from tailorbird.know.profile import BOUGHT_ITEMS, RECENT_ITEMS, Bought, Profile, Touch

KINDS = {
    "Product Viewed": "viewed",
    "Product Clicked": "clicked",
    "Recommendation Clicked": "clicked",
    "Product Added": "added",
    "Product Removed": "removed",
    "Order Completed": "bought",
}


def touch(profile: Profile, kind: str, properties: Mapping[str, Any], at: int) -> None:
    """Fold the items of one event that is a contact of that kind."""
    products = properties.get("products") if kind == "bought" else None
    entries = [entry for entry in products if type(entry) is dict] if type(products) is list else [properties]
    weight = WEIGHTS.get(kind)
    items: list[str] = []
    for entry in entries:
        item = entry.get("product_id") or entry.get("sku")
        if item:
            items.append(item if type(item) is str else str(item))
        if weight:
            _lean(profile, entry, weight, at)
    if kind == "bought":
        buy(profile.bought, items, at)
    remember(profile, [Touch(item, kind, at) for item in sorted(set(items))])


def _lean(profile: Profile, entry: Mapping[str, Any], weight: float, at: int) -> None:
    category, brand = entry.get("category"), entry.get("brand")
    if category and type(category) is str:
        lean(profile.categories, category, weight, at)
    if brand and type(brand) is str:
        lean(profile.brands, brand, weight, at)


def _order(touched: Touch) -> tuple[int, str, str]:
    return touched.at, touched.item, touched.kind


def remember(profile: Profile, touches: list[Touch]) -> None:
    """Keep the last RECENT_ITEMS contacts by their time; `touches` come in order."""
    recent = profile.recent
    late = bool(touches and recent and touches[0].at <= recent[-1].at)
    recent += touches
    if late:
        recent.sort(key=_order)
    if len(recent) > RECENT_ITEMS:
        del recent[:-RECENT_ITEMS]


def buy(bought: dict[str, Bought], items: Iterable[str], at: int) -> None:
    """Each item was bought at `at`."""
    for item in items:
        known = bought.get(item)
        if known is None:
            bought[item] = Bought(1, at, at)
            continue
        known.times += 1
        if at > known.last_at:
            known.last_at = at
        elif at < known.first_at:
            known.first_at = at
    if len(bought) > BOUGHT_ITEMS:
        forget(bought)


def forget(bought: dict[str, Bought]) -> None:
    """Drop what was bought longest ago, a fifth at once, so that the next items come without this work."""
    oldest = sorted(bought, key=lambda item: (bought[item].last_at, item))
    for item in oldest[: len(bought) - BOUGHT_ITEMS * 4 // 5]:
        del bought[item]


def joined(a: Mapping[str, Bought], b: Mapping[str, Bought]) -> dict[str, Bought]:
    """The purchases of both."""
    both = {item: Bought(kept.times, kept.first_at, kept.last_at) for item, kept in a.items()}
    for item, kept in b.items():
        known = both.setdefault(item, Bought(0, kept.first_at, kept.last_at))
        known.times += kept.times
        known.first_at = min(known.first_at, kept.first_at)
        known.last_at = max(known.last_at, kept.last_at)
    if len(both) > BOUGHT_ITEMS:
        forget(both)
    return both
