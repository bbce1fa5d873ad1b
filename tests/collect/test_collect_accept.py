import pytest
from collect_cases import CALL, KEY, NOW, RECORDED, VIEW, one, refused, taken

from tailorbird.collect.accept import leaf_of_day
from tailorbird.collect.draft import Call
from tailorbird.collect.seal import seal
from tailorbird.collect.understand import DERIVED
from tailorbird.errors import BadRequest, TooLarge
from tailorbird.events import decode_record, encode_record


@pytest.mark.parametrize(("path", "body", "expected"), RECORDED)
def test_what_libraries_send_is_understood(path: str, body: bytes, expected: list[tuple[str, str, str, int]]) -> None:
    accepted = taken(path, body)
    assert accepted.rejected == []
    for draft, (type, name, who, ms_ago) in zip(accepted.drafts, expected, strict=True):
        assert (draft.type, draft.event, NOW - draft.timestamp) == (type, name, ms_ago)
        assert who in [value for _, value in draft.secret.identifiers]
        event = seal(draft, KEY)
        assert decode_record(encode_record(event)) == event


@pytest.mark.parametrize("name", ["track", "identify", "page", "screen", "group", "alias"])
def test_long_and_one_letter_routes_are_the_same(name: str) -> None:
    body = {"userId": "ann", "event": "Product Viewed", "messageId": "m1", "previousId": "old", "groupId": "g"}
    assert taken(f"/v1/{name}", body) == taken(f"/v1/{name[0]}", body) == taken(f"/v1/{name}/", body)
    assert taken(f"/v1/{name}", body).drafts[0].type == name


def test_the_route_says_the_type_whatever_the_body_says() -> None:
    assert taken("/v1/page", {"type": "track", "userId": "ann"}).drafts[0].type == "page"


def test_a_batch_lends_its_items_what_they_lack() -> None:
    draft = one(
        {**VIEW, "context": {"locale": "de"}, "integrations": {"A": False}, "timestamp": NOW - 5_000},
        context={"locale": "en", "timezone": "UTC", "ip": "1.2.3.4"},
        integrations={"A": True, "B": True},
        sentAt=NOW - 4_000,
    )
    assert draft.plain_context == {"locale": "de", "timezone": "UTC"}
    assert draft.secret.context == {"ip": "1.2.3.4"}
    assert draft.secret.envelope["integrations"] == {"A": False, "B": True}
    assert draft.timestamp == NOW - 1_000


def test_items_keep_the_order_of_the_batch() -> None:
    items = [{**VIEW, "messageId": str(n)} if n % 3 else {"broken": n} for n in range(100)]
    accepted = taken("/v1/batch", {"batch": items})
    assert [draft.message_id for draft in accepted.drafts] == [str(n) for n in range(100) if n % 3]
    assert [rejected.where for rejected in accepted.rejected] == [f"batch[{n}].type" for n in range(0, 100, 3)]


def test_identifiers_come_strongest_first_and_the_first_names_the_leaf() -> None:
    draft = one(
        {
            **VIEW,
            "anonymousId": "a1",
            "context": {"device": {"id": "d1"}, "traits": {"email": "Ann@Example.com"}},
        }
    )
    assert draft.secret.identifiers == [
        ("userId", "ann"),
        ("email", "ann@example.com"),
        ("deviceId", "d1"),
        ("anonymousId", "a1"),
    ]
    assert [identifier.type for identifier in draft.identifiers] == ["userId", "email", "deviceId", "anonymousId"]
    assert draft.leaf == draft.identifiers[0].hash


@pytest.mark.parametrize("where", ["traits", "properties"])
def test_an_email_is_found_where_clients_put_it(where: str) -> None:
    assert ("email", "ann@example.com") in one({**VIEW, where: {"email": "ann@example.com"}}).secret.identifiers


def test_a_groups_email_is_not_the_persons() -> None:
    draft = one(
        {"type": "group", "userId": "ann", "groupId": "g1", "traits": {"email": "info@example.com", "plan": "x"}}
    )
    assert draft.secret.identifiers == [("userId", "ann")]
    assert (draft.plain_traits, draft.secret.envelope) == ({}, {"groupId": "g1"})


def test_an_alias_names_the_previous_id_as_user_and_as_stranger() -> None:
    draft = one({"type": "alias", "userId": "ann", "previousId": "x1"})
    assert draft.secret.identifiers == [("userId", "ann"), ("userId", "x1"), ("anonymousId", "x1")]


def test_blocked_identifiers_name_nobody() -> None:
    assert one({**VIEW, "userId": "null", "anonymousId": "a1"}).secret.identifiers == [("anonymousId", "a1")]
    assert refused({**VIEW, "userId": "undefined", "anonymousId": "0000"}).reason == "identifier"


def test_identify_takes_traits_from_the_context_too() -> None:
    draft = one(
        {"type": "identify", "userId": "ann", "traits": {"plan": "b"}, "context": {"traits": {"plan": "a", "x": 1}}}
    )
    assert (draft.plain_traits, draft.secret.traits) == ({"plan": "b"}, {"x": 1})


def test_a_missing_time_is_the_time_of_arrival_and_a_given_one_is_kept() -> None:
    assert one(VIEW).timestamp == NOW
    assert one({**VIEW, "timestamp": "2026-11-21"}).secret.envelope == {"originalTimestamp": "2026-11-21"}


def test_a_missing_message_id_differs_within_a_call_and_is_stable_for_the_same_call() -> None:
    item = {"type": "page", "userId": "ann"}
    first, again = taken("/v1/batch", {"batch": [item, item]}), taken("/v1/batch", {"batch": [item, item]})
    assert [d.message_id for d in first.drafts] == [d.message_id for d in again.drafts]
    assert first.drafts[0].message_id != first.drafts[1].message_id


def test_a_browser_is_seen_by_the_server_but_a_server_is_not() -> None:
    browser = Call(NOW, "web", ip="1.2.3.4", user_agent="Mozilla/5.0 (X11)", gpc=True)
    assert one(VIEW, browser).secret.context == {"ip": "1.2.3.4", "userAgent": "Mozilla/5.0 (X11)"}
    assert one(VIEW, browser).plain_context == {"gpc": True, "device.type": "desktop"}
    assert one({**VIEW, "context": {"ip": "9.9.9.9"}}, browser).secret.context["ip"] == "9.9.9.9"
    assert one(VIEW, Call(NOW, "web", ip="1.2.3.4", user_agent="analytics-python/2")).secret.context == {}


def test_consent_is_read_from_the_context_and_from_its_own_event() -> None:
    context = {"consent": {"categoryPreferences": {"analytics": True, "messaging": False, "odd": "yes"}}}
    assert one({**VIEW, "context": context}).consent == {"analytics": True, "messaging": False}
    changed = {**VIEW, "event": "Consent Changed", "properties": {"purposes": {"personalization": False}}}
    assert one(changed).consent == {"personalization": False}
    assert one({**changed, "properties": {"messaging": True, "why": "banner"}}).consent == {"messaging": True}


def test_the_write_key_is_found_and_not_kept() -> None:
    accepted = taken("/v1/track", {**VIEW, "writeKey": "WK"})
    assert accepted.write_key == "WK"
    assert "writeKey" not in accepted.drafts[0].secret.envelope
    assert taken("/v1/batch", {"batch": [], "writeKey": "WK"}).write_key == "WK"
    assert taken("/v1/batch", {"batch": [{**VIEW, "writeKey": "WK"}]}).write_key == "WK"


@pytest.mark.parametrize(
    ("item", "reason", "where"),
    [
        (5, "shape", "batch[0]"),
        ([], "shape", "batch[0]"),
        (None, "shape", "batch[0]"),
        ({**VIEW, "type": "purchase"}, "type", "batch[0].type"),
        ({**VIEW, "type": ["track"]}, "type", "batch[0].type"),
        ({**VIEW, "event": ""}, "event", "batch[0].event"),
        ({**VIEW, "event": "x" * 201}, "event", "batch[0].event"),
        ({"type": "page"}, "identifier", "batch[0]"),
        ({**VIEW, "timestamp": "soon"}, "timestamp", "batch[0].timestamp"),
        ({**VIEW, "properties": {"x": "y" * 33_000}}, "size", "batch[0]"),
    ],
)
def test_each_refusal_says_why_and_where(item: object, reason: str, where: str) -> None:
    rejected = refused(item)
    assert (rejected.reason, rejected.where) == (reason, where)
    assert rejected.detail


def test_a_refused_event_lies_under_the_leaf_of_its_person_or_of_the_day() -> None:
    assert refused({**VIEW, "timestamp": "soon"}).leaf == one(VIEW).leaf
    assert refused({"type": "page"}).leaf == leaf_of_day(b"s" * 32, CALL.received_at)


def test_a_refused_event_that_names_its_person_by_e_mail_alone_lies_under_their_leaf() -> None:
    ann = {"type": "identify", "traits": {"email": "ann@example.com"}}
    assert refused({**ann, "timestamp": "soon"}).leaf == one(ann).leaf
    company = {**ann, "type": "group", "timestamp": "soon"}  # a group's e-mail is nobody's
    assert refused(company).leaf == leaf_of_day(b"s" * 32, CALL.received_at)


@pytest.mark.parametrize("path", ["/v1/", "/v1/m", "/", "", "/v1/tracks", "/v1/batch/x"])
def test_other_paths_are_bad_requests(path: str) -> None:
    with pytest.raises(BadRequest, match="/v1/batch"):
        taken(path, VIEW)


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"[]", b"5", b"null", b'{"batch":', b'{"batch":{}}', b"\x1f\x8bnope", b"{}"]
)
def test_a_batch_that_is_none_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        taken("/v1/batch", body)


@pytest.mark.parametrize("body", [b"", b"hello", b"[]", b"5", b"null", b'{"userId":', b"\x1f\x8bnope"])
def test_a_single_event_that_is_no_object_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        taken("/v1/track", body)


def test_limits_of_a_call_are_refused_as_a_whole() -> None:
    with pytest.raises(TooLarge, match="2,500"):
        taken("/v1/batch", {"batch": [{}] * 2_501})
    with pytest.raises(TooLarge, match="512,000"):
        taken("/v1/batch", b" " * 512_001)
    assert len(taken("/v1/batch", {"batch": [VIEW] * 2_500}).drafts) == 2_500


@pytest.mark.parametrize("event", sorted(DERIVED))
def test_what_tailorbird_says_itself_is_taken_from_nobody_else(event: str) -> None:
    said = {**VIEW, "event": event, "properties": {"model": "likely_to_leave()", "value": 0.9}}
    forged = refused(said)
    assert (forged.reason, forged.where) == ("derived", "batch[0].event")
    assert f"'{event}'" in forged.detail and "'admin'" in forged.detail
    assert one(said, Call(NOW, "ops", may_derive=True)).event == event
