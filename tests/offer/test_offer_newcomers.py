"""An item that came a moment ago is offered beside what it is like, and the answer says so."""

import pytest
from hypothesis import given, settings
from msgspec.structs import replace
from offer_world import NOW, ask, profiles, shop, shown, world_model

from tailorbird.consent.purpose import Policy
from tailorbird.events import Item
from tailorbird.know.profile import Profile, Touch
from tailorbird.offer.decide import _link, decide
from tailorbird.offer.newcomers import AT_ONCE, DAMPED, NEWCOMER, REST_MS, Newcomer, Newcomers, _merged, newcomers_of
from tailorbird.offer.placement import BUILT_IN, load_placements
from tailorbird.offer.recommend.join import joined
from tailorbird.offer.recommend.rank import Proposal
from tailorbird.offer.request import Context, Request
from tailorbird.offer.shelf import Shelf

MODEL = world_model()
WORDS = {f"i{n}": {"name": f"{word} drink", "category": "tea"} for n, word in ((3, "mint"), (4, "oat"), (5, "pear"))}
NEW = Item("new", "oat drink", "tea", price=2.0)
CLICKED = Profile(b"p", recent=[Touch("i3", "clicked", NOW), Touch("i3", "bought", NOW)])
ALL = Request(limit=24, debug=True)


def page(items, profile=CLICKED, request=ALL, placements=None):
    [decision] = ask(request, profile, items, MODEL, placements or load_placements({"home": {"per_category": 1.0}}))
    return decision


def test_a_new_item_gets_a_damped_share_of_what_its_likes_get_from_history():
    found = {choice.id: choice for choice in page([*shop(**WORDS), NEW]).items}
    like = next(reason for reason in found["i4"].reasons if reason.kind == "history")
    content, history = found["new"].reasons
    assert (content.kind, content.text, content.item) == ("content", "new, and like oat drink", "i4")
    assert found["new"].score == content.value
    assert 0 < history.value <= DAMPED * like.value * 1.0001
    assert history.text == "because you clicked mint drink"


def test_the_new_item_enters_the_shelf_that_serves_and_goes_with_it():
    shelf = Shelf(shop(**WORDS))
    assert "new" not in shown(page(shelf))
    shelf.apply([("new", NEW)], 2)
    assert "new" in shown(page(shelf))
    shelf.apply([("new", replace(NEW, name="nothing known", category="none"))], 3)
    assert "new" not in shown(page(shelf))  # 24 others come before
    shelf.apply([("new", None)], 4)
    assert "new" not in shown(page(shelf))
    assert not any(newcomers_of(joined(shelf, MODEL)).heirs.values())


def test_the_link_of_the_chain_is_content_where_nothing_stronger_spoke():
    new, popular = Newcomer(1, 1.0, first=NEWCOMER, like=2), Proposal(2, 1.0, terms=(0, 0, 0, 0, 1.0))
    known = Proposal(2, 1.0, personal=True, terms=(1.0, 0, 0, 0, 0))
    assert (_link([new, popular]), _link([new, known]), _link([popular])) == ("content", "history", "popular")


def test_what_it_goes_with_brings_it_on_a_product_page():
    found = page([*shop(**WORDS), NEW], None, Request(("product",), Context(item="i3"), limit=24), None)
    assert "new" in shown(found)


@settings(max_examples=60, deadline=None)
@given(profiles)
def test_without_the_cause_the_new_item_scores_less(profile):
    items = [*shop(**WORDS), NEW]
    whole = next((choice for choice in page(items, profile).items if choice.id == "new"), None)
    if whole is None or whole.reasons[0].kind != "content" or len(whole.reasons) < 2:
        return
    profile.recent = [touch for touch in profile.recent if touch.item != whole.reasons[1].item]
    after = next((choice for choice in page(items, profile).items if choice.id == "new"), None)
    assert after is None or after.score < whole.score or after.reasons[0].kind != "content"


def test_many_new_items_are_looked_at_a_few_at_a_time():
    shelf = Shelf([*shop(**WORDS), *(replace(NEW, id=f"n{n}") for n in range(3 * AT_ONCE))])
    newcomers = Newcomers(joined(shelf, MODEL))
    placed = []
    for _ in range(4):
        newcomers.work()
        placed.append(len({row for heirs in newcomers.heirs.values() for row in heirs}))
    assert placed == [AT_ONCE, 2 * AT_ONCE, 3 * AT_ONCE, 3 * AT_ONCE]


def test_between_two_requests_that_look_at_many_others_are_answered_at_once():
    shelf = Shelf([*shop(**WORDS), *(replace(NEW, id=f"n{n}") for n in range(3 * AT_ONCE))])
    pending = []
    for now in (NOW, NOW + REST_MS - 1, NOW + REST_MS, NOW):  # at last its clock was set back
        decide(ALL, CLICKED, shelf, MODEL, BUILT_IN, Policy(), now, str)
        pending.append(len(shelf.newcomers.pending))
    assert pending == [2 * AT_ONCE, 2 * AT_ONCE, AT_ONCE, 0]


@pytest.mark.parametrize("items", [[NEW], [Item("")], []])
def test_a_shop_of_nothing_but_new_items_is_answered(items):
    assert page(items).link in ("catalogue", "empty", "history")


def test_an_item_that_is_as_much_like_two_others_comes_once_and_harms_nobody():
    twins = {"i3": {"name": "oat drink", "category": "tea"}, "i4": {"name": "oat drink", "category": "tea"}}
    like = [Proposal(row, 1.0, personal=True, terms=(1.0, 0, 0, 0, 0)) for row in (3, 4)]
    merged = list(_merged(iter(like), {3: {24: 0.4}, 4: {24: 0.4}}))
    assert [(one.row, one.like) for one in merged if isinstance(one, Newcomer)] == [(24, 3), (24, 4)]
    assert shown(page([*shop(**twins), NEW])).count("new") == 1


def test_what_came_before_its_likes_did_is_held_against_them_once_they_are_there():
    items = {item.id: item for item in shop(**WORDS)}
    late = [items.pop(name) for name in ("i3", "i4", "i7", "i11")]
    shelf = Shelf([NEW, *(item for item in items.values() if item.category != "tea")])
    assert not newcomers_of(joined(shelf, MODEL)).heirs  # its category holds nothing that the model knows
    shelf.apply([(item.id, item) for item in [*items.values(), *late]], 2)
    assert "new" in shown(page(shelf))
    assert shelf.row["new"] in newcomers_of(joined(shelf, MODEL)).heirs[shelf.row["i4"]]


def test_likes_that_arrive_by_halves_are_all_known_in_the_end():
    whole = Shelf([*shop(**WORDS), NEW])
    parts = Shelf([*shop(**WORDS)[:4], NEW])
    newcomers_of(joined(parts, MODEL))
    parts.apply([(item.id, item) for item in shop(**WORDS)[4:]], 2)
    assert by_id(whole) == by_id(parts) != {}


def by_id(shelf):
    found = newcomers_of(joined(shelf, MODEL)).heirs
    return {shelf.items[row].id: {shelf.items[heir].id: w for heir, w in new.items()} for row, new in found.items()}


@pytest.mark.parametrize("factor", [0.25, 1.0, 4.0])
def test_what_trees_make_of_its_like_they_make_of_it_too(factor):
    like = Proposal(3, 2.0 * factor, personal=True, terms=(1.5, 0.5, 0.0, 0.0, 0.0), share=1.0)
    [_, heir] = _merged(iter([like]), {3: {24: 0.4}})
    assert heir.score == pytest.approx(0.4 * 1.5 * factor)
    assert (heir.terms[0], heir.share) == (heir.score, pytest.approx(0.4 * factor))
