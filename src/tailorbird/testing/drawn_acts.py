"""What a drawn person does: one call of the tracking API each, without who and when."""

from collections.abc import Callable
from random import Random
from typing import Any

from tailorbird.collect.times import iso
from tailorbird.events import DAY_MS
from tailorbird.testing.drawn_words import BRANDS, CATEGORIES, CITIES, LISTS, MODELS, SPAN_DAYS
from tailorbird.testing.histories import START

Act = dict[str, Any]


def some(draw: Random, values: dict[str, Any], often: float = 0.85) -> Act:
    """Most of the values: a definition must also meet events that do not say them."""
    return {name: value for name, value in values.items() if draw.random() < often}


def product(draw: Random) -> Act:
    return some(
        draw,
        {
            "product_id": draw.choice(("p1", "p2", "p3", "p4")),
            "category": draw.choice(CATEGORIES),
            "brand": draw.choice(BRANDS),
            "price": draw.choice((2.0, 3.0, 4.5, 5.0, 6.25, 8.0, -1)),
            "quantity": draw.choice((1, 2, 3)),
        },
    )


def around(draw: Random) -> Act:
    return {
        "page": some(draw, {"path": draw.choice(("/", "/tea", "/cart"))}),
        "campaign": some(draw, {"source": draw.choice(("news", "News", "search", "mail"))}, 0.5),
        **some(draw, {"direct": draw.random() < 0.5}),
        "screen": some(draw, {"width": draw.choice((320, 800, 1280))}, 0.7),
    }


def track(event: str, properties: Act, draw: Random) -> Act:
    return {"type": "track", "event": event, "properties": properties, "context": around(draw)}


def viewed(draw: Random) -> Act:
    return track("Product Viewed", product(draw), draw)


def added(draw: Random) -> Act:
    return track("Product Added", {**product(draw), **some(draw, {"cart_id": draw.choice(("c1", "c2", "c3"))})}, draw)


def ordered(draw: Random) -> Act:
    said = {
        "order_id": draw.choice(("o1", "o2", "o3")),
        "revenue": draw.choice((5, 10, 17.5, 20.25, 25, 40)),
        "coupon": draw.choice(("SPRING", "spring", "x")),
        "products": [draw.choice((product(draw), product(draw), "?")) for _ in range(draw.randrange(4))],
    }
    return track("Order Completed", some(draw, said), draw)


def quizzed(draw: Random) -> Act:
    said = {
        "topic": draw.choice(CATEGORIES),
        "score": draw.randrange(11),
        "passed": draw.random() < 0.5,
        "due": iso(START + draw.randrange(-60, SPAN_DAYS + 60) * DAY_MS + draw.choice((0, 1, 43_200_000))),
        "delivery": some(draw, {"country": draw.choice(("DE", "AT", 7)), "days": draw.choice((1, 2, 3.5, "3"))}),
    }
    return track("Quiz Done", some(draw, said), draw)


def paged(draw: Random) -> Act:
    name = {"name": draw.choice(("Home", "home", "Cart"))} if draw.random() < 0.8 else {}
    said = some(draw, {"path": draw.choice(("/", "/tea", "/cart")), "title": "T"})
    return {"type": "page", **name, "properties": said, "context": around(draw)}


def told(draw: Random) -> Act:
    said = {
        "city": draw.choice(CITIES),
        "age": draw.choice((19, 25, 33, 40, 58, 60, 71)),
        "vip": draw.random() < 0.5,
        "joined_on": iso(START - draw.randrange(400) * DAY_MS),
        "lat": draw.choice((52.5, 48.2, 47.375)),
        "lon": draw.choice((13.4, 16.375, 8.5)),
    }
    return {"type": "identify", "traits": some(draw, said, 0.6)}


def grouped(draw: Random) -> Act:
    return {"type": "group", "groupId": "g", "traits": {"city": "Group"}}


def listed(draw: Random) -> Act:
    return {
        "type": "track",
        "event": draw.choice(("List Joined", "List Left")),
        "properties": {"list": draw.choice(LISTS)},
    }


def predicted(draw: Random) -> Act:
    model = draw.choice(MODELS)
    said = {"model": model, "value": draw.choice((0.1, 0.5, 0.9)), "label": draw.choice(CATEGORIES)}
    return track("Prediction Made", some(draw, said, 0.9), draw)


def consented(draw: Random) -> Act:
    purpose = draw.choice(("messaging", "research", "messaging", "research", "analytics"))
    said = {purpose: draw.random() < (0.8 if purpose == "analytics" else 0.6)}
    return {"type": "track", "event": "Consent Changed", "properties": said}


def plainly(event: str) -> Callable[[Random], Act]:
    return lambda draw: {"type": "track", "event": event, "properties": {}}


# Each as often as definitions ask for it: what is drawn too seldom tests nothing (tests hold the generator to account).
ACTS: tuple[Callable[[Random], Act], ...] = (
    *[viewed] * 9,
    *[added] * 6,
    *[ordered] * 5,
    *[quizzed] * 4,
    *[paged] * 5,
    *[told] * 5,
    grouped,
    *[listed] * 3,
    *[predicted] * 5,
    *[consented] * 2,
    *[plainly("Coupon Redeemed")] * 2,
    *[plainly("Wish Made")] * 2,
    plainly("Campaign Received"),
)
