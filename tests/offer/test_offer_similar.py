"""Similar to this: alike by words, of the same category, kept up to date, and never itself."""

from offer_world import NOW, ask, shown

from tailorbird.events import Item
from tailorbird.offer.placement import load_placements
from tailorbird.offer.request import Context, Request
from tailorbird.offer.shelf import Shelf

YOGURT = [
    Item("plain", "Plain Yogurt", "YOGURT", "Alp", 1.0),
    Item("greek", "Greek Yogurt", "YOGURT", "Alp", 1.5),
    Item("berry", "Berry Yogurt Drink", "YOGURT", "Dale", 1.5),
    Item("quark", "Quark", "YOGURT", "Dale", 1.2),
    Item("milk", "Plain Milk", "MILK", "Alp", 1.0),
]


def like(item, items=YOGURT, **more):
    [decision] = ask(Request(("similar",), Context(item=item)), items=items, **more)
    return decision


def test_similar_items_share_words_and_are_of_the_same_category():
    assert shown(like("plain")) == ["greek", "berry"]


def test_the_reason_names_what_it_is_like_and_is_the_whole_score():
    first = like("plain").items[0]
    [reason] = first.reasons
    assert (reason.kind, reason.text, reason.item) == ("similar", "similar to Plain Yogurt", "plain")
    assert reason.value == first.score > 0


def test_the_link_is_the_page_s():
    assert like("plain").link == "context"


def test_where_nothing_is_alike_nothing_else_takes_its_place():
    assert (shown(like("milk")), like("milk").link) == ([], "empty")
    assert shown(like("nonsense")) == []


def test_a_new_item_is_similar_from_its_upsert_on_and_a_deleted_one_no_more():
    shelf = Shelf(YOGURT)
    like("plain", shelf)
    shelf.apply([("skyr", Item("skyr", "Plain Yogurt Skyr", "YOGURT", "Alp"))], 1)
    assert shown(like("plain", shelf))[0] == "skyr"
    shelf.apply([("skyr", None)], 2)
    assert shown(like("plain", shelf)) == ["greek", "berry"]


def test_what_is_sold_out_is_similar_again_when_it_comes_back():
    shelf = Shelf(YOGURT)
    shelf.apply([("greek", Item("greek", "Greek Yogurt", "YOGURT", "Alp", available=False))], 1)
    assert shown(like("plain", shelf)) == ["berry"]
    shelf.apply([("greek", YOGURT[1])], 2)
    assert shown(like("plain", shelf)) == ["greek", "berry"]


def test_rules_and_boosts_of_the_placement_hold():
    cheap = load_placements({"similar": {"rule": "price <= 1.2"}})
    assert shown(like("plain", placements=cheap)) == []
    boosted = load_placements({"similar": {"boost": [{"when": "brand = 'Dale'", "by": 50}]}})
    assert shown(like("plain", placements=boosted)) == ["berry", "greek"]


def test_of_a_whole_cart_the_most_alike_speaks():
    [decision] = ask(Request(("similar",), Context(items=("milk", "plain"))), items=YOGURT, now=NOW)
    caused = {choice.id: choice.reasons[0].item for choice in decision.items}
    assert caused == {"greek": "plain", "berry": "plain"}


def test_of_one_name_only_the_best_stands_there():
    twins = [Item(f"greek{n}", "Greek Yogurt", "YOGURT", "Alp", 1.0 + n) for n in range(3)]
    assert shown(like("plain", [*YOGURT, *twins])) == ["greek", "berry"]
