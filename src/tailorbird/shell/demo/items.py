"""The shop's shelf: every product as a catalogue item with a name, an aisle, a maker and a price one can read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from tailorbird.events import Item
from tailorbird.shell.demo.lines import Lines
from tailorbird.shell.demo.makers import maker_name
from tailorbird.shell.demo.names import category_name, department_name, item_name, size_name
from tailorbird.shell.demo.source import Source

_COLUMNS = ["product_id", "manufacturer_id", "department", "brand", "product_category", "product_type", "package_size"]

# Not goods: tills book fuel, postage, coupons and donations like products, but no shop page offers them.
NOT_SELLABLE_DEPARTMENTS = {
    "COUPON", "FUEL", "POSTAL CENTER", "MISCELLANEOUS", "CNTRL/STORE SUP", "CHARITABLE CONT", "PROD-WHS SALES",
    "GM MERCH EXP", "ELECT &PLUMBING", "PHOTO & VIDEO", "RESTAURANT", "HOUSEWARES", "AUTOMOTIVE",
}  # fmt: skip
# Services, and what may not be sold without looking at the buyer.
NOT_SELLABLE_CATEGORIES = {
    None, "COUPON/MISC ITEMS", "COUPONS/STORE & MFG", "COUPON", "FUEL", "BOTTLE DEPOSITS", "TICKETS", "PHARMACY",
    "PROPANE", "IN-STORE PHOTOFINISHING", "OVERNIGHT PHOTOFINISHING", "PROD SUPPLIES", "MEAT SUPPLIES",
    "LONG DISTANCE CALLING CARDS", "PREPAID WIRELESS&ACCESSORIES", "CIGARETTES", "CIGARS", "TOBACCO OTHER",
    "CONTINUITIES", "DELI SUPPLIES",
}  # fmt: skip
_CASE_UNITS = ("lb", "ct")  # produce carries the size of the crate it came in: "Bananas, 40 lb"


def read_products(source: Source) -> list[dict[str, Any]]:
    """All 92,331 products as the data has them."""
    return source.rows("products", _COLUMNS)


def items(products: Iterable[dict[str, Any]], prices: Mapping[int, float | None]) -> Iterator[Item]:
    """Every product as an item; `prices` are those of `unit_prices`."""
    return (_item(product, prices[product["product_id"]]) for product in products)


def sellable(product: dict[str, Any]) -> bool:
    """Whether a shop page may offer it.

    >>> sellable({"department": "GROCERY", "product_category": "CHEESE"})
    True
    >>> sellable({"department": "FUEL", "product_category": "FUEL"})
    False
    """
    return (
        product["department"] not in NOT_SELLABLE_DEPARTMENTS
        and product["product_category"] not in NOT_SELLABLE_CATEGORIES
    )


def unit_prices(products: list[dict[str, Any]], lines: Lines) -> dict[int, float | None]:
    """The median price paid for one of each; where it was never sold, the median of its type, else of its category."""
    sold = (lines.quantity > 0) & (lines.paid > 0)
    median = _medians(lines.product[sold], lines.unit_price[sold])
    by_type: defaultdict[tuple[str, Any], list[float]] = defaultdict(list)
    for product in products:
        if cents := median.get(product["product_id"]):
            by_type["type", product["product_type"]].append(cents)
            by_type["category", product["product_category"]].append(cents)
    like = {key: float(np.median(cents)) for key, cents in by_type.items()}
    return {product["product_id"]: _price(product, median, like) for product in products}


def _price(product: dict[str, Any], median: dict[int, float], like: dict[tuple[str, Any], float]) -> float | None:
    cents = (
        median.get(product["product_id"])
        or like.get(("type", product["product_type"]))
        or like.get(("category", product["product_category"]))
    )
    return None if cents is None else round(cents) / 100


def _medians(keys: Any, values: Any) -> dict[int, float]:
    order = np.lexsort((values, keys))
    keys, values = keys[order], values[order]
    unique, start, count = np.unique(keys, return_index=True, return_counts=True)
    # The median of each run without a loop: the mean of the two in the middle, which of an odd number are one.
    middle = (values[start + (count - 1) // 2] + values[start + count // 2]) / 2
    return dict(zip(unique.tolist(), middle.tolist(), strict=True))


def _item(product: dict[str, Any], price: float | None) -> Item:
    size = product["package_size"]
    name = item_name(product["product_type"], product["product_category"], size)
    if product["department"] == "PRODUCE" and name.endswith(_CASE_UNITS):
        name, size = item_name(product["product_type"], product["product_category"]), None
    brand = maker_name(product["manufacturer_id"], product["brand"])
    category = category_name(product["product_category"])
    department = department_name(product["department"])
    return Item(
        id=str(product["product_id"]),
        name=name,
        category=category,
        brand=brand,
        price=price,
        currency="USD",
        available=sellable(product),
        url=f"/product/{product['product_id']}",
        text=f"{name} by {brand}, in {category}, {department}.",
        attributes={
            "department": department,
            "size": size_name(size),
            "label": (product["brand"] or "National").lower(),
            "maker": product["manufacturer_id"],
        },
    )
