"""The make-believe shop that drawn definitions and drawn lives share: its events, properties, values and plan.

Values are few, so that people agree by chance, and odd where engines differ: case beyond ASCII, spaces, empty text,
quarters as numbers (sums of which are exact in any order), instants on the edges of granules.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tailorbird.collect.plan import TrackingPlan
from tailorbird.consent.purpose import Policy, load_policy

PLAN: dict[str, Any] = {
    "events": {
        "Quiz Done": {
            "properties": {
                "topic": "string",
                "score": "integer",
                "passed": "boolean",
                "due": "datetime",
                "delivery": "object",
            }
        },
        "List Joined": {"properties": {"list": "string"}},
        "List Left": {"properties": {"list": "string"}},
    },
    "traits": {
        "city": {"type": "string", "personal": False},
        "age": {"type": "integer", "personal": False},
        "vip": {"type": "boolean", "personal": False},
        "joined_on": {"type": "datetime", "personal": False},
        "lat": {"type": "number", "personal": False},
        "lon": {"type": "number", "personal": False},
    },
}
PURPOSES: dict[str, Any] = {"purposes": {"messaging": {"default": "denied"}, "research": {"lasts_days": 9}}}
UNDECLARED = ("Wish Made",)  # events that the plan does not know but that were seen
LISTS = ("gold", "press")
MODELS = ("likely('Order Completed', '14 days')", "likely_to_leave('60 days')", "expected_value('90 days')",
          "next_category()")  # fmt: skip
# Each for a trap: case beyond ASCII, blanks at the ends, the empty text, quotes and a backslash, two code points, a
# line.
CATEGORIES = ("tea", "Tea", "milk", "Öl", "ÖL", "straße", " soap ", "", "it's", 'a"b\\c', "🍵 tea", "line\nbreak")
CITIES = ("Berlin", "berlin", "Wien", "Zürich", "ZÜRICH", "İzmir")
BASELINE = {"category": {"tea": 0.25, "milk": 0.5, "Öl": 0.125}, "brand": {"alps": 0.5, "Nord": 0.25}}


def plan() -> TrackingPlan:
    return TrackingPlan.load(PLAN)


def policy() -> Policy:
    return load_policy(PURPOSES)


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that a definition may ask for: an event, or the elements of one of its lists, and what they say."""

    event: str
    often: float  # about how many a person has in the whole history
    numbers: dict[str, tuple[float, ...]] = field(default_factory=dict)  # with values that part people
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    truths: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    each: str = ""


PRICES = (3.0, 4.5, 5.0, 6.25)
PRODUCT = {"price": PRICES, "quantity": (1.0, 2.0, 3.0)}
BRANDS = ("alps", "Nord", "b_%")
NAMED = {"category": CATEGORIES, "brand": BRANDS}
PATHS = {"context.page.path": ("/", "/tea", "/cart"), "context.campaign.source": ("news", "News", "search")}
SOURCES: tuple[Source, ...] = (
    Source("Product Viewed", 9, PRODUCT, {**NAMED, **PATHS}),
    Source("Product Added", 6, PRODUCT, {**NAMED, "cart_id": ("c1", "c2", "c3")}),
    Source(
        "Order Completed",
        5,
        {"revenue": (10.0, 17.5, 25.0), "context.screen.width": (320.0, 800.0)},
        {"coupon": ("SPRING", "spring", "x"), "order_id": ("o1", "o2"), **PATHS},
    ),
    Source("Order Completed", 8, PRODUCT, {**NAMED, "product_id": ("p1", "p2", "p3")}, each="products"),
    Source(
        "Quiz Done",
        3,
        {"score": (3.0, 5.0, 7.0), "delivery.days": (2.0, 3.0)},
        {"topic": CATEGORIES, "delivery.country": ("DE", "AT"), "event.source": ("web", "app")},
        ("passed", "context.direct"),
        ("due",),
    ),
    Source("page", 5, {}, {"path": ("/", "/tea", "/cart"), "name": ("Home", "home", "Cart"), **PATHS}),
)  # fmt: skip
PLAIN_EVENTS = (*SOURCES, Source("session", 10), Source("*", 30), Source("Coupon Redeemed", 2), Source("Wish Made", 2))
WINDOWS = ("30 minutes", "3 hours", "1 day", "3 days", "7 days", "2 weeks", "30 days", "1 month", "45 days", "60 days")
# Long ones more often: hardly anybody did anything in the last half hour.
LONGER = tuple(length for often, length in enumerate(WINDOWS, 1) for _ in range(often))
DAYS_OF = dict(zip(WINDOWS, (1 / 48, 1 / 8, 1, 3, 7, 14, 30, 30, 45, 60), strict=True))
GRANULES = {
    "3 hours": ("1 hour", "30 minutes"),
    "1 day": ("6 hours",),
    "7 days": ("1 hour", "12 hours"),
    "30 days": ("2 days", "1 hour"),
}
SPAN_DAYS = 45  # how long a drawn history is


def quoted(text: str) -> str:
    """The text as a literal of the language.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def window(draw: Random) -> tuple[str, float]:
    """(", 'length'" and perhaps a granularity, its days); nothing and the whole span one time in three."""
    if draw.random() < 0.35:
        return "", SPAN_DAYS
    length = draw.choice(LONGER)
    granules = GRANULES.get(length, ())
    granule = f", granularity => {quoted(draw.choice(granules))}" if granules and draw.random() < 0.4 else ""
    return f", {quoted(length)}{granule}", DAYS_OF[length]
