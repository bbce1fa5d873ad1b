"""People, items, rejected events, documents, health: everything that is not hot."""

import json

import pytest


def test_person_is_shown_with_what_they_did(shop) -> None:
    body = {"userId": "42", "anonymousId": "a42", "traits": {"email": "Ann@Example.com", "plan": "gold"}}
    token = shop.post("/v1/identify", body).json["offset"]
    person = shop.get(f"/v1/people/userId:42?after={token}").json
    assert person["identifiers"] == {"userId": ["42"], "email": ["ann@example.com"], "anonymousId": ["a42"]}
    assert person["traits"]["plan"] == "gold"
    assert shop.get("/v1/people/email:ann@example.com").json["person"] == person["person"]


def test_value_may_hold_slashes_and_colons(shop) -> None:
    token = shop.post("/v1/identify", {"userId": "a/b:c/consent"}).json["offset"]
    answer = shop.get(f"/v1/people/userId:a%2Fb:c%2Fconsent?after={token}")
    assert answer.json["identifiers"]["userId"] == ["a/b:c/consent"]


def test_unknown_person_is_404(shop) -> None:
    assert shop.get("/v1/people/userId:nobody").status == 404


def test_person_needs_a_type(shop) -> None:
    answer = shop.get("/v1/people/42")
    assert (answer.status, answer.json["error"]) == (400, "bad_request")


@pytest.mark.parametrize("body", [{}, {"personalization": "no"}, [1], {str(n): True for n in range(60)}])
def test_wrong_consent_is_refused(shop, body: object) -> None:
    assert shop.call("PUT", "/v1/people/userId:42/consent", body).status == 400


def test_consent_of_nobody_is_refused(shop) -> None:
    assert shop.call("PUT", "/v1/people/userId:null/consent", {"personalization": False}).status == 400


@pytest.mark.parametrize("named", ["userId:c1", "email:c1@example.com", "anonymousId:c1", "deviceId:c1"])
def test_consent_can_be_said_under_every_identifier(shop, named: str) -> None:
    token = shop.call("PUT", f"/v1/people/{named}/consent", {"messaging": True}).json["offset"]
    assert shop.get(f"/v1/people/{named}?after={token}").json["consent"]["messaging"]["granted"] is True


def test_consent_too_large_to_keep_is_refused(shop) -> None:
    answer = shop.call("PUT", "/v1/people/userId:big/consent", {f"{n:0>900}": False for n in range(40)})
    assert answer.status == 400
    assert shop.get("/v1/people/userId:big").status == 404


def test_item_comes_changes_and_goes(shop) -> None:
    assert shop.call("PUT", "/v1/items/x/1", {"name": "Green tea", "category": "tea", "price": 3}).json["changed"] == 1
    assert shop.get("/v1/items/x/1").json["name"] == "Green tea"
    assert [item["id"] for item in shop.get("/v1/items?q=green").json["items"]] == ["x/1"]
    assert {"category": "tea", "items": 1} in shop.get("/v1/categories").json["categories"]
    assert shop.call("DELETE", "/v1/items/x/1").json["removed"] == 1
    assert shop.get("/v1/items/x/1").status == 404


@pytest.mark.parametrize(
    "item",
    [{"name": "no id"}, {"id": ""}, {"id": "a", "price": "dear"}, {"id": "a", "available_from": 10**30}, "text",
     {"id": "a", "available_until": "some day"}, {"id": "x" * 300}],
)  # fmt: skip
def test_bad_item_is_named_and_none_is_taken(shop, item: object) -> None:
    answer = shop.post("/v1/items", {"items": [{"id": "good"}, item]})
    assert answer.status == 400
    assert "items[1]" in answer.json["message"]
    assert shop.get("/v1/items/good").status == 404


def test_number_beyond_64_bits_in_an_item_becomes_text(shop) -> None:
    assert shop.call("PUT", "/v1/items/wide", {"attributes": {"ean": 10**30}}).status == 200
    assert shop.get("/v1/items/wide").json["attributes"] == {"ean": "1" + "0" * 30}


def test_bad_date_of_an_item_is_not_repeated(shop) -> None:
    answer = shop.call("PUT", "/v1/items/late", {"available_from": "some-secret-day"})
    assert answer.status == 400
    assert "some-secret-day" not in answer.json["message"]


def test_writing_items_needs_admin(shop) -> None:
    answer = shop.call("PUT", "/v1/items/y", {"name": "Y"}, key=shop.key_for("reads", "read"))
    assert answer.status == 403


def test_rejected_event_is_listed_and_can_be_replayed_after_the_plan_changed(fresh) -> None:
    fresh.engines.definitions.put("plan", "events", {"unknown_events": "reject"}, "tests")
    fresh.stop.wait(0.15)
    event = {"userId": "r", "event": "Quiz Done", "messageId": "quiz-1"}
    token = fresh.post("/v1/track", event).json["offset"]
    fresh.get(f"/v1/people/userId:r?after={token}")
    [listed] = fresh.get("/v1/rejected").json["rejected"]
    assert (listed["reason"], listed["source"]) == ("unknown_event", "tests")
    fresh.engines.definitions.put("plan", "events", {"unknown_events": "keep"}, "tests")
    fresh.stop.wait(0.15)
    again = fresh.post(f"/v1/rejected/replay?offset={listed['offset']}", None)
    assert again.json["outcomes"] == {"accepted": 1}
    token = fresh.post(f"/v1/rejected/replay?offset={listed['offset']}", None) and fresh.post("/v1/track", event).json
    person = fresh.get(f"/v1/people/userId:r?after={token['offset']}").json
    assert person["counters"]["Quiz Done"]["total"] == 1


def test_readiness_tells_its_parts(shop) -> None:
    ready = shop.get("/readyz", key="").json
    assert ready["ready"] is True
    assert {"log", "state", "lag"} <= ready.keys()


def test_alive_needs_no_key(shop) -> None:
    assert shop.get("/healthz", key="").json == {"alive": True}
    assert shop.call("HEAD", "/healthz", key="").bytes == b""


def test_metrics_can_be_scraped(shop) -> None:
    shop.post("/v1/track", {"userId": "m", "event": "E"})
    shop.stop.wait(1.2)
    text = shop.get("/metrics", key="").bytes.decode()
    assert 'tailorbird_http_requests_total{route="collect",status="200"}' in text


def test_documents_describe_hot_and_other_endpoints(shop) -> None:
    paths = shop.get("/openapi.json", key="").json["paths"]
    assert {"/v1/track", "/v1/batch", "/v1/decide", "/v1/people/{named}", "/v1/items", "/healthz"} <= paths.keys()


def test_page_of_documents_asks_nobody_else(shop) -> None:
    answer = shop.get("/docs", key="")
    assert b"http://" not in answer.bytes and b"https://" not in answer.bytes
    assert "connect-src 'self'" in answer.headers["content-security-policy"]


def test_unknown_path_is_404_in_our_shape(shop) -> None:
    answer = shop.get("/nowhere")
    assert (answer.status, answer.json["error"]) == (404, "not_found")


def test_error_never_repeats_what_was_sent(shop) -> None:
    answer = shop.get("/v1/items?limit=secret-person")
    assert answer.status == 422
    assert "secret-person" not in json.dumps(answer.json)


def test_undeclared_fields_are_listed_with_a_declaration_and_without_their_values(shop) -> None:
    body = {"userId": "o1", "event": "Quiz Done", "properties": {"score": 7, "nickname": "Zorro"}}
    token = shop.post("/v1/track", body).json["offset"]
    shop.get(f"/v1/people/userId:o1?after={token}")
    answer = shop.get("/v1/plan/observed")
    declared = answer.json["proposal"]["events"]["Quiz Done"]["properties"]
    assert declared["score"]["type"] == "integer" and declared["nickname"]["personal"] is True
    assert "Zorro" not in str(answer.json)


def test_host_that_is_no_address_is_a_bad_request(shop) -> None:
    answer = shop.call("GET", "/v1/projects/K/settings", headers={"Host": "[::1"})
    assert answer.status == 400
