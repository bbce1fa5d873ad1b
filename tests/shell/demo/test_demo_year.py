"""The year of shopping as items and events (skipped where the data is not installed)."""

import json
from collections import Counter

import pytest

from tailorbird.collect.accept import accept
from tailorbird.collect.draft import Call
from tailorbird.collect.plan import TrackingPlan
from tailorbird.errors import MissingExtra
from tailorbird.events import DAY_MS
from tailorbird.shell.demo.items import items, read_products, unit_prices
from tailorbird.shell.demo.lines import Lines, read_lines
from tailorbird.shell.demo.plan import DEMO_PLAN
from tailorbird.shell.demo.source import find_source
from tailorbird.shell.demo.week import LAST_BASKET_MS, WEEK_MS, Shift
from tailorbird.shell.demo.year import Year

NOW = 1_790_000_000_000


@pytest.fixture(scope="module")
def source():
    try:
        return find_source()
    except MissingExtra as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def lines(source) -> Lines:
    return read_lines(source)


@pytest.fixture(scope="module")
def year(source, lines) -> Year:
    return Year(source, lines.of_households(60), Shift.into_week_of(NOW))


@pytest.fixture(scope="module")
def calls(year) -> list[dict]:
    return [json.loads(sent.json) for sent in year.events()]


def test_events_come_in_the_order_of_time(year):
    times = [sent.at for sent in year.events()]
    assert times == sorted(times)


def test_every_message_id_is_there_once(year, calls):
    ids = Counter(call["messageId"] for call in calls)
    assert len(ids) == len(calls) == year.count()


def test_same_choices_make_the_same_events(year, source):
    again = Year(source, read_lines(source).of_households(60), year.shift)
    assert list(again.events()) == list(year.events())


def test_revenue_is_what_the_products_cost(calls):
    orders = [call["properties"] for call in calls if call.get("event") == "Order Completed"]
    off = [
        abs(order["revenue"] - sum(line["price"] * line["quantity"] for line in order["products"])) for order in orders
    ]
    assert sorted(off)[int(len(off) * 0.99)] <= 0.10  # unit prices are rounded to cents


def test_no_line_has_a_quantity_that_nobody_carries_home(calls):
    lines = [line for call in calls for line in call.get("properties", {}).get("products", ())]
    assert {0} < {line["quantity"] for line in lines} | {0} <= set(range(201))


def test_last_basket_lies_in_the_week_before_now():
    shifted = LAST_BASKET_MS + Shift.into_week_of(NOW).weeks * WEEK_MS
    assert NOW - 7 * DAY_MS < shifted <= NOW


def test_original_time_stays_on_the_event(calls):
    order = next(call for call in calls if call.get("event") == "Order Completed")
    assert order["properties"]["original_timestamp"].startswith("2017-")
    assert order["timestamp"][10:] == order["properties"]["original_timestamp"][10:]


def test_accept_takes_all_and_seals_no_property(year):
    body = b'{"batch":[' + b",".join(sent.json for sent in list(year.events())[:400]) + b"]}"
    accepted = accept("/v1/batch", body, Call(NOW, "demo"), TrackingPlan.load(DEMO_PLAN), b"k" * 32)
    assert (len(accepted.drafts), accepted.rejected) == (400, [])
    assert {name for draft in accepted.drafts for name in (*draft.secret.properties, *draft.secret.traits)} == set()


def test_goods_have_prices_and_what_is_no_goods_is_not_offered(source, lines):
    products = read_products(source)
    shelf = {item.id: item for item in items(products, unit_prices(products, lines))}
    offered = [item for item in shelf.values() if item.available]
    assert len(shelf) == 92_331 and len(offered) > 90_000
    assert all(item.price and item.name and item.category and item.brand for item in offered)
    assert not any("Gasoline" in item.name or "Cigarettes" in item.name for item in offered)
