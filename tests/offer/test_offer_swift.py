"""The page from columns is the page that is made proposal by proposal."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offer_world import IDS, NOW, ask, profiles, shop, world_model

from tailorbird.know.profile import Profile, Touch
from tailorbird.offer import decide as deciding
from tailorbird.offer.forest.forest import Forest
from tailorbird.offer.placement import load_placements
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.recommend.ranker import FEATURES, Ranker
from tailorbird.offer.request import Context, Request
from tailorbird.offer.shelf import Shelf

MODEL = world_model()
# One that turns the order around: what is less popular than most is lifted.
LIFT = Forest.checked(FEATURES, start=[0, 2], feature=[FEATURES.index("popular")], kind=[8], left=[-1], right=[-2],
                      threshold=[float(np.median(MODEL.popular))], leaf=[1.5, 0.0])  # fmt: skip
TREES = replace(MODEL, ranker=Ranker(LIFT, 0.0))
PLACEMENTS = load_placements({
    "home": {"per_category": 0.4},
    "ruled": {"rule": "price < 15", "hide": ["in_cart", "seen"]},
    "mine": {"interests": ["pet", "age"]},
})  # fmt: skip
CLOSED = {"i4": {"available": False}, "i7": {"available_until": NOW + 1}, "i9": {"available_from": NOW + 1}}
SHELF = Shelf(shop(**CLOSED))
requests = st.builds(
    Request,
    st.just(("home", "ruled", "mine", "product", "popular", "again")),
    st.builds(Context, st.sampled_from(["", "i3"]), st.sampled_from([(), ("i1", "i5")]), st.sampled_from(["", "tea"])),
    st.sampled_from([(), ("i0", "i1")]),
    st.integers(0, 14),
)


def pages(person, request, model):
    # Twice: what was said of a contact on the first page is found again for the second.
    return [ask(request, person, SHELF, model, PLACEMENTS) for _ in range(2)][1]


@settings(max_examples=300, deadline=None)
@given(profiles, requests, st.sampled_from([MODEL, TREES]))
def test_it_says_what_the_long_way_says(profile, request, model):
    person = Person(profile)
    swift = pages(person, request, model)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deciding, "swift", lambda *_: None)
        assert swift == pages(person, request, model)


def test_trees_turn_a_swift_page_around():
    profile = Profile(b"p", recent=[Touch(item, "clicked", NOW - place) for place, item in enumerate(IDS[10:16])])
    plain, turned = (ask(Request(limit=6), profile, SHELF, model, PLACEMENTS)[0] for model in (MODEL, TREES))
    assert [choice.id for choice in plain.items] != [choice.id for choice in turned.items]


def test_a_person_with_a_history_is_served_by_it(monkeypatch):
    made = []
    real = deciding.swift
    monkeypatch.setattr(deciding, "swift", lambda *given: made.append(real(*given)) or made[-1])
    recent = [Touch(item, "clicked", NOW - place) for place, item in enumerate(IDS[10:16])]
    ask(Request(limit=6), Profile(b"p", recent=recent), SHELF, MODEL, PLACEMENTS)
    assert len(made) == 1 and len(made[0][0]) == 6
