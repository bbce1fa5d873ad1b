"""A visitor's tale, in a real browser before a real server: what is clicked stands on the very next page."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from storefront_kit import known, recorded, shelf

from tailorbird.testing.live import LiveServer

pytestmark = pytest.mark.slow


def eventually(condition: Callable[[], bool], seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return condition()


@pytest.mark.parametrize("category", ["Yogurt", "Coffee", "Soft Drinks", "Cheese"])
def test_three_clicks_of_one_category_change_the_next_home_page(tab: Any, category: str) -> None:
    for number in range(3):
        tab.goto(f"/category/{category}")
        tab.locator(".wall .face").nth(number).click()
        tab.wait_for_url("**/product/*")
    tab.goto("/")
    first = shelf(tab)[:3]
    word = category.split()[0].lower()
    assert [card["id"].split("-")[0] for card in first] == [word] * 3
    assert all("because you viewed" in card["reason"].lower() for card in first)


def test_product_view_counts_once_and_before_its_own_page(tab: Any, tailorbird_server: LiveServer) -> None:
    tab.goto("/product/coffee-1")
    assert [touch["item"] for touch in known(tailorbird_server, tab)["recent"]] == ["coffee-1"]
    tab.wait_for_timeout(800)
    assert recorded(tailorbird_server, tab).count("Product Viewed") == 1


def test_anonymous_history_is_joined_at_sign_in(tab: Any, tailorbird_server: LiveServer) -> None:
    tab.goto("/product/yogurt-5")
    tab.goto("/signin")
    tab.fill("#household", "4242")
    tab.click(".number button")
    tab.wait_for_url("**/")
    assert tab.inner_text("h1").endswith("household 4242.")
    profile = known(tailorbird_server, tab, "userId", "4242")
    assert [touch["item"] for touch in profile["recent"]] == ["yogurt-5"]


def test_signing_out_makes_a_stranger(tab: Any) -> None:
    tab.goto("/product/yogurt-5")
    tab.goto("/signin")
    tab.fill("#household", "77")
    tab.click(".number button")
    tab.click("text=Sign out")
    assert "household" not in tab.inner_text("h1")
    tab.click("#lens summary")
    assert "knows nothing of you yet" in tab.inner_text("#lens")


def test_exposure_and_click_of_a_recommendation_are_told_by_the_sdk(tab: Any, tailorbird_server: LiveServer) -> None:
    tab.goto("/product/cheese-1")
    tab.goto("/")
    assert eventually(lambda: "Recommendation Viewed" in recorded(tailorbird_server, tab))
    tab.locator("[data-placement=home] .face").first.click()
    tab.wait_for_url("**/product/*")
    assert eventually(lambda: recorded(tailorbird_server, tab).count("Recommendation Clicked") == 1)


def test_basket_and_order_reach_the_profile(tab: Any, tailorbird_server: LiveServer) -> None:
    for item in ("soft-1", "soft-2"):
        tab.goto(f"/product/{item}")
        tab.click(".buy button")
        tab.wait_for_selector(".toast:not([hidden])")
    tab.click(".basket")
    assert tab.inner_text(".total") == "$2.75"
    assert shelf(tab, "cart")
    tab.click("text=To checkout")
    tab.click("text=Place the order")
    assert "Thank you" in tab.inner_text("h1")
    profile = known(tailorbird_server, tab)
    assert (profile["rfm"]["frequency"], profile["rfm"]["monetary"]) == (1, 2.75)
    assert tab.inner_text("[data-pieces]") == "0"


def test_panel_shows_what_the_shop_knows(tab: Any) -> None:
    tab.goto("/product/coffee-2")
    tab.goto("/")
    tab.click("#lens summary")
    text = tab.inner_text("#lens")
    assert "Coffee No 2" in text and "viewed just now" in text and "100%" in text


def test_placement_filled_by_the_browser_looks_like_its_neighbours(tab: Any) -> None:
    tab.goto("/product/coffee-3")
    card = tab.locator(".later [data-product-id]").first
    card.wait_for()
    assert card.locator(".ticket").count() == 1
    assert tab.locator(".tb-skeleton").count() == 0


def test_withdrawn_consent_holds_from_the_next_page_on(tab: Any, tailorbird_server: LiveServer) -> None:
    tab.goto("/product/coffee-4")
    tab.goto("/privacy")
    for switch in ("analytics", "personalization"):
        tab.uncheck(f"[name={switch}]")
    tab.click(".switches button")
    tab.goto("/product/coffee-5")
    tab.goto("/")
    tab.wait_for_timeout(1300)
    told = recorded(tailorbird_server, tab)
    assert told.count("Product Viewed") == 1
    assert not any("you viewed" in card["reason"].lower() for card in shelf(tab))


def test_product_page_offers_what_goes_with_it_and_what_would_do_instead(tab: Any) -> None:
    tab.goto("/product/yogurt-2")
    assert shelf(tab, "product")
    instead = shelf(tab, "similar")
    assert instead and all(card["reason"] == "Similar to Yogurt No 2, 6 oz" for card in instead)
    tab.locator(".later [data-product-id]").first.wait_for()
    offered = [card["id"] for name in ("product", "similar", "home") for card in shelf(tab, name)]
    assert len(offered) == len(set(offered)) and "yogurt-2" not in offered[: len(offered) - 6]


def test_nothing_is_offered_twice_on_a_page(tab: Any) -> None:
    tab.goto("/product/coffee-6")
    tab.goto("/")
    offered = [card["id"] for name in ("again", "home", "popular") for card in shelf(tab, name)]
    assert len(offered) == len(set(offered)) > 6
