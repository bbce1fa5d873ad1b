"""A make-believe shop: three people, four items, and what happened on one morning. Small enough to check by head.

    anna   looks at shoes as a stranger, signs in, buys them
    ben    buys bread, twice
    cleo   says no to personalization

>>> [item.name for item in items()]
['Red Shoe', 'Blue Shoe', 'Rye Bread', 'Old Hat']
>>> len(events()), sorted({event.event for event in events()})
(7, ['', 'Consent Changed', 'Order Completed', 'Product Viewed'])
"""

from typing import Any

from tailorbird.events import DAY_MS, Event, EventType, Identifier, Item

MORNING = 1_760_000_400_000  # 2025-10-09 09:00 UTC
_MINUTE = 60_000
_ANNA = Identifier("userId", b"anna-user-id----")
_ANNA_BEFORE = Identifier("anonymousId", b"anna-anonymous--")
_BEN = Identifier("userId", b"ben-user-id-----")
_CLEO = Identifier("anonymousId", b"cleo-anonymous--")


def items() -> list[Item]:
    """Two shoes, a bread, and a hat that is not available."""
    return [
        Item("red-shoe", "Red Shoe", "shoes", "Runner", 50.0, "EUR", tags=["sport"], text="Light shoe for runners."),
        Item("blue-shoe", "Blue Shoe", "shoes", "Runner", 60.0, "EUR", attributes={"colour": "blue"}),
        Item("rye-bread", "Rye Bread", "food", "Müller", 3.5, "EUR", text="Baked at night."),
        Item("old-hat", "Old Hat", "hats", "", 9.0, "EUR", available=False),
    ]


def events() -> list[Event]:
    """In the order in which they arrived, a minute apart."""
    return [
        _event(0, [_ANNA_BEFORE], "Product Viewed", product_id="red-shoe", category="shoes", price=50.0),
        _event(1, [_BEN], "Order Completed", **_order("b1", "rye-bread", 3.5)),
        _event(2, [_ANNA, _ANNA_BEFORE], "", kind="identify"),
        _event(3, [_ANNA, _ANNA_BEFORE], "Order Completed", **_order("a1", "red-shoe", 50.0)),
        _event(4, [_CLEO], "Product Viewed", product_id="blue-shoe", category="shoes", price=60.0),
        _event(5, [_CLEO], "Consent Changed", consent={"personalization": False}),
        _event(6 + 24 * 60, [_BEN], "Order Completed", **_order("b2", "rye-bread", 3.5)),
    ]


def _order(order: str, product: str, price: float) -> dict[str, Any]:
    products = [{"product_id": product, "price": price, "quantity": 1}]
    return {"order_id": order, "revenue": price, "currency": "EUR", "products": products}


def _event(
    minute: int,
    who: list[Identifier],
    name: str,
    kind: EventType = "track",
    consent: dict[str, bool] | None = None,
    **properties: Any,
) -> Event:
    at = MORNING + minute * _MINUTE
    context = {"page.path": f"/{minute % 3}", "library.name": "tailorbird.js"}
    traits = {"country": "DE"} if kind == "identify" else {}
    return Event(
        source="shop",
        message_id=f"message-{minute}",
        type=kind,
        event=name,
        leaf=who[0].hash,
        identifiers=who,
        timestamp=at,
        received_at=at + 250,
        plain_properties=properties,
        plain_context=context,
        plain_traits=traits,
        consent=consent or {},
        sealed=b"sealed-%d" % minute,
        plan_version=1,
    )


TOMORROW = MORNING + DAY_MS
