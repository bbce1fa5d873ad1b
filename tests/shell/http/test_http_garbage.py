"""Garbage at every door: never a 500, never a stuck worker, and the next caller is served."""

import socket
import time
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PATHS = ("/v1/track", "/v1/batch", "/v1/identify", "/v1/b", "/v1/decide", "/v1/items", "/v1/rejected/replay",
         "/v1/people/userId:1/consent")  # fmt: skip
PUTS = ("/v1/items/g1", "/v1/people/userId:g/consent")
SHARED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=20), inner, max_size=5),
    max_leaves=20,
)
WORDS = """type event userId anonymousId messageId timestamp sentAt originalTimestamp context traits properties batch
    consent integrations previousId groupId person placements after limit exclude items id price available_from tags
    attributes writeKey name"""
FIELDS = st.sampled_from(WORDS.split())
NEARLY = st.dictionaries(FIELDS, JSON, max_size=8)


@SHARED
@given(path=st.sampled_from(PATHS), body=st.binary(max_size=300))
def test_raw_bytes_never_break_an_endpoint(shop, path: str, body: bytes) -> None:
    assert shop.post(path, body).status < 500


@settings(SHARED, max_examples=150)
@given(path=st.sampled_from(PATHS), body=NEARLY | st.fixed_dictionaries({"batch": st.lists(NEARLY, max_size=4)}))
def test_nearly_right_json_never_breaks_an_endpoint(shop, path: str, body: Any) -> None:
    assert shop.post(f"{path}?strict=1", body).status < 500


@SHARED
@given(path=st.sampled_from(PUTS), body=NEARLY)
def test_nearly_right_puts_never_break(shop, path: str, body: Any) -> None:
    assert shop.call("PUT", path, body).status < 500


@SHARED
@given(st.binary(max_size=400))
def test_bytes_that_are_no_http_get_an_answer_or_a_close(shop, data: bytes) -> None:
    reply = raw(shop, b"POST /v1/track HTTP/1.1\r\n" + data)
    assert not reply.startswith(b"HTTP/1.1 5")


@SHARED
@given(st.text(max_size=60))
def test_any_path_and_query_has_an_answer(shop, text: str) -> None:

    for path in (
        f"/v1/people/{quote(text)}",
        f"/{quote(text)}",
        f"/v1/items/{quote(text)}",
        f"/v1/items?q={quote(text)}",
    ):
        assert shop.get(path).status < 500


@SHARED
@given(st.binary(min_size=1, max_size=60))
def test_any_authorization_is_answered(shop, value: bytes) -> None:
    line = value.replace(b"\r", b"").replace(b"\n", b"")
    reply = raw(shop, b"GET /v1/items HTTP/1.1\r\nAuthorization: Basic " + line + b"\r\nConnection: close\r\n\r\n")
    assert reply[9:12] in (b"401", b"400")


def test_head_without_end_is_refused(shop) -> None:
    assert raw(shop, b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000)[9:12] == b"400"


def test_pipelined_requests_are_answered_in_order(shop) -> None:
    one = b"GET /healthz HTTP/1.1\r\n\r\n"
    reply = raw(
        shop, one + b"GET /nowhere HTTP/1.1\r\n\r\n" + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    )
    assert [line[:3] for line in reply.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200"]


def test_refusal_waits_for_the_answers_before_it(shop) -> None:
    reply = raw(shop, b"GET /healthz HTTP/1.1\r\n\r\n" * 3 + b"GARBAGE\r\n\r\n")
    assert [line[:3] for line in reply.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"200", b"400"]


def test_expect_continue_is_honoured(shop) -> None:
    head = b"POST /v1/decide HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    assert raw(shop, head, b"{}").startswith(b"HTTP/1.1 100 Continue")


def test_client_that_hangs_up_harms_nobody(shop) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", shop.port)) as connection:
            connection.sendall(b"POST /v1/track HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")
    assert shop.get("/healthz").status == 200


@pytest.mark.slow
def test_body_that_does_not_end_is_cut_off(tmp_path) -> None:
    from one_process import OneProcess

    with OneProcess(tmp_path, ("http.body_timeout_s=1",)) as process:
        started = time.monotonic()
        reply = raw(process, b"POST /v1/track HTTP/1.1\r\nContent-Length: 100\r\n\r\n{", hang_up=False)
        assert reply[9:12] == b"408"
        assert time.monotonic() - started < 6


def raw(shop, *parts: bytes, hang_up: bool = True) -> bytes:
    """What comes back on a connection of its own until it is closed."""
    with socket.create_connection(("127.0.0.1", shop.port), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
        if hang_up:
            connection.shutdown(socket.SHUT_WR)
        found = b""
        try:
            while data := connection.recv(65_536):
                found += data
        except ConnectionResetError:
            pass
        return found
