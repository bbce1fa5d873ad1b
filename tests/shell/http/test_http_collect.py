"""POST /v1/{track,...,batch}: what a client sends, and what it is told."""

import gzip
import json
from typing import Any

import pytest

from tailorbird.shell.http.rest.bridge import SMALL_BODY


def viewed(person: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Product Viewed",
        "anonymousId": person,
        "properties": {"product_id": "p1"},
        **more,
    }


@pytest.mark.parametrize("path", ["/v1/track", "/v1/t", "/v1/track/"])
def test_tracked_event_is_acknowledged_with_a_token(shop, path: str) -> None:
    answer = shop.post(path, viewed("t1"))
    assert answer.status == 200
    assert answer.json == {"success": True, "offset": answer.headers["x-tailorbird-offset"]}
    assert int(answer.json["offset"]) <= shop.engines.log.end()


@pytest.mark.parametrize("kind", ["identify", "page", "screen", "group", "alias", "i", "p", "s", "g", "a"])
def test_every_kind_of_call_is_taken(shop, kind: str) -> None:
    body = {"userId": "k1", "previousId": "k0", "groupId": "g", "name": "Home", "traits": {"plan": "gold"}}
    assert shop.post(f"/v1/{kind}?strict=1", body).json["success"] is True


def test_bad_event_does_not_harm_its_neighbours(shop) -> None:
    batch = {"batch": [viewed("n1"), {"type": "nonsense"}, viewed("n2")]}
    answer = shop.post("/v1/batch", batch).json
    assert answer["success"] is True
    assert shop.get(f"/v1/people/anonymousId:n2?after={answer['offset']}").status == 200


def test_strict_call_hears_what_was_wrong_and_where(shop) -> None:
    answer = shop.post("/v1/batch?strict=1", {"batch": [viewed("s1"), {"type": "nonsense"}]})
    assert answer.status == 400
    assert answer.json["accepted"] == 1
    assert [(error["where"], error["reason"]) for error in answer.json["errors"]] == [("batch[1].type", "type")]


def test_gzip_is_recognised_without_a_header(shop) -> None:
    body = gzip.compress(json.dumps({"batch": [viewed("z1")]}).encode())
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert shop.post("/v1/batch?strict=1", body, headers=headers).status == 200


def test_write_key_in_the_body_opens_the_door(shop) -> None:
    body = {"batch": [viewed("w1")], "writeKey": shop.key}
    assert shop.post("/v1/batch?strict=1", body, key="").status == 200


@pytest.mark.parametrize("header", ["Authorization", "X-Api-Key"])
def test_key_may_come_as_bearer_or_header(shop, header: str) -> None:
    value = f"Bearer {shop.key}" if header == "Authorization" else shop.key
    assert shop.post("/v1/track", viewed("h1"), key="", headers={header: value}).status == 200


def test_unknown_key_is_401(shop) -> None:
    answer = shop.post("/v1/track", viewed("u1"), key="tb_wrong")
    assert (answer.status, answer.json["error"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_key_without_the_right_is_403(shop) -> None:
    reader = shop.key_for("reader", "read")
    answer = shop.post("/v1/track", viewed("u2"), key=reader)
    assert (answer.status, answer.json["error"]) == (403, "forbidden")


def test_revoked_key_is_refused_within_a_second(fresh) -> None:
    key = fresh.key_for("gone", "collect")
    assert fresh.post("/v1/track", viewed("r1"), key=key).status == 200
    fresh.engines.definitions.delete("key", "gone", "tests")
    fresh.stop.wait(0.2)
    assert fresh.post("/v1/track", viewed("r1"), key=key).status == 401


def test_too_large_body_is_413(shop) -> None:
    assert shop.post("/v1/track", b"x" * 600_000).status == 413


def test_gzip_bomb_is_413(shop) -> None:
    assert shop.post("/v1/batch", gzip.compress(b" " * 50_000_000)).status == 413


def test_too_large_chunked_body_is_413(shop) -> None:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", shop.port, timeout=10)
    connection.request("POST", "/v1/decide", iter([b"x" * 10_000] * (SMALL_BODY // 10_000 + 5)), encode_chunked=True,
                       headers={"Transfer-Encoding": "chunked"})  # fmt: skip
    assert connection.getresponse().status == 413


def test_what_is_no_json_is_400(shop) -> None:
    answer = shop.post("/v1/track", b"\x00\xff{")
    assert (answer.status, answer.json["error"]) == (400, "bad_request")


def test_other_methods_are_405(shop) -> None:
    answer = shop.get("/v1/track")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_browser_learns_where_to_send(shop) -> None:
    answer = shop.get("/v1/projects/some-key/settings", key="")
    assert answer.json["integrations"]["Segment.io"]["apiKey"] == "some-key"


def test_preflight_lets_a_page_send_its_key(shop) -> None:
    answer = shop.call("OPTIONS", "/v1/decide", key="", headers={"Origin": "https://shop.example"})
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "authorization" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize("path", ["/v1/track", "/v1/decide", "/v1/people/userId:nobody", "/nowhere"])
def test_every_answer_can_be_read_by_a_page(shop, path: str) -> None:
    answer = shop.post(path, b"{", headers={"Origin": "https://shop.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "x-tailorbird-offset" in answer.headers["access-control-expose-headers"]


def test_key_and_person_never_stand_in_the_logs(shop) -> None:
    shop.post("/v1/track", viewed("secret-person", messageId="secret-message"))
    shop.post("/v1/track", b"{secret-person")
    written = repr(shop.logger.events)
    assert shop.key not in written and "secret" not in written
