"""What a site wishes for a page is what stands there, as far as the gate lets it."""

from collections import Counter
from itertools import permutations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offer_world import IDS, NOW, ask, profiles, shop, shown, world_model

from tailorbird.events import Item
from tailorbird.know.profile import Profile, Touch
from tailorbird.offer.placement import BUILT_IN, Placement, load_placements
from tailorbird.offer.recommend.join import joined
from tailorbird.offer.recommend.rank import Proposal
from tailorbird.offer.request import Context, Request
from tailorbird.offer.rules.chance import explored
from tailorbird.offer.rules.reweigh import held_back
from tailorbird.offer.rules.room import Room
from tailorbird.offer.rules.unlike import alike, unlike
from tailorbird.offer.rules.wishes import Diversity
from tailorbird.offer.shelf import Shelf

MODEL = world_model()
CLICKED = Profile(b"p", recent=[Touch("i3", "clicked", NOW), Touch("i9", "clicked", NOW)])


def page(body, profile=CLICKED, items=None, request=None, model=MODEL):
    [decision] = ask(request or Request(limit=8, debug=True), profile, items, model, load_placements({"home": body}))
    return decision


def step(decision, name):
    return [one for one in decision.steps if one["step"] == name]


@settings(max_examples=60, deadline=None)
@given(profiles)
def test_wishes_that_change_nothing_give_the_page_of_the_gate_alone(profile):
    requests = Request(tuple(BUILT_IN), Context(item="i3"), limit=8)
    plain = ask(requests, profile, model=MODEL)
    same = load_placements({name: {"pin": {"99": "i1"}} for name in BUILT_IN})
    for mine, theirs in zip(ask(requests, profile, model=MODEL, placements=same), plain, strict=True):
        assert (mine.items, mine.link, mine.probability) == (theirs.items, theirs.link, theirs.probability)


def test_a_rule_holds_for_all_that_comes_out():
    found = page({"rule": "price < 10 and category <> 'pie'"})
    by_id = {item.id: item for item in shop()}
    assert len(found.items) == 5
    assert all(by_id[one].price < 10 and by_id[one].category not in ("pie", "") for one in shown(found))


def test_a_boost_multiplies_score_and_terms_and_the_steps_and_why_say_so():
    plain = {choice.id: choice for choice in page({}).items}
    found = page({"boost": [{"when": "id = 'i12'", "by": 50}, {"when": "category = 'tea'", "by": 0.5}]})
    assert shown(found)[0] == "i12"
    [lifted, lowered] = step(found, "boost")
    assert (lifted["items"], lifted["by"]) == (["i12"], 50)
    assert "1 boosted by 50: id = 'i12'" in found.why
    by_id = {item.id: item for item in shop()}
    for choice in found.items:
        if choice.id in plain and choice.id != "i12":
            factor = 0.5 if by_id[choice.id].category == "tea" else 1
            assert choice.score == pytest.approx(plain[choice.id].score * factor)
            assert sum(reason.value for reason in choice.reasons) <= choice.score * 1.001
    assert [choice.score for choice in found.items] == sorted((choice.score for choice in found.items), reverse=True)
    assert set(lowered["items"]) == {one for one in shown(found) if by_id[one].category == "tea"}


def test_a_pin_stands_at_its_place_with_its_reason():
    found = page({"pin": {1: "i20", 4: "i21"}})
    assert (shown(found)[0], shown(found)[3], len(found.items)) == ("i20", "i21", 8)
    assert found.items[0].reasons[0].kind == "pinned"
    assert len(set(shown(found))) == 8


def test_a_pin_that_the_gate_refuses_leaves_its_place_to_the_next():
    found = page({"pin": {1: "i20", 2: "gone"}, "rule": "id <> 'i20'"})
    assert "i20" not in shown(found) and len(found.items) == 8
    assert step(found, "pin") == [{"step": "pin", "items": {}}]


def test_a_pin_behind_the_end_of_a_short_page_comes_last():
    found = page({"pin": {6: "i1"}}, items=[Item("i0"), Item("i1"), Item("i2")])
    assert shown(found)[-1] == "i1" and len(found.items) == 3


def test_what_is_excluded_is_refused_as_such():
    found = page({"exclude": shown(page({}))[:3]})
    assert set(shown(page({}))[:3]).isdisjoint(shown(found))
    assert "rule" not in step(found, "gate")[0]["refused"]


def test_quotas_hold_while_others_are_left():
    items = [Item(f"{brand}{n}", category=f"c{n}", brand=brand) for brand in ("a", "b", "c") for n in range(9)]
    found = page({"diversity": {"most": {"brand": 2}}}, items=items, request=Request(limit=6), model=None)
    assert Counter(one[0] for one in shown(found)) == {"a": 2, "b": 2, "c": 2}
    full = page({"diversity": {"most": {"brand": 2}}}, items=items, request=Request(limit=9), model=None)
    assert len(full.items) == 9  # nothing else is left: the page is filled


def test_a_quota_may_name_an_attribute_and_what_does_not_say_it_is_no_topic():
    items = [Item(f"i{n}", category=f"c{n}", attributes={"roast": "dark"} if n < 4 else {}) for n in range(8)]
    found = page({"diversity": {"most": {"roast": 1}}}, items=items, request=Request(limit=5), model=None)
    assert len({"i0", "i1", "i2", "i3"} & set(shown(found))) == 1


def test_mmr_makes_a_page_less_alike_and_weight_nought_changes_nothing():
    by_id = {item.id: item for item in shop()}

    def likeness(decision):
        return sum(alike(by_id[one], by_id[other]) for one, other in permutations(shown(decision), 2))

    body = {"per_category": 1.0}
    assert shown(page({**body, "diversity": {"mmr": 0.0}})) == shown(page(body))
    assert likeness(page({**body, "diversity": {"mmr": 0.7}})) < likeness(page(body))


def simply_unlike(pool, seats, weight, room, before):
    """The same, one candidate at a time."""
    page, left, highest = list(before), list(pool), max((one.score for _, one in pool), default=0.0) or 1.0
    chosen = []
    while left and len(chosen) < seats:
        fitting = [entry for entry in left if room.admits(room.topics(entry[0]))] or left

        def worth(entry):
            return (1 - weight) * entry[1].score / highest - weight * max((alike(entry[0], i) for i in page), default=0)

        best = max(fitting, key=worth)
        room.take(room.topics(best[0]))
        left.remove(best)
        page.append(best[0])
        chosen.append(best)
    return chosen, left


named = st.sampled_from(["", "a", "b"])
pools = st.lists(st.tuples(st.builds(Item, st.just("i"), category=named, brand=named), st.integers(0, 8)), max_size=12)


@settings(max_examples=200, deadline=None)
@given(
    pools,
    st.integers(0, 8),
    st.sampled_from([0.0, 0.25, 0.5, 1.0]),
    st.lists(st.builds(Item, st.just("p"), category=named)),
)
def test_mmr_chooses_what_the_definition_says(pool, seats, weight, before):
    entries = [(item, Proposal(row, float(score))) for row, (item, score) in enumerate(pool)]
    placement = Placement("home", diversity=Diversity(most={"brand": 2}))
    mine = unlike(entries, seats, weight, Room.of(placement, 8), before)
    assert mine == simply_unlike(entries, seats, weight, Room.of(placement, 8), before)


def test_novelty_holds_back_the_popular_by_the_logarithm_of_their_rank():
    joint = joined(Shelf(shop()), MODEL)
    rows = joint.row_of[: len(MODEL.ids)].astype(int)
    factors = held_back(joint, 0.5, rows)
    assert factors[0] == pytest.approx(0.5) and all(factors[:-1] <= factors[1:]) and factors[-1] < 1
    before, after = page({}), page({"novelty": 1.0})
    rank = {item_id: place for place, item_id in enumerate(MODEL.ids)}
    assert sum(rank[one] for one in shown(after)) > sum(rank[one] for one in shown(before))


def test_exploration_is_the_same_for_the_same_decision_and_says_its_chances():
    bodies = {"home": {"explore": 0.3}}
    asked = [ask(Request(limit=6, debug=True), CLICKED, None, MODEL, load_placements(bodies))[0] for _ in range(2)]
    assert asked[0] == asked[1]
    drawn = set(step(asked[0], "explore")[0]["items"])
    for choice in asked[0].items:
        assert choice.probability == pytest.approx(0.3 / 12 if choice.id in drawn else 0.7)
    assert 0 < asked[0].probability < 1


def test_the_probabilities_of_all_pages_that_can_come_out_add_up_to_one():
    seen = {}
    for number in range(3000):
        found = explored([1, 2], [3, 4, 5], 0.4, f"d{number}")
        seen[tuple(found.page)] = found.probability
    assert len(seen) == 1 + 3 + 3 + 6
    assert sum(seen.values()) == pytest.approx(1)


def test_what_chance_puts_in_a_place_comes_as_often_as_it_says():
    pages = [explored(["a", "b", "c"], ["x", "y", "z"], 0.3, f"d{number}").page for number in range(20_000)]
    for place in range(3):
        shares = Counter(one[place] for one in pages)
        assert shares["abc"[place]] / 20_000 == pytest.approx(0.7, abs=0.015)
        assert all(shares[one] / 20_000 == pytest.approx(0.1, abs=0.01) for one in "xyz")


def test_with_few_candidates_the_first_places_are_left_alone():
    for number in range(200):
        found = explored(["a", "b", "c"], ["x"], 0.9, f"d{number}")
        assert found.page[:2] == ["a", "b"] and found.chances[:2] == [1.0, 1.0]
    assert explored(["a"], [], 0.9, "d").probability == 1.0


def test_a_page_without_chance_does_not_spend_a_byte_on_it():
    assert b"probability" not in msgspec.json.encode(page({}).items[0])
    assert page({}).probability == 1.0
    assert set(shown(page({}))) <= set(IDS)
