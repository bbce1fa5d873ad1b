"""Events survive a server that is away, a page that is left and a browser that refuses storage."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sdk_wait import wait_until

pytestmark = pytest.mark.slow


def test_events_wait_while_the_server_is_away_and_arrive_later(visit: Callable[..., Any], shop: Any) -> None:
    shop.away = True
    page = visit()
    page.evaluate("tailorbird.track('Kept')")
    page.wait_for_timeout(400)
    assert shop.events == []
    shop.away = False
    assert shop.wait_for("Kept", seconds=8)
    page.wait_for_function("localStorage.tb_queue === '[]'")


def test_events_of_a_lost_page_arrive_from_the_next(visit: Callable[..., Any], shop: Any) -> None:
    shop.away = True
    visit().evaluate("tailorbird.track('Kept')")
    shop.away = False
    visit(path="/next")
    assert shop.wait_for("Kept")["context"]["page"]["path"] == "/"


def test_leaving_sends_what_waits_as_one_plain_text_beacon(visit: Callable[..., Any], shop: Any) -> None:
    page = visit()
    shop.wait_for("page")
    page.evaluate("tailorbird.track('Last Words'); dispatchEvent(new Event('pagehide')); left = localStorage.tb_queue")
    assert shop.wait_for("Last Words", seconds=1)
    assert "Last Words" in page.evaluate("left")  # kept until somebody confirms it
    assert all(kind.startswith("text/plain") for kind in shop.content_types)


def test_old_beacons_count_as_delivered(visit: Callable[..., Any], shop: Any) -> None:
    page = visit()
    shop.wait_for("page")
    stale = json.dumps([[{"type": "track", "event": "Stale", "messageId": "m", "anonymousId": "a"}, 1]])
    page.evaluate("text => { localStorage.tb_queue = text }", stale)
    visit(path="/next").wait_for_timeout(300)
    assert shop.named("Stale") == []


def test_offset_is_kept_for_the_next_page_and_for_the_shops_server(visit: Callable[..., Any], shop: Any) -> None:
    page = visit()
    page.wait_for_function("document.cookie.includes('tb_offset=1001')")
    assert page.evaluate("sessionStorage.tb_offset") == '"1001"'
    page.evaluate("tailorbird.decide({placements: ['home']})")
    assert shop.asked[0]["after"] == "1001"


def test_decision_waits_for_the_event_before_it(visit: Callable[..., Any], shop: Any) -> None:
    page = visit()
    shop.wait_for("page")
    page.evaluate("tailorbird.track('Product Viewed'); tailorbird.decide({placements: ['home']})")
    assert shop.wait_for("Product Viewed")
    assert shop.asked[0]["after"] == str(1000 + len(shop.batches))


def test_promise_of_an_event_gives_its_offset(visit: Callable[..., Any]) -> None:
    assert visit(options='data-auto=""').evaluate("tailorbird.track('Asked')") == "1001"


def test_works_where_storage_is_refused(visit: Callable[..., Any], shop: Any, page: Any) -> None:
    refuse = "Object.defineProperty(window, '{}', {{get() {{ throw new Error('refused') }}}});"
    page.add_init_script(refuse.format("localStorage") + refuse.format("sessionStorage"))
    visit().evaluate("tailorbird.track('In Memory')")
    assert shop.wait_for("In Memory")["anonymousId"] == shop.named("page")[0]["anonymousId"]


def test_page_works_when_the_server_never_existed(visit: Callable[..., Any], page: Any) -> None:
    body = "<div data-placement='a'></div><div data-placement='b'><p>Our classics</p></div>"
    visit(body, 'data-api="http://127.0.0.1:9"')
    page.wait_for_function("document.querySelector('[data-placement=a]').hidden")
    assert page.inner_text("[data-placement=b]") == "Our classics"
    assert page.evaluate("tailorbird.decide({placements: ['a']})") == {}


def test_bad_properties_throw_nothing_and_block_nobody(visit: Callable[..., Any], shop: Any) -> None:
    page = visit(path="/?utm_source=%E0%A4%A")
    page.evaluate("const ring = {}; ring.ring = ring; tailorbird.track('Ring', ring); tailorbird.track('Big', {n: 1n})")
    page.evaluate("tailorbird.track('Good'); tailorbird.identify(null); tailorbird.consent(null); tailorbird.page(7)")
    assert shop.wait_for("Good")
    assert shop.named("Ring") == shop.named("Big") == []


def test_many_events_leave_in_several_batches_and_none_is_lost(visit: Callable[..., Any], shop: Any) -> None:
    page = visit()
    page.evaluate("for (let n = 0; n < 120; n++) tailorbird.track('Many', {n, text: 'x'.repeat(500)})")
    wait_until(lambda: len(shop.named("Many")) == 120)
    assert [event["properties"]["n"] for event in shop.named("Many")] == list(range(120))
    assert len(shop.batches) > 3
