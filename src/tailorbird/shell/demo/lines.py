"""Every line of every basket as sorted columns: what orders and prices are made from."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.shell.demo.source import Source, millis

# Beyond this a "quantity" is thousandths of a gallon: only fuel has such lines (the next largest is 144 ears of corn).
FUEL_QUANTITY = 200

_NUMBERS = ("household_id", "store_id", "basket_id", "product_id", "quantity")
_MONEY = ("sales_value", "retail_disc", "coupon_disc", "coupon_match_disc")


@dataclass(frozen=True, slots=True)
class Lines:
    """Parallel columns, in the order of time and within it of the basket. Money is in whole cents."""

    household: NDArray[np.int64]
    store: NDArray[np.int64]
    basket: NDArray[np.int64]
    product: NDArray[np.int64]
    quantity: NDArray[np.int64]  # 0: a voided line or a coupon alone; nothing changed hands
    paid: NDArray[np.int64]  # for the whole line
    saved: NDArray[np.int64]  # loyalty, coupon and matched coupon together
    coupon: NDArray[np.int64]  # the manufacturer's coupon in it
    at: NDArray[np.int64]

    def of_households(self, first: int) -> "Lines":
        """Only the lines of the first so many households by number."""
        mine = np.isin(self.household, np.unique(self.household)[:first])
        return Lines(*(getattr(self, field.name)[mine] for field in fields(self)))

    @property
    def unit_price(self) -> NDArray[np.int64]:
        """Paid for one, in cents; of a line with quantity 0 it says nothing."""
        return np.rint(self.paid / np.maximum(self.quantity, 1)).astype(np.int64)


def read_lines(source: Source) -> Lines:
    """All 1,469,307 lines. 1.5 s, about 250 MB at its height.

    A fill-up counts as one: fuel's thousandths of a gallon would drown every count of things bought.
    """
    table = source.table("transactions", [*_NUMBERS, *_MONEY, "transaction_timestamp"])
    column: dict[str, Any] = {name: table[name].to_numpy() for name in _NUMBERS}
    column |= {name: np.rint(table[name].to_numpy() * 100).astype(np.int64) for name in _MONEY}
    column["at"] = millis(table["transaction_timestamp"])
    order = np.lexsort((column["product_id"], column["basket_id"], column["at"]))
    column = {name: values[order] for name, values in column.items()}
    column["quantity"] = np.where(column["quantity"] > FUEL_QUANTITY, 1, column["quantity"])
    return Lines(
        household=column["household_id"],
        store=column["store_id"],
        basket=column["basket_id"],
        product=column["product_id"],
        quantity=column["quantity"],
        paid=column["sales_value"],
        saved=column["retail_disc"] + column["coupon_disc"] + column["coupon_match_disc"],
        coupon=column["coupon_disc"],
        at=column["at"],
    )
