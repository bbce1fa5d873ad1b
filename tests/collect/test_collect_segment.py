import base64
import gzip
import json

import pytest

from tailorbird.collect.dialects.segment import ROUTES, settings_answer, write_key_of


def basic(credentials: str) -> list[tuple[bytes, bytes]]:
    return [(b"authorization", b"Basic " + base64.b64encode(credentials.encode()))]


@pytest.mark.parametrize(
    "headers",
    [basic("WK:"), basic("WK"), basic("WK:ignored"), [(b"authorization", b"Bearer WK")], [(b"x-api-key", b"WK")]],
)
def test_the_write_key_is_read_from_any_header(headers: list[tuple[bytes, bytes]]) -> None:
    assert write_key_of(headers, b"") == "WK"


@pytest.mark.parametrize(
    "body",
    [{"writeKey": "WK"}, {"batch": [], "writeKey": "WK"}, {"batch": [{"writeKey": "WK"}, {"writeKey": "other"}]}],
)
def test_the_write_key_is_read_from_the_body(body: object) -> None:
    raw = json.dumps(body).encode()
    assert write_key_of([], raw) == write_key_of([], gzip.compress(raw)) == "WK"


@pytest.mark.parametrize(
    "body", [b"", b"nope", b"[]", b'{"writeKey":5}', b'{"batch":[5]}', b'{"batch":{}}', b"\x1f\x8b"]
)
def test_a_body_without_a_key_names_none(body: bytes) -> None:
    assert write_key_of([(b"authorization", b"Basic !!!"), (b"content-type", b"text/plain")], body) is None


def test_settings_send_the_browser_back_to_us_with_its_own_key() -> None:
    answer = settings_answer("WK", "http://127.0.0.1:8700")["integrations"]["Segment.io"]
    assert (answer["apiKey"], answer["protocol"], answer["apiHost"]) == ("WK", "http", "127.0.0.1:8700/v1")
    behind_a_proxy = settings_answer("WK", "shop.example/events")["integrations"]["Segment.io"]
    assert (behind_a_proxy["protocol"], behind_a_proxy["apiHost"]) == ("https", "shop.example/events/v1")


def test_every_route_is_listed_once() -> None:
    assert len(set(ROUTES)) == len(ROUTES) == 15
