"""Whatever is asked, `decide` answers; what it answers is defined."""

from itertools import count

import msgspec
import pytest

from tailorbird.consent.purpose import Policy
from tailorbird.events import DAY_MS, Item
from tailorbird.know.profile import Bought, Consent, Profile, Touch
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.request import Context, Request
from tailorbird.offer.shelf import Shelf

NOW = 1_700_000_000_000
HOME = Request()
SHOP = [
    Item(f"{category}{n}", f"{category} {n}", category, price=1.0 + n) for n in range(9) for category in ("tea", "pie")
]


def ask(request=HOME, profile=None, items=SHOP, model=None):
    ids = count(1)
    return decide(request, profile, Shelf(items), model, BUILT_IN, Policy(), NOW, lambda: f"d{next(ids)}")


def shown(decision):
    return [choice.id for choice in decision.items]


def test_a_stranger_without_a_model_sees_the_catalogue_category_by_category():
    [home] = ask(Request(limit=4))
    assert (shown(home), home.link) == (["tea0", "pie0", "tea1", "pie1"], "catalogue")
    assert home.why == "unknown person; no model has been trained yet"


def test_three_clicks_in_a_category_turn_the_next_page_though_there_is_no_model():
    clicks = [Touch(f"pie{n}", "clicked", NOW - n * 1000) for n in (3, 2, 1)]
    [home] = ask(Request(limit=6), Profile(b"p", recent=clicks))
    assert [msgspec.json.decode(choice.item)["category"] for choice in home.items][:3] == ["pie"] * 3
    assert home.link == "history"
    assert home.items[0].reasons[0].text == "because you clicked pie 1"


@pytest.mark.parametrize("limit, expected", [(0, 0), (-5, 0), (3, 3), (10**9, 18)])
def test_any_limit_has_its_answer(limit, expected):
    [home] = ask(Request(limit=limit))
    assert len(home.items) == expected


def test_unknown_placement_answers_no_items_and_names_the_known_ones():
    [decision] = ask(Request(("nowhere",)))
    assert (decision.items, decision.link) == ([], "empty")
    assert "again, cart, home, popular, product, similar" in decision.why


def test_an_empty_catalogue_answers_every_placement():
    assert {decision.link for decision in ask(Request(tuple(BUILT_IN)), items=[])} == {"empty"}


def test_withheld_consent_answers_as_to_a_stranger_and_says_so():
    clicks = [Touch("pie3", "clicked", NOW)]
    profile = Profile(b"p", recent=clicks, consent={"personalization": Consent(False, NOW - 1, "test")})
    [home], [stranger] = ask(Request(limit=6), profile), ask(Request(limit=6))
    assert (shown(home), home.link) == (shown(stranger), "catalogue")
    assert "personalization" in home.why


def test_goes_with_offers_neither_the_item_nor_what_lies_in_the_cart():
    [product] = ask(Request(("product",), Context(item="tea1", items=("tea2", "nonsense"))))
    assert {"tea1", "tea2"}.isdisjoint(shown(product))
    assert (msgspec.json.decode(product.items[0].item)["category"], product.link) == ("tea", "context")


def test_buy_it_again_shows_only_what_was_bought():
    bought = {"tea4": Bought(5, NOW - 40 * DAY_MS, NOW - 4 * DAY_MS), "gone": Bought(3, NOW, NOW)}
    [again] = ask(Request(("again",)), Profile(b"p", orders=5, bought=bought))
    assert shown(again) == ["tea4"]
    assert again.items[0].reasons[0].text == "you buy this about every 9 days"


def test_debug_tells_the_steps_that_led_there():
    [home] = ask(Request(exclude=("tea0",), debug=True))
    steps = {step["step"]: step for step in home.steps}
    assert list(steps) == ["consent", "history", "rank", "gate", "score", "left_out"]
    assert steps["gate"]["refused"]["excluded"] == 1


@pytest.mark.parametrize("name", ["product", "similar", "cart"])
def test_what_starts_from_an_item_says_when_there_is_none(name):
    [without] = ask(Request((name,)))
    assert "neither context.item nor context.items was given" in without.why
    [unknown] = ask(Request((name,), Context(item="tea99")))
    assert "'tea99' is not in the catalogue" in unknown.why
    [known] = ask(Request((name,), Context(items=("tea99", "tea1"))))
    assert "catalogue" not in known.why and "context" not in known.why
