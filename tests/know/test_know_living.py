from tailorbird.events import encode_record
from tailorbird.know.living import Living
from tailorbird.know.profile import decode_profile
from tailorbird.testing.histories import START, event
from tailorbird.testing.memory_state import MemoryState


def view(number, item="tea"):
    return encode_record(event(number, [("userId", "anna")], at=START + number, properties={"product_id": item}))


def batch(people, state, *put_down, known=()):
    """One batch: events put down for persons, committed."""
    with state.snapshot() as snapshot:
        people.begin(snapshot)
        people.look_up(known)
        for person, payload in put_down:
            people.put_down(person, 1, payload, ())
        state.commit({"profile": people.changed()}, 1)


def versions(state):
    with state.snapshot() as snapshot:
        return {person: decode_profile(value).version for person, value in snapshot.scan("profile")}


def living(hot_bytes=10_000):
    return Living(lambda event: None, hot_bytes), MemoryState()


def test_events_of_one_batch_are_folded_into_their_own_person():
    people, state = living()
    batch(people, state, (b"anna", view(1)), (b"ben", view(2)), (b"anna", view(3)))
    assert versions(state) == {b"anna": 2, b"ben": 1}


def test_profile_at_hand_and_profile_from_the_store_go_on_alike():
    people, state = living()
    batch(people, state, (b"anna", view(1)))
    batch(people, state, (b"anna", view(2)), known=[b"anna"])
    fresh, _ = living()
    batch(fresh, state, (b"anna", view(3)), known=[b"anna"])
    assert versions(state) == {b"anna": 3}


def test_more_people_than_fit_lose_nothing():
    people, state = living(hot_bytes=2_000)
    for number in range(200):
        batch(people, state, (b"%d" % (number % 50), view(number)), known=[b"%d" % (number % 50)])
    assert versions(state) == {b"%d" % number: 4 for number in range(50)}


def test_person_handed_over_is_gone_and_known_to_the_other():
    people, state = living()
    batch(people, state, (b"anon", view(1)))
    with state.snapshot() as snapshot:
        people.begin(snapshot)
        people.look_up([b"anon"])
        people.put_down(b"anon", 1, view(2), ())
        people.hand_over(b"anon", b"anna")
        people.put_down(b"anna", 2, view(3), ())
        state.commit({"profile": people.changed()}, 2)
    assert versions(state) == {b"anna": 3}


def test_handing_over_somebody_nobody_knows_makes_no_profile():
    people, state = living()
    with state.snapshot() as snapshot:
        people.begin(snapshot)
        people.look_up([])
        people.hand_over(b"anon", b"anna")
        assert people.changed() == {}
