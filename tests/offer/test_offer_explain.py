"""What is said of a page to who asks with `debug`: the parts of each score, and what was left out, by which rule."""

import pytest
from offer_world import NOW, ask, shop, shown, world_model

from tailorbird.events import DAY_MS
from tailorbird.know.profile import Bought, Profile, Touch
from tailorbird.offer.placement import load_placements
from tailorbird.offer.request import Context, Request

MODEL = world_model()
ANN = Profile(
    b"p",
    orders=5,
    recent=[Touch("i3", "viewed", NOW - 1000)],
    bought={"i3": Bought(5, NOW - 40 * DAY_MS, NOW - 9 * DAY_MS), "i8": Bought(4, NOW - 40 * DAY_MS, NOW - 9 * DAY_MS)},
)


def page(profile=ANN, items=None, request=None, **fields):
    asked = request or Request(limit=4, debug=True)
    [home] = ask(asked, profile, items, MODEL, load_placements({"home": fields} if fields else {}))
    steps = {step["step"]: step for step in home.steps}
    return home, steps, {one["id"]: one for one in steps["left_out"]["items"]}


def test_the_parts_of_a_score_add_up_to_it():
    home, steps, _ = page()
    for choice in home.items:
        assert sum(steps["score"]["terms"][choice.id].values()) == pytest.approx(choice.score, abs=1e-5)


@pytest.mark.parametrize(
    "fields, item, code, why",
    [
        ({"rule": "in_stock and price < 3"}, "i3", "rule", "the rule asks for price < 3"),
        ({"never": {"id": ["i3"]}}, "i3", "rule", "the placement never shows id i3"),
        ({"only": {"max_price": 3}}, "i3", "rule", "the placement shows only price up to 3"),
        ({"exclude": ["i3"]}, "i3", "excluded", "the placement excludes it"),
        ({"hide": ["seen"]}, "i3", "hidden", "the placement hides what was seen lately"),
        ({"boost": [{"when": "id <> 'i3' and id <> 'i8'", "by": 90}]}, "i3", "wishes", "gave its place to others"),
    ],
)
def test_each_rule_is_named_with_what_it_took(fields, item, code, why):
    home, _, out = page(**fields)
    assert item not in shown(home)
    assert (out[item]["code"], why in out[item]["why"]) == (code, True)


def test_what_is_sold_out_is_told():
    _, _, out = page(items=shop(i4={"available": False}))
    assert out["i4"]["code"] == "unavailable"


def test_what_the_page_excluded_is_told():
    _, _, out = page(request=Request(limit=4, debug=True, exclude=("i3",)))
    assert out["i3"]["why"] == "the page shows it, or asked without it"


def test_a_page_without_rules_leaves_nothing_out_but_what_is_too_much_of_a_kind():
    assert {one["code"] for one in page()[2].values()} <= {"too_many"}


def test_nobody_pays_who_did_not_ask():
    [home] = ask(Request(limit=4), ANN, None, MODEL)
    assert home.steps == []


def test_asking_changes_nothing_of_the_answer():
    plain, asked = Request(("home", "similar", "popular"), Context(item="i3"), limit=5), None
    asked = Request(plain.placements, plain.context, limit=5, debug=True)
    assert [shown(one) for one in ask(plain, ANN, None, MODEL)] == [shown(one) for one in ask(asked, ANN, None, MODEL)]
