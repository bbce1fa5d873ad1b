"""Rules of `prove/outcome.py`, one a test."""

import pytest

from tailorbird.events import DAY_MS, Event
from tailorbird.prove.exposure import Shown
from tailorbird.prove.outcome import Basket, Credit, Line, basket_of, credit, first_of_each_order

NOON = 10 * DAY_MS
HOME = Shown("d1", "home", b"P", NOON, ("a", "b"))


def bought(at: int, item: str = "a", person: bytes = b"P", order: str = "o1") -> Line:
    return Line("bought", person, order, item, at, 2.0, 5.0)


def order_event(properties: dict) -> Event:
    return Event("web", "m1", "track", "Order Completed", b"L", [], NOON, NOON, properties, {}, {}, {}, b"")


def test_an_order_of_a_seen_item_is_credited_to_the_view():
    assert credit([HOME], [bought(NOON + 1)]) == [Credit(bought(NOON + 1), "d1", "view")]


@pytest.mark.parametrize(
    "line",
    [
        bought(NOON - 1),
        bought(NOON + 7 * DAY_MS + 1),
        bought(NOON + 1, item="z"),
        bought(NOON + 1, person=b"Q"),
    ],
    ids=["before the exposure", "after the window", "another item", "another person"],
)
def test_no_credit_for(line):
    assert credit([HOME], [line]) == []


def test_a_click_beats_a_later_view():
    clicked = Shown("d0", "cart", b"P", NOON - 9, ("a",), {"a": NOON - 5})
    assert credit([clicked, HOME], [bought(NOON + 1)])[0].decision == "d0"


def test_of_two_views_the_later_one_gets_the_order_once():
    later = Shown("d2", "cart", b"P", NOON + 5, ("a",))
    assert [c.decision for c in credit([later, HOME], [bought(NOON + 9)])] == ["d2"]


def test_a_click_after_the_order_gets_nothing_of_it():
    clicked = Shown("d0", "cart", b"P", NOON - 9, ("a",), {"a": NOON + 5})
    assert credit([clicked], [bought(NOON + 1)])[0].via == "view"


def test_an_order_reported_by_browser_and_server_counts_once():
    both = [Basket("bought", "o1", at, [bought(at)]) for at in (NOON + 3, NOON + 1)]
    assert list(first_of_each_order(both)) == [bought(NOON + 1)]


def test_the_same_item_twice_in_an_order_is_one_line():
    line = {"product_id": "a", "price": 1.5, "quantity": 2}
    assert [one.revenue for one in basket_of(order_event({"products": [line, line]}), b"P").lines] == [6.0]


def test_stated_revenue_is_the_orders_value():
    lines = basket_of(order_event({"revenue": 9, "products": [{"product_id": "a", "price": 1}]}), b"P").lines
    assert [(one.revenue, one.order_value) for one in lines] == [(1.0, 9.0)]


@pytest.mark.parametrize("products", [None, "text", [None, 3, {}, {"product_id": None}, {"product_id": ""}]])
def test_products_that_are_none_give_no_lines(products):
    assert basket_of(order_event({"products": products}), b"P").lines == []


@pytest.mark.parametrize(("price", "revenue"), [("2.50", 2.5), ("2,50", 0), (True, 0), (None, 0), ("nan", 0)])
def test_a_price_that_is_no_number_counts_as_nothing(price, revenue):
    assert basket_of(order_event({"products": [{"product_id": "a", "price": price}]}), b"P").lines[0].revenue == revenue


def test_an_order_without_an_id_is_named_by_its_message():
    assert basket_of(order_event({"products": [{"product_id": "a"}]}), b"P").lines[0].order == "m1"
