"""Law 6: merging does not depend on the order of events, and never joins two userIds."""

from math import log

from hypothesis import given
from hypothesis import strategies as st
from law_histories import ANYTHING, HISTORIES, LAW, made

from tailorbird.know.component import decode_component
from tailorbird.know.profile import decode_profile
from tailorbird.testing.histories import grown, tables


@LAW
@given(HISTORIES, st.randoms())
def test_order_of_events_does_not_change_persons_or_profiles(history, chance):
    events = made(history)
    shuffled = chance.sample(events, len(events))
    assert people(grown(shuffled)) == people(grown(events))


@LAW
@given(HISTORIES, st.randoms())
def test_persons_found_one_event_at_a_time_equal_persons_found_at_once(history, chance):
    events = made(history)
    assert people(grown(chance.sample(events, len(events)), batch_bytes=1)) == people(grown(events))


@LAW
@given(ANYTHING)
def test_no_person_ever_holds_two_user_ids(history):
    found = tables(grown(made(history)).state).get("person", {})
    assert all(decode_component(value).users() <= 1 for value in found.values())


@LAW
@given(ANYTHING)
def test_every_identifier_belongs_to_one_living_person(history):
    found = tables(grown(made(history)).state)
    components = {person: decode_component(value) for person, value in found.get("person", {}).items()}
    assert {node: person for person, component in components.items() for node in component.nodes} == found.get(
        "node", {}
    )
    assert set(found.get("profile", {})) <= set(components)


@LAW
@given(ANYTHING)
def test_latest_link_of_every_leaf_names_its_person(history):
    found = tables(grown(made(history)).state)
    latest = {value[3:19]: value[21:37] for _, value in sorted(found.get("links", {}).items())}
    assert latest == {node[1:]: person for node, person in found.get("node", {}).items()}


def people(worker):
    found = tables(worker.state)
    return found.get("node"), {person: values(decode_profile(value)) for person, value in found["profile"].items()}


def values(profile):
    """A profile with its decayed values as far as floats agree, and its mappings without their order."""
    profile.categories = {name: round(log(value), 9) for name, value in profile.categories.items()}
    return {name: getattr(profile, name) for name in profile.__struct_fields__}
