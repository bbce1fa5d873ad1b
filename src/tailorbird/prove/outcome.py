"""What people did afterwards, credited to the decision that offered it: each cart addition and order line once.

An order line (one item of one order) or a "Product Added" goes to at most one decision that the same person saw:

    who        the decision offered this very item to this person
    when       the item was clicked, or the block seen, at most `outcome_ms` before; never after
    which      a click beats a view; then the latest; then the greater decision id (last touch)

So revenue is never counted twice, in no sum over placements. It says what followed, not what was caused: that takes an
experiment with people who are shown nothing.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

from tailorbird.events import Event
from tailorbird.prove.exposure import Shown, Windows

ORDER = "Order Completed"
ADDED = "Product Added"
Kind = Literal["added", "bought"]
Via = Literal["view", "click"]

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


class Line(NamedTuple):
    """One item that was put in the cart or bought."""

    kind: Kind
    person: bytes
    order: str  # the order's id; for a cart addition that of its event
    item: str
    at: int
    revenue: float  # price x quantity; 0 for a cart addition
    order_value: float  # of the whole order


class Basket(NamedTuple):
    """What one event says was put in the cart or bought; an order whose products cannot be read has no lines."""

    kind: Kind
    order: str
    at: int
    lines: list[Line]


class Credit(NamedTuple):
    """A line and the decision that gets it."""

    line: Line
    decision: str
    via: Via


class _Touch(NamedTuple):
    """A moment at which an item was before a person's eyes. The order of its fields decides which one wins."""

    clicked: bool
    at: int
    decision: str


def basket_of(event: Event, person: bytes) -> Basket | None:
    """The cart addition or the order that an event reports; None for any other.

    The same item twice in an order is one line. Prices and quantities that are no numbers count as 0 and 1; an order's
    value is its `revenue`, else its `total`, else the sum of its lines.

    >>> bought = {"order_id": "o1", "products": [{"product_id": "a", "price": "2.50", "quantity": 2}]}
    >>> event = Event("web", "m1", "track", ORDER, b"L", [], 5, 6, bought, {}, {}, {}, b"")
    >>> basket_of(event, b"P").lines
    [Line(kind='bought', person=b'P', order='o1', item='a', at=5, revenue=5.0, order_value=5.0)]
    """
    if event.type != "track" or event.event not in (ORDER, ADDED):
        return None
    properties, at = event.plain_properties, event.timestamp
    if event.event == ADDED:
        item = _item_id(properties.get("product_id"))
        line = Line("added", person, event.message_id, item, at, 0.0, 0.0)
        return Basket("added", event.message_id, at, [line] if item else [])
    revenue = _revenue_by_item(properties.get("products"))
    stated = (_number(properties.get(name)) for name in ("revenue", "total"))
    # A stated 0 is a value: a free order is not one that says nothing.
    value = next((number for number in stated if number is not None), sum(revenue.values()))
    # Without an order's id each event is an order of its own.
    order = str(properties.get("order_id") or event.message_id)
    lines = [Line("bought", person, order, item, at, part, value) for item, part in revenue.items()]
    return Basket("bought", order, at, lines)


def first_of_each_order(baskets: Iterable[Basket | None]) -> Iterator[Line]:
    """All lines, but of an order that was reported by several events only those of the earliest.

    >>> once, again = (Basket("bought", "o1", at, [Line("bought", b"P", "o1", "a", at, 1.0, 1.0)]) for at in (5, 9))
    >>> [line.at for line in first_of_each_order([again, once, None])]
    [5]
    """
    orders: dict[tuple[Kind, str], Basket] = {}
    for basket in baskets:
        if basket is None:
            continue
        kept = orders.setdefault((basket.kind, basket.order), basket)
        if basket.at < kept.at:
            orders[basket.kind, basket.order] = basket
    return (line for basket in orders.values() for line in basket.lines)


def credit(shown: Iterable[Shown], lines: Iterable[Line], windows: Windows | None = None) -> list[Credit]:
    """Each line that some decision earned, with that decision; lines that none earned are left out.

    >>> early = Shown("d1", "home", b"P", 100, ("a",), {"a": 150})
    >>> late = Shown("d2", "home", b"P", 200, ("a",))
    >>> line = Line("bought", b"P", "o1", "a", 300, 2.0, 2.0)
    >>> [(c.decision, c.via) for c in credit([early, late], [line])]
    [('d1', 'click')]
    """
    windows = windows or Windows()
    touches = _touches(shown)
    credits = []
    for line in lines:
        earliest = line.at - windows.outcome_ms
        known = touches.get((line.person, line.item), [])
        # A tuple's order is the rule: clicked before seen, then the latest, then the greater id.
        touch = max((t for t in known if earliest <= t.at <= line.at), default=None)
        if touch:
            credits.append(Credit(line, touch.decision, "click" if touch.clicked else "view"))
    return credits


def _touches(shown: Iterable[Shown]) -> dict[tuple[bytes, str], list[_Touch]]:
    touches: dict[tuple[bytes, str], list[_Touch]] = {}
    for one in shown:
        for item in set(one.items):
            touches.setdefault((one.person, item), []).append(_Touch(False, one.at, one.decision))
        for item, at in one.clicked.items():
            touches[one.person, item].append(_Touch(True, at, one.decision))
    return touches


def _revenue_by_item(products: Any) -> dict[str, float]:
    revenue: dict[str, float] = {}
    for product in products if isinstance(products, list) else []:
        item = _item_id(product.get("product_id")) if isinstance(product, dict) else ""
        if not item:
            continue
        price, quantity = _number(product.get("price")), _number(product.get("quantity"))
        revenue[item] = revenue.get(item, 0.0) + (price or 0.0) * (1.0 if quantity is None else quantity)
    return revenue


def _item_id(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _number(value: Any) -> float | None:
    """A number, or a text that is nothing but one: what SQL's regular expression in the lake accepts too."""
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
