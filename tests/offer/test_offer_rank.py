"""What a click does to the very next page, with a model and without one."""

import msgspec
import pytest
from offer_world import IDS, NOW, ask, shop, shown, world_model

from tailorbird.events import DAY_MS, Item
from tailorbird.know.profile import Bought, Profile, Touch
from tailorbird.offer.placement import BUILT_IN, Placement, Rule
from tailorbird.offer.recommend.history import history_of
from tailorbird.offer.recommend.join import joined
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.recommend.rank import Ask, ranked
from tailorbird.offer.request import Context, Request
from tailorbird.offer.shelf import Shelf

MODEL = world_model()
TEA = ["i0", "i4", "i8", "i12", "i16", "i20"]
SIX = Request(limit=6)


def clicks(*ids, kind="viewed", at=NOW):
    return [Touch(item_id, kind, at - 1000 * n) for n, item_id in enumerate(reversed(ids))][::-1]


def categories(decision):
    return [msgspec.json.decode(choice.item)["category"] for choice in decision.items]


@pytest.mark.parametrize("model", [MODEL, None], ids=["trained", "untrained"])
@pytest.mark.parametrize("kind", ["viewed", "clicked"])
def test_three_clicks_in_a_category_turn_half_of_the_next_page(model, kind):
    before, after = (
        ask(SIX, Profile(b"p", recent=recent), model=model)[0] for recent in ([], clicks("i0", "i4", "i8", kind=kind))
    )
    assert categories(before).count("tea") < categories(after).count("tea") == 3
    assert msgspec.json.decode(after.items[0].item)["category"] == "tea" and after.link == "history"
    assert after.items[0].reasons[0].item in ("i0", "i4", "i8")


def test_three_clicks_outweigh_a_year_of_habit():
    habit = {item: Bought(30, NOW - 300 * DAY_MS, NOW - 7 * DAY_MS) for item in ("i1", "i5", "i9", "i13", "i2", "i6")}
    profile = Profile(b"p", orders=40, first_order_at=NOW - 300 * DAY_MS, last_order_at=NOW - 7 * DAY_MS, bought=habit)
    assert "tea" not in categories(ask(SIX, profile, model=MODEL)[0])[:5]
    profile.recent = clicks("i0", "i4", "i8")
    assert categories(ask(SIX, profile, model=MODEL)[0])[:3].count("tea") >= 2


def test_items_that_no_model_knows_still_turn_the_page_by_their_category():
    fresh = [Item(f"n{n}", f"new {n}", "hats") for n in range(8)]
    [home] = ask(SIX, Profile(b"p", recent=clicks("n0", "n1", "n2")), items=[*shop(), *fresh], model=MODEL)
    assert categories(home).count("hats") == 3
    assert home.items[0].reasons[0].text.startswith("because you viewed new")


def test_clicks_of_last_week_no_longer_turn_the_page():
    [home] = ask(SIX, Profile(b"p", recent=clicks("n0", at=NOW - 7 * DAY_MS)), items=[*shop(), Item("n0", "", "hats")])
    assert home.link == "catalogue"


def test_co_bought_items_come_first_on_a_product_page():
    [product] = ask(Request(("product",), Context(item="i10"), limit=2), model=MODEL)
    assert set(shown(product)) == {"i9", "i11"} and product.link == "context"


def test_a_cart_of_unknown_items_still_gets_something():
    [cart] = ask(Request(("cart",), Context(items=("x", "y")), limit=3), model=MODEL)
    assert len(cart.items) == 3 and cart.link == "popular"


def test_a_category_page_brings_its_category_up():
    [home] = ask(Request(limit=4, context=Context(category="soap")), model=MODEL)
    assert categories(home)[:2] == ["soap", "soap"] and home.link == "context"


def test_a_narrow_rule_is_filled_from_the_whole_catalogue():
    placements = {"home": Placement("home", only=Rule(id=("i21", "i22")))}
    assert set(shown(ask(SIX, model=MODEL, placements=placements)[0])) == {"i21", "i22"}


def test_an_item_upserted_a_moment_ago_can_come_out():
    shelf = Shelf(shop())
    ask(SIX, items=shelf, model=MODEL)
    shelf.apply([("n1", Item("n1", "hat", "hats"))], 2)
    [home] = ask(SIX, Profile(b"p", recent=clicks("n1")), items=shelf, model=MODEL)
    assert shown(home)[0] == "n1"


def test_a_shelf_that_doubles_keeps_its_model():
    shelf = Shelf(shop())
    before = shown(ask(SIX, items=shelf, model=MODEL)[0])
    shelf.apply([(f"n{n}", Item(f"n{n}", "", "hats")) for n in range(500)], 2)
    assert shown(ask(SIX, items=shelf, model=MODEL)[0]) == before


def test_an_item_that_left_the_catalogue_still_speaks_for_its_neighbours():
    shelf = Shelf([item for item in shop() if item.id != "i10"])
    bought = Profile(b"p", recent=[Touch("i10", "bought", NOW - DAY_MS)])
    [home] = ask(SIX, bought, items=shelf, model=MODEL)
    assert {"i9", "i11"} <= set(shown(home)) and home.link == "history"


def test_one_item_is_a_catalogue():
    for decision in ask(Request(tuple(BUILT_IN)), items=[Item("i1")], model=MODEL):
        assert shown(decision) == ([] if decision.placement in ("again", "similar") else ["i1"])


def test_equal_requests_get_equal_answers():
    profile = Profile(b"p", recent=clicks(*IDS[:9]))
    assert ask(SIX, profile, model=MODEL) == ask(SIX, profile, model=MODEL)


def test_an_empty_shelf_has_nothing_to_rank():
    joint = joined(Shelf([]), MODEL)
    person = Person(Profile(b"p", recent=clicks("i0", "i4"), bought={"i3": Bought(3, NOW - DAY_MS, NOW)}))
    ask_all = Ask(joint, BUILT_IN["home"], Context(), person, history_of(person.columns(joint)), NOW, 20)
    assert [list(ranked(ask_all)) for _ in range(50)] == [[]] * 50
