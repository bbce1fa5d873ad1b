"""Contacts with items: which events are one, the last ones, and what was bought.

Product Viewed, Product Clicked, Recommendation Clicked    one item, by product_id (or sku)
Product Added, Product Removed                             one item
Order Completed                                            each of `products`, bought
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tailorbird.know.affinity import WEIGHTS, forward, lean
from tailorbird.know.profile import BOUGHT_ITEMS, RECENT_ITEMS, Bought, Profile, Touch

KINDS = {
    "Product Viewed": "viewed",
    "Product Clicked": "clicked",
    "Recommendation Clicked": "clicked",
    "Product Added": "added",
    "Product Removed": "removed",
}


def touch(profile: Profile, kind: str, properties: Mapping[str, Any], at: int) -> None:
    """Fold an event that is a contact with one item."""
    if kind in WEIGHTS:
        favour(profile, properties, forward(WEIGHTS[kind], at))
    item = item_of(properties)
    if item:
        remember(profile, Touch(item, kind, at))


def purchase(profile: Profile, properties: Mapping[str, Any], at: int) -> None:
    """Fold an order: each of its products is bought."""
    # An order without a list of products may still name one by itself.
    products = properties.get("products")
    lines = [line for line in products if isinstance(line, dict)] if isinstance(products, list) else [properties]
    # Once for all lines: they have one time.
    value = forward(WEIGHTS["bought"], at)
    for line in lines:
        favour(profile, line, value)
    # In the order of their names: products of one order have one time, and no other order is the same for all.
    items = sorted({item for line in lines if (item := item_of(line))})
    buy(profile.bought, items, at)
    for item in items:
        remember(profile, Touch(item, "bought", at))


def item_of(properties: Mapping[str, Any]) -> str:
    """The item's id in the catalogue; "" where the event names none."""
    item = properties.get("product_id") or properties.get("sku")
    return item if item.__class__ is str else str(item or "")


def favour(profile: Profile, properties: Mapping[str, Any], value: float) -> None:
    """Lean to the category and the brand that the properties name."""
    category = properties.get("category")
    if category.__class__ is str and category:
        lean(profile.categories, category, value)
    brand = properties.get("brand")
    if brand.__class__ is str and brand:
        lean(profile.brands, brand, value)


def _order(touched: Touch) -> tuple[int, str, str]:
    return touched.at, touched.item, touched.kind


def remember(profile: Profile, touched: Touch) -> None:
    """Keep the last RECENT_ITEMS contacts, in the order of their time; of one time in that of their names."""
    recent = profile.recent
    place = len(recent)
    if not place or recent[-1].at < touched.at:
        recent.append(touched)
        if place == RECENT_ITEMS:
            del recent[0]
        return
    # Too old to stay: an import of last year must not search fifty places for each event.
    if place == RECENT_ITEMS and touched.at < recent[0].at:
        return
    while place and recent[place - 1].at >= touched.at and _order(recent[place - 1]) > _order(touched):
        place -= 1  # those that come late come little late, so the search starts at the end
    recent.insert(place, touched)
    if len(recent) > RECENT_ITEMS:
        del recent[0]


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
