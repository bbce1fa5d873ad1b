"""A placement that asks: the most valuable missing answer, once, and nobody who does not want to be asked."""

import pytest

from tailorbird.consent.purpose import Policy
from tailorbird.errors import BadDefinition
from tailorbird.events import DAY_MS
from tailorbird.know.profile import Consent, Counter, Profile
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import load_placements
from tailorbird.offer.question import complete
from tailorbird.offer.request import Request
from tailorbird.offer.shelf import Shelf

NOW = 1000 * DAY_MS
ASK = {
    "pets": {"text": "Any pets?", "options": ["cat", "dog", "none"]},
    "household_size": {"text": "How many are you at home?", "options": [1, 2, 3], "weight": 3},
}
PLACEMENTS = load_placements({"about_you": {"recipe": "ask", "title": "Tell us", "ask": ASK}})


def asked(profile, policy=None):
    request = Request(placements=("about_you",))
    return decide(request, profile, Shelf([]), None, PLACEMENTS, policy or Policy(), NOW, lambda: "d1")[0]


def known(**traits):
    return Profile(b"p", version=1, traits=traits, trait_at=dict.fromkeys(traits, NOW))


def test_the_answer_worth_most_is_asked_first():
    decision = asked(known())
    assert (decision.link, decision.ask.trait, decision.ask.options) == ("question", "household_size", [1, 2, 3])
    assert (decision.title, decision.ask.skip, decision.items) == ("Tell us", "Not now", [])


def test_what_is_known_is_not_asked_again():
    assert asked(known(household_size=2)).ask.trait == "pets"
    nothing = asked(known(household_size=2, pets="cat"))
    assert (nothing.ask, nothing.link, nothing.why) == (None, "empty", "there is nothing to ask")


def test_what_was_said_years_ago_is_asked_again():
    profile = Profile(b"p", traits={"household_size": 2, "pets": "cat"}, trait_at={"household_size": NOW, "pets": 0})
    assert asked(profile).ask.trait == "pets"


def test_a_stranger_may_be_asked():
    assert asked(None).ask.trait == "household_size"


def test_who_refuses_personalization_is_not_asked():
    profile = Profile(b"p", consent={"personalization": Consent(False, 1, "web")})
    assert asked(profile).ask is None
    assert "personalization" in asked(profile).why


@pytest.mark.parametrize(("days", "left_in_peace"), [(29, True), (31, False)])
def test_not_now_is_kept_for_a_month(days, left_in_peace):
    at = NOW - days * DAY_MS
    profile = Profile(b"p", counters={"Question Skipped": Counter(1, at, at)})
    assert (asked(profile).ask is None) == left_in_peace


def test_completeness_rises_with_each_answer():
    ask = PLACEMENTS["about_you"].ask
    profiles = [known(), known(pets="cat"), known(pets="cat", household_size=2)]
    assert [complete(ask, profile, NOW).score for profile in profiles] == [0.0, 0.25, 1.0]


WRONG = [
    ({"recipe": "ask"}, "recipe 'ask' and 0 questions"),
    ({"ask": ASK}, "recipe 'for_you' and 2 questions"),
    ({"recipe": "ask", "ask": {"pets": {"text": "Any?", "options": []}}}, "asks for 'pets' without text, options"),
    ({"recipe": "ask", "ask": {"pets": {"options": ["a"]}}}, "text"),
]


@pytest.mark.parametrize(("body", "message"), WRONG)
def test_wrong_questions_are_refused(body, message):
    with pytest.raises(BadDefinition, match=message):
        load_placements({"about_you": body})
