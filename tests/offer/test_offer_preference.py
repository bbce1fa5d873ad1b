"""Each contact teaches what a person prefers, at once and without a training."""

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from offer_world import CATEGORIES, IDS, NOW, ask, profiles, shop, world_model

from tailorbird.events import DAY_MS, HOUR_MS, Item
from tailorbird.know.profile import Profile, Touch
from tailorbird.offer.placement import load_placements
from tailorbird.offer.recommend.blend import START, chosen_weights
from tailorbird.offer.recommend.contacts import KINDS, LONG_WORTH
from tailorbird.offer.recommend.evaluate import evaluate
from tailorbird.offer.recommend.fit import fit, with_weights
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.model import Manifest, Weights
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.recommend.preference import HALF_LIFE_MS, RATE, learned
from tailorbird.offer.recommend.replay import cases
from tailorbird.offer.request import Request
from tailorbird.offer.shelf import Shelf

MODEL = world_model(Weights(item=0.02, popular=0.05, preference=0.5))
WITHOUT = world_model(Weights(item=0.02, popular=0.05))
WHOLE = load_placements({"home": {"per_category": 1.0}})
DAY_AGO = NOW - DAY_MS  # far enough for what a click of this visit says to be gone


def weights(profile, model=MODEL, now=NOW):
    joint = Joint(Shelf(shop()), model)
    codes, found = learned(Person(profile).columns(joint), joint, now)
    names = {code: name for name, code in joint.shelf.codes.items()}
    return {names[code]: weight for code, weight in zip(codes.tolist(), found.tolist(), strict=True)}


def by_hand(profile, now=NOW):
    """The rule of the module's first lines, word by word."""
    found, last = {}, {}
    for touch in profile.recent:
        worth = LONG_WORTH[KINDS.get(touch.kind, KINDS["removed"])]
        if touch.item not in IDS or worth == 0:
            continue
        category = CATEGORIES[IDS.index(touch.item) % 4]
        weight = found.get(category, 0.0) * 2 ** (-max(0, touch.at - last.get(category, touch.at)) / HALF_LIFE_MS)
        found[category] = weight + RATE * worth * (1 - 1 / (1 + exp(-weight)))
        last[category] = touch.at
    return {name: weight * 2 ** (-max(0, now - last[name]) / HALF_LIFE_MS) for name, weight in found.items()}


def page(profile, model=MODEL):
    [decision] = ask(Request(limit=24), profile, shop(), model, WHOLE)
    return decision


@settings(max_examples=100, deadline=None)
@given(profiles)
def test_the_weights_are_those_of_the_rule(profile):
    assert weights(profile) == pytest.approx(by_hand(profile))


@settings(max_examples=100, deadline=None)
@given(profiles, st.data())
def test_without_a_contact_no_category_weighs_more(profile, data):
    profile.recent.sort(key=lambda touch: touch.at)  # as a profile keeps them
    whole = weights(profile)
    if profile.recent:
        profile.recent.pop(data.draw(st.integers(0, len(profile.recent) - 1)))
        fewer = weights(profile)
        assert all(fewer.get(name, 0.0) <= weight * (1 + 1e-9) for name, weight in whole.items())


def test_the_next_request_has_the_step_in_it_and_says_why():
    before = Profile(b"p", recent=[Touch("i1", "bought", DAY_AGO)])
    after = Profile(b"p", recent=[*before.recent, *(Touch("i2", "bought", DAY_AGO + n) for n in range(1, 4))])
    score = {name: {c.id: c.score for c in page(profile).items} for name, profile in (("b", before), ("a", after))}
    assert score["a"]["i6"] > score["b"].get("i6", 0.0)  # i2 and i6 are soap
    said = {reason.text for choice in page(after).items for reason in choice.reasons}
    assert "because you often choose soap" in said


def test_a_weight_is_bounded_and_fades():
    many = Profile(b"p", recent=[Touch("i0", "bought", NOW - n) for n in range(50, 0, -1)])
    assert weights(many)["tea"] < RATE * 50 / 2
    assert weights(many, now=NOW + int(HALF_LIFE_MS))["tea"] == pytest.approx(weights(many)["tea"] / 2, rel=1e-6)


def test_a_weight_of_nothing_changes_nothing():
    assert not WITHOUT.manifest.weights.preference
    shown = page(Profile(b"p", recent=[Touch("i2", "bought", DAY_AGO)]), WITHOUT).items
    assert not [one for choice in shown for one in choice.reasons if "often choose" in one.text]


def test_the_search_finds_it_where_people_keep_to_a_category_and_never_buy_twice():
    chance = np.random.default_rng(1)
    items = {category: [f"{category}{n}" for n in range(40)] for category in "abcdef"}
    lines = []
    for person in range(300):
        mine = items["abcdef"[int(chance.integers(6))]]
        for week, item in enumerate(chance.choice(40, 6, replace=False).tolist()):
            at = NOW - (6 - week) * 7 * DAY_MS + int(chance.integers(HOUR_MS))
            lines.append((f"p{person}", mine[item], "bought", at))
    shelf = Shelf(Item(item, category=category) for category, ids in items.items() for item in ids)
    known, cut = Interactions.of(lines), NOW - 7 * DAY_MS
    moments = cases(known, cut, NOW + DAY_MS, 200)
    model = fit(known.before(cut), cut, Manifest("1", weights=START))
    found = chosen_weights(model, shelf, moments)
    assert found.preference > 0
    silent = replace(found, preference=0.0)
    better, worse = (evaluate(with_weights(model, one), shelf, moments)["ndcg@20"] for one in (found, silent))
    assert better > 1.02 * worse
