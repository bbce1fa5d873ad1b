"""What a person says they are interested in is on their first page, with the reason that they said so."""

import pytest
from msgspec.structs import replace
from offer_world import NOW, ask, shop, shown, world_model

from tailorbird.consent.purpose import Policy
from tailorbird.know.profile import Consent, Profile, Touch
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import BUILT_IN, load_placements
from tailorbird.offer.recommend.model import Weights
from tailorbird.offer.request import Context, Request
from tailorbird.offer.shelf import Shelf

MODEL = world_model(Weights(popular=0.05, trending=0.01, first=0.5))
HOME = Request(limit=4)


def page(traits, request=HOME, placements=BUILT_IN, model=MODEL, **more):
    [decision] = ask(request, Profile(b"p", traits=traits, **more), shop(), model, placements)
    return decision


@pytest.mark.parametrize("given", ["soap", ["skiing", "Soap"], ["SOAP"]])
def test_a_named_category_leads_the_first_page(given):
    found = page({"interests": given})
    assert {choice.reasons[0].text for choice in found.items[:2]} == {"because you are interested in soap"}
    assert (found.items[0].reasons[0].kind, found.link) == ("interest", "interests")


def test_it_works_before_the_first_training():
    assert page({"interests": "soap"}, model=None).items[0].reasons[0].kind == "interest"


def test_the_placement_says_which_traits_are_interests():
    own = load_placements({"home": {"interests": ["favourite"]}})
    assert page({"favourite": "pie"}, placements=own).link == "interests"
    assert page({"favourite": "pie"}).link == page({}).link


def test_what_was_clicked_a_moment_ago_comes_before_it():
    found = page({"interests": "soap"}, recent=[Touch(item, "clicked", NOW) for item in ("i1", "i5")])
    assert found.items[0].reasons[0].kind == "history"


def test_the_page_of_another_category_is_about_that():
    found = page({"interests": "soap"}, Request(context=Context(category="tea"), limit=4))
    assert found.items[0].reasons[0].text == "in tea"


@pytest.mark.parametrize("given", [None, "", 7, [None, {}], {"a": 1}, "nothing like it"])
def test_what_names_no_category_says_nothing(given):
    assert shown(page({"interests": given})) == shown(page({}))


def test_without_consent_it_is_not_used():
    person = Profile(b"p", traits={"interests": "soap"}, consent={"personalization": Consent(False, 1, "t")})
    [found] = decide(HOME, person, Shelf(shop()), MODEL, BUILT_IN, Policy(), NOW, lambda: "d")
    assert "interest" not in {reason.kind for choice in found.items for reason in choice.reasons}


def test_taken_back_the_items_score_less():
    with_it, without = (
        {choice.id: choice.score for choice in page(traits, replace(HOME, limit=24)).items}
        for traits in ({"interests": "soap"}, {})
    )
    assert with_it["i2"] > without["i2"]
