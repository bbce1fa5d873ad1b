from tailorbird.collect.identifiers import hash_identifier
from tailorbird.know.component import NODES
from tailorbird.shell.people import component, find, links, read_profile
from tailorbird.testing.histories import START, event, grown

SITE_KEY = b"s" * 32


def person(worker, kind, value):
    with worker.state.snapshot() as snapshot:
        return find(snapshot, SITE_KEY, kind, value)


def test_anonymous_history_joins_at_login():
    viewed = event(1, [("anonymousId", "a1")], properties={"product_id": "tea"})
    login = event(2, [("userId", "anna"), ("anonymousId", "a1")], type="identify", name="", at=START + 1)
    worker = grown([viewed, login])
    with worker.state.snapshot() as snapshot:
        profile = read_profile(snapshot, find(snapshot, SITE_KEY, "userId", "anna"))
    assert person(worker, "anonymousId", "a1") == person(worker, "userId", "anna")
    assert [touch.item for touch in profile.recent] == ["tea"]
    assert profile.identifiers == {"anonymousId": ["a1"], "userId": ["anna"]}


def test_person_is_named_by_the_strongest_identifier():
    worker = grown([event(1, [("email", "a@example.com"), ("anonymousId", "a1")])])
    assert person(worker, "anonymousId", "a1") == hash_identifier(SITE_KEY, "email", "a@example.com")


def test_shared_device_stays_with_whom_it_first_belonged_to():
    anna = event(1, [("userId", "anna"), ("anonymousId", "kiosk")])
    ben = event(2, [("userId", "ben"), ("anonymousId", "kiosk")], at=START + 5)
    worker = grown([anna, ben])
    assert person(worker, "anonymousId", "kiosk") == person(worker, "userId", "anna")
    assert person(worker, "userId", "ben") != person(worker, "userId", "anna")
    with worker.state.snapshot() as snapshot:
        refused = [row["refused"] for row in links(snapshot, person(worker, "userId", "ben"))]
    assert refused == ["two userIds"]


def test_alias_joins_two_user_ids():
    old, new = event(1, [("userId", "guest-7")]), event(2, [("userId", "anna")])
    alias = event(3, [("userId", "anna"), ("userId", "guest-7"), ("anonymousId", "guest-7")], type="alias", name="")
    worker = grown([old, new, alias])
    assert person(worker, "userId", "guest-7") == person(worker, "userId", "anna")
    assert person(worker, "anonymousId", "guest-7") is None


def test_alias_of_an_anonymous_id_that_nobody_saw_waits_for_it():
    alias = event(1, [("userId", "anna"), ("userId", "a1"), ("anonymousId", "a1")], type="alias", name="")
    worker = grown([alias, event(2, [("anonymousId", "a1")])])
    assert person(worker, "anonymousId", "a1") == person(worker, "userId", "anna")
    assert person(worker, "userId", "a1") is None


def test_what_was_refused_is_joined_by_an_alias():
    shared = [
        event(1, [("userId", "anna"), ("anonymousId", "a1")]),
        event(2, [("userId", "ann"), ("anonymousId", "a1")]),
    ]
    alias = event(3, [("userId", "anna"), ("userId", "ann"), ("anonymousId", "ann")], type="alias", name="")
    worker = grown([*shared, alias, event(4, [("userId", "ann"), ("anonymousId", "a1")])])
    assert len({person(worker, *one) for one in [("userId", "anna"), ("userId", "ann"), ("anonymousId", "a1")]}) == 1


def test_email_that_belongs_to_another_user_id_does_not_carry_a_device_over():
    anna = event(1, [("userId", "anna"), ("email", "home@example.com")])
    ben = event(2, [("userId", "ben"), ("email", "home@example.com"), ("anonymousId", "b1")], at=START + 5)
    worker = grown([anna, ben])
    assert person(worker, "email", "home@example.com") == person(worker, "userId", "anna")
    assert person(worker, "anonymousId", "b1") == person(worker, "userId", "ben")


def test_identifier_seen_everywhere_stops_growing():
    kiosk = [event(n, [("email", f"p{n}@example.com"), ("anonymousId", "kiosk")]) for n in range(NODES + 20)]
    worker = grown(kiosk)
    with worker.state.snapshot() as snapshot:
        assert len(component(snapshot, person(worker, "anonymousId", "kiosk")).nodes) == NODES
    assert person(worker, "email", f"p{NODES + 5}@example.com") != person(worker, "anonymousId", "kiosk")


def test_evidence_is_the_first_event_that_named_both():
    both = [("userId", "anna"), ("anonymousId", "a1")]
    worker = grown([event(1, both), event(2, both), event(3, [("userId", "anna")])])
    with worker.state.snapshot() as snapshot:
        assert [row["message_id"] for row in links(snapshot, person(worker, "userId", "anna"))] == ["m1"]
