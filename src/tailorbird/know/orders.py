"""Recency, frequency, monetary: what orders say."""

from collections.abc import Mapping
from typing import Any

from tailorbird.events import DAY_MS
from tailorbird.know.counters import REVENUE_DAYS, forget
from tailorbird.know.profile import Profile

ORDER = "Order Completed"
MOST = 1e12  # more than that is a fault of the sender, and would swallow every other order
# The first that is a number; Segment's revenue leaves out shipping and tax.
AMOUNTS = ("revenue", "total", "value")


def order(profile: Profile, properties: Mapping[str, Any], at: int) -> None:
    """Fold one order."""
    value = amount(properties)
    profile.orders += 1
    profile.revenue = cents(profile.revenue + value)
    # Zero means "none yet": no shop took orders in the first millisecond of 1970.
    profile.first_order_at = min(profile.first_order_at or at, at)
    profile.last_order_at = max(profile.last_order_at, at)
    day = at // DAY_MS
    days = profile.revenue_days
    days[day] = cents(days.get(day, 0.0) + value)
    forget(days, REVENUE_DAYS)


def amount(properties: Mapping[str, Any]) -> float:
    """What the order was worth, in its own currency.

    >>> amount({"total": 27.5, "shipping": 3})
    27.5
    >>> amount({"products": [{"price": 2.5, "quantity": 2}, {"price": 1.0}]})
    6.0
    >>> amount({"revenue": 1e308})
    0.0
    """
    for name in AMOUNTS:
        value = properties.get(name)
        if isinstance(value, int | float) and abs(value) <= MOST:
            return float(value)
    products = properties.get("products")
    lines = [line for line in products if isinstance(line, dict)] if isinstance(products, list) else []
    worth = float(sum(_number(line.get("price"), 0.0) * _number(line.get("quantity"), 1.0) for line in lines))
    return worth if abs(worth) <= MOST else 0.0


def _number(value: Any, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) else otherwise


def cents(value: float) -> float:
    """Money to a millionth: then sums of decimal prices are equal whatever the order of adding."""
    return round(value, 6)


def join(a: Profile, b: Profile) -> None:
    """Add the orders of `b` to `a`."""
    a.orders += b.orders
    a.revenue = cents(a.revenue + b.revenue)
    a.first_order_at = min(a.first_order_at or b.first_order_at, b.first_order_at or a.first_order_at)
    a.last_order_at = max(a.last_order_at, b.last_order_at)
    for day, value in b.revenue_days.items():
        a.revenue_days[day] = cents(a.revenue_days.get(day, 0.0) + value)
    if a.revenue_days:
        forget(a.revenue_days, REVENUE_DAYS)
