"""Each reason is a term of the score: without what it names, the item would score less."""

import msgspec
import pytest
from hypothesis import given, settings
from offer_world import NOW, ask, profiles, shop, world_model

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.profile import Bought, Consent, Profile, Touch
from tailorbird.offer.reasons import rhythm
from tailorbird.offer.request import Context, Request

MODEL = world_model()
ALL = Request(("home",), limit=24)


def score_of(item_id, profile):
    [home] = ask(ALL, profile, model=MODEL)
    return {choice.id: choice.score for choice in home.items}.get(item_id, 0.0)


def without(profile, item_id, kind):
    """The profile had this person never touched the item (or, for "bought_before", never bought it)."""
    if kind == "bought_before":
        bought = {other: held for other, held in profile.bought.items() if other != item_id}
        return msgspec.structs.replace(profile, bought=bought)
    return msgspec.structs.replace(profile, recent=[touch for touch in profile.recent if touch.item != item_id])


@settings(max_examples=100, deadline=None)
@given(profiles)
def test_taking_the_named_item_out_of_the_history_lowers_the_score(profile):
    profile.consent = {"personalization": Consent(True, 1, "test")}
    [home] = ask(ALL, profile, model=MODEL)
    for choice in home.items:
        for reason in choice.reasons:
            if reason.kind in ("history", "bought_before"):
                less = score_of(choice.id, without(profile, reason.item, reason.kind))
                assert less < choice.score, (choice, reason)


@settings(max_examples=60, deadline=None)
@given(profiles)
def test_taking_any_contact_away_raises_no_score(profile):
    everything = {choice.id: choice.score for choice in ask(ALL, profile, model=MODEL)[0].items}
    for place in range(len(profile.recent)):
        fewer = msgspec.structs.replace(profile, recent=profile.recent[:place] + profile.recent[place + 1 :])
        for choice in ask(ALL, fewer, model=MODEL)[0].items:
            assert choice.score <= everything.get(choice.id, choice.score) * (1 + 1e-5) + 1e-6


def test_reasons_never_claim_more_than_the_score():
    profile = Profile(b"p", recent=[Touch("i3", "clicked", NOW)], bought={"i5": Bought(6, 0, NOW)}, orders=9)
    for choice in ask(ALL, profile, model=MODEL)[0].items:
        assert sum(reason.value for reason in choice.reasons) <= choice.score * (1 + 1e-5)


def test_a_product_page_names_what_is_often_bought_with_it():
    [product] = ask(Request(("product",), Context(item="i4"), limit=1), model=MODEL)
    assert [reason.kind for reason in product.items[0].reasons] == ["goes_with"]
    assert product.items[0].reasons[0].text == "often bought with the i4"


def test_a_shared_trait_is_named_as_such_without_its_value():
    [home] = ask(Request(limit=24), Profile(b"p", traits={"age": "young"}), model=MODEL)
    texts = {reason.text for choice in home.items for reason in choice.reasons}
    assert "popular with people like you" in texts and not any("young" in text for text in texts)
    assert home.link == "segment"


@pytest.mark.parametrize(
    "times, span, text",
    [
        (1, 0, "you bought this before"),
        (2, 9 * DAY_MS, "you bought this before"),
        (4, 27 * DAY_MS, "you buy this about every 9 days"),
        (5, 8 * HOUR_MS, "you buy this about every day"),
    ],
)
def test_rhythm_is_told_from_three_purchases_on(times, span, text):
    assert rhythm(Bought(times, 0, span)) == text


def test_a_touch_of_an_unknown_kind_says_nothing():
    [home] = ask(ALL, Profile(b"p", recent=[Touch("i3", "licked", NOW)]), items=shop(), model=MODEL)
    assert home.link in ("popular", "circumstances")
