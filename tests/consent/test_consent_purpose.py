import pytest

from tailorbird.consent.purpose import PURPOSES, Policy, load_policy, may
from tailorbird.errors import BadDefinition
from tailorbird.events import DAY_MS
from tailorbird.know.profile import Consent


def test_silence_is_the_default_of_the_site():
    asked_first = load_policy({"purposes": {"messaging": {"default": "denied"}}})
    assert may("messaging", {}, Policy(), 0).allowed
    assert not may("messaging", {}, asked_first, 0).allowed


def test_word_of_the_person_beats_the_default():
    said = {"messaging": Consent(True, 0, "web"), "personalization": Consent(False, 0, "web")}
    asked_first = load_policy({"purposes": {"messaging": {"default": "denied"}}})
    assert may("messaging", said, asked_first, 5) == (True, "the person granted messaging")
    assert may("personalization", said, asked_first, 5) == (False, "the person withdrew personalization")


def test_yes_runs_out_but_no_does_not():
    policy = load_policy({"purposes": {"research": {"default": "denied", "lasts_days": 30}}})
    yes, no = {"research": Consent(True, 0, "web")}, {"research": Consent(False, 0, "web")}
    open_policy = load_policy({"purposes": {"research": {"lasts_days": 30}}})
    assert may("research", yes, policy, 30 * DAY_MS - 1).allowed
    assert not may("research", yes, policy, 30 * DAY_MS).allowed
    assert not may("research", no, open_policy, 31 * DAY_MS).allowed


def test_undeclared_purpose_is_refused():
    assert may("profiling", {}, Policy(), 0) == (False, "profiling is not declared in site/consent.yaml")


def test_policy_keeps_the_built_in_purposes():
    assert set(load_policy({"purposes": {"research": None}}).purposes) == {*PURPOSES, "research"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"purpose": {}}, "'purpose'"),
        ({"purposes": ["a"]}, "must map"),
        ({"purposes": {"a": {"default": "maybe"}}}, "'maybe' is not granted or denied"),
        ({"purposes": {"a": {"last_days": 3}}}, "last_days"),
        ({"purposes": {"a": "granted"}}, "purpose 'a'"),
        ({"purposes": {"a": {"lasts_days": "ten"}}}, "lasts_days"),
        ({"purposes": {"a": {"lasts_days": -1}}}, "lasts_days"),
    ],
)
def test_bad_policy_is_refused_with_name_and_value(body, words):
    with pytest.raises(BadDefinition, match=words):
        load_policy(body)
