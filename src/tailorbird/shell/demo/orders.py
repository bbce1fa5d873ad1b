"""Baskets as `Order Completed` events, rendered straight to JSON: the 155,848 orders are the bulk of the year."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import numpy as np

from tailorbird.shell.demo.items import read_products
from tailorbird.shell.demo.lines import Lines
from tailorbird.shell.demo.makers import maker_name
from tailorbird.shell.demo.names import category_name
from tailorbird.shell.demo.source import Source
from tailorbird.shell.demo.week import Shift


class Sent(NamedTuple):
    """One event on its way: what it is sorted by, whose it is, and its JSON as a Segment call."""

    at: int  # original, ms
    household: int
    message_id: str
    json: bytes


@dataclass(frozen=True, slots=True)
class OrderWriter:
    """Renders orders; `labels` hold the ready JSON of each product."""

    lines: Lines
    labels: "ProductLabels"
    coupons: dict[int, str]  # basket -> the coupon redeemed in it
    shift: Shift

    def orders(self, chunk: int = 4_000) -> Iterator[Sent]:
        """Every basket in the order of time, a few thousand in memory at once; 60,000 a second."""
        basket = self.lines.basket
        starts = np.flatnonzero(np.r_[True, basket[1:] != basket[:-1]])
        ends = np.r_[starts[1:], len(basket)]
        for first in range(0, len(starts), chunk):
            yield from self._chunk(starts[first : first + chunk], ends[first : first + chunk])

    def _chunk(self, starts: Any, ends: Any) -> Iterator[Sent]:
        lines, base, stop = self.lines, int(starts[0]), int(ends[-1])
        part = slice(base, stop)
        bought = lines.quantity[part] > 0
        # Text by hand: an encoder would take the lines apart as objects first, a million and a half of them.
        texts = self._line_texts(part)
        paid = np.add.reduceat(lines.paid[part], starts - base).tolist()
        saved = np.add.reduceat(lines.saved[part], starts - base).tolist()
        offsets = np.r_[0, np.cumsum(bought)]
        first, last = offsets[starts - base].tolist(), offsets[ends - base].tolist()
        texts = [text for text, real in zip(texts, bought.tolist(), strict=True) if real]
        columns = (lines.basket, lines.household, lines.store, lines.at)
        heads = zip(*(column[starts].tolist() for column in columns), paid, saved, first, last, strict=True)
        for order, household, store, at, revenue, discount, start, end in heads:
            json = self._order(order, household, store, at, revenue, discount, ",".join(texts[start:end]))
            yield Sent(at, household, f"order-{order}", json)

    def _line_texts(self, part: slice) -> list[str]:
        lines, labels = self.lines, self.labels
        columns = (lines.product[part], lines.quantity[part], lines.unit_price[part])
        product, quantity, price = (column.tolist() for column in columns)
        return [
            f'{labels[id]},"quantity":{count},"price":{cents / 100}}}'
            for id, count, cents in zip(product, quantity, price, strict=True)
        ]

    def _order(
        self, order: int, household: int, store: int, at: int, revenue: int, discount: int, products: str
    ) -> bytes:
        coupon = self.coupons.get(order)
        return (
            f'{{"type":"track","event":"Order Completed","messageId":"order-{order}","userId":"{household}",'
            f'"timestamp":"{self.shift.iso(at)}","properties":{{"order_id":"{order}","affiliation":"Store {store}",'
            f'"revenue":{revenue / 100},"discount":{discount / 100},"currency":"USD",'
            f'{f""""coupon":"{coupon}",""" if coupon else ""}'
            f'"original_timestamp":"{self.shift.original(at)}","products":[{products}]}}}}'
        ).encode()


class ProductLabels(dict[int, str]):
    """Product -> the open JSON object of its lines: `{"product_id":"1041453","category":"Milk","brand":"Homeward"`."""

    @classmethod
    def read(cls, source: Source) -> "ProductLabels":
        """The labels of all products of the data."""
        return cls((product["product_id"], _label(product)) for product in read_products(source))

    def __missing__(self, product: int) -> str:
        """A few lines name products that the product table lacks: their number is all there is to say."""
        return f'{{"product_id":"{product}"'


def _label(product: dict[str, Any]) -> str:
    category = category_name(product["product_category"])
    brand = maker_name(product["manufacturer_id"], product["brand"])
    label = {"product_id": str(product["product_id"]), "category": category, "brand": brand}
    return msgspec.json.encode(label).decode().removesuffix("}")
