"""Placements are filled without a jump, and only what was seen counts as shown."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow
ITEMS = [
    {"id": "1", "item": {"name": "Oat Milk", "url": "#oat"}, "reasons": [{"text": "because you bought Muesli"}]},
    {"id": "2", "item": {"name": "Rye <b>", "url": "javascript:alert(1)"}, "reasons": []},
]
CARD = """<template><article style='height:100px'><a data-set-href='url'><h3 data-set-text='name'></h3></a>
<p data-set-text='reason'></p></article></template>"""


def block(style: str = "", extra: str = "", content: str = CARD) -> str:
    return f"<div data-placement='home' data-limit='2' style='{style}' {extra}>{content}</div><footer>end</footer>"


@pytest.fixture(autouse=True)
def offers(shop: Any) -> None:
    shop.offered = {"home": ITEMS}


def filled(page: Any) -> Any:
    page.wait_for_selector("[data-decision-id]", state="attached")
    return page


def test_block_is_filled_from_its_template(visit: Callable[..., Any], shop: Any) -> None:
    page = filled(visit(block(extra="data-context-item='7'")))
    assert page.locator("h3").all_inner_texts() == ["Oat Milk", "Rye <b>"]
    assert page.locator("p").first.inner_text() == "because you bought Muesli"
    assert shop.asked[0]["context"] == {"item": "7"}
    assert shop.asked[0]["limit"] == 2


def test_script_addresses_from_the_catalogue_are_refused(visit: Callable[..., Any]) -> None:
    links = filled(visit(block())).locator("a")
    assert [links.nth(n).get_attribute("href") for n in range(2)] == ["#oat", None]


def test_nothing_jumps_when_the_answer_comes(visit: Callable[..., Any], page: Any) -> None:
    page.route("**/v1/decide", lambda route: (page.wait_for_timeout(300), route.continue_()))
    visit(block())
    page.wait_for_selector(".tb-skeleton", state="attached")
    top = "document.querySelector('footer').getBoundingClientRect().top"
    before = page.evaluate(top)
    assert filled(page).evaluate(top) == before
    assert page.locator(".tb-skeleton").count() == 0


def test_blocks_with_equal_wishes_share_one_request(visit: Callable[..., Any], shop: Any) -> None:
    two = "<div data-placement='home'></div><div data-placement='popular'></div>"
    filled(visit(two))
    assert [request["placements"] for request in shop.asked] == [["home", "popular"]]


def test_page_may_draw_a_placement_itself(visit: Callable[..., Any]) -> None:
    draw = "({items}) => items.map(one => Object.assign(document.createElement('li'), {textContent: one.id}))"
    page = visit(f"<script>tailorbird = [['init', {{render: {{home: {draw}}}}}]]</script>{block()}")
    assert filled(page).locator("li").all_inner_texts() == ["1", "2"]


def test_seen_for_a_second_counts_as_viewed_once(visit: Callable[..., Any], shop: Any) -> None:
    page = filled(visit(block()))
    event = shop.wait_for("Recommendation Viewed")
    page.wait_for_timeout(1500)
    assert event["properties"] == {"decision_id": "decision-home", "placement": "home", "items": ["1", "2"]}
    assert len(shop.named("Recommendation Viewed")) == 1


def test_less_than_half_in_view_is_not_viewed(visit: Callable[..., Any], shop: Any) -> None:
    page = filled(visit("<div style='height:510px'></div>" + block("height:200px")))
    page.wait_for_timeout(1600)
    assert shop.named("Recommendation Viewed") == []
    page.evaluate("scrollTo(0, 300)")
    assert shop.wait_for("Recommendation Viewed")


def test_less_than_a_second_is_not_viewed(visit: Callable[..., Any], shop: Any) -> None:
    page = filled(visit(block() + "<div style='height:3000px'></div>"))
    page.wait_for_timeout(500)
    page.evaluate("scrollTo(0, 2000)")
    page.wait_for_timeout(1500)
    assert shop.named("Recommendation Viewed") == []


def test_hidden_tab_views_nothing(visit: Callable[..., Any], shop: Any, page: Any) -> None:
    page.add_init_script("Object.defineProperty(document, 'hidden', {get: () => window.away !== false})")
    filled(visit(block())).wait_for_timeout(1500)
    assert shop.named("Recommendation Viewed") == []
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    assert shop.wait_for("Recommendation Viewed")


def test_click_says_which_item_of_which_decision(visit: Callable[..., Any], shop: Any) -> None:
    filled(visit(block())).click("text=Oat Milk")
    wanted = {"decision_id": "decision-home", "placement": "home", "product_id": "1", "position": 1}
    assert shop.wait_for("Recommendation Clicked")["properties"] == wanted


def test_block_rendered_by_the_server_is_watched_and_not_asked_for(visit: Callable[..., Any], shop: Any) -> None:
    card = "<a href='#x' data-product-id='9'>Nine</a>"
    visit(block(extra="data-decision-id='d9'", content=card)).click("text=Nine")
    assert shop.wait_for("Recommendation Clicked")["properties"]["product_id"] == "9"
    assert shop.wait_for("Recommendation Viewed")["properties"]["decision_id"] == "d9"
    assert shop.asked == []
