from tailorbird.collect.identifiers import hash_identifier
from tailorbird.shell.people import find, links, read_profile
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
