"""A head that is not parsed again: what was asked is the same as if it had been."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.server import ServerState

from tailorbird.shell.http.app import App, Route
from tailorbird.shell.http.cors import Cors
from tailorbird.shell.http.protocol import HttpProtocol, Limits
from tailorbird.shell.http.same_head import same_head
from tailorbird.shell.http.wire import Request, Response
from tailorbird.shell.logs import Logger
from tailorbird.shell.metrics import Metrics

HEADS = (
    b"POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n",
    b"POST /a?q=1 HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 1.2.3.4, 5.6.7.8\r\ncontent-length: 4\r\n\r\n",
    b"POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 8\r\n\r\n",
    b"GET /a HTTP/1.1\r\nhost: x\r\n\r\n",
    b"POST /a HTTP/1.0\r\nconnection: keep-alive\r\ncontent-length: 4\r\n\r\n",
    b"POST /a HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n",
)
BODIES = (b"abcd", b"efgh", b"\r\n\r\n", b"GET ", b"12345678", b"", b"4\r\nwxyz\r\n0\r\n\r\n", b"\r\n")
PIECES = st.lists(st.tuples(st.sampled_from((*HEADS, b"")), st.sampled_from(BODIES)), min_size=1, max_size=8)


Now = Callable[[Request], Response | None]


class Wire:
    """A transport that keeps what was written; nothing of it waits."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False

    def get_extra_info(self, name: str) -> tuple[str, int]:
        return "5.6.7.8", 1

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


async def echo(request: Request) -> Response:
    return echoed(request)


def echoed(request: Request) -> Response:
    return Response.of([request.method, request.path, request.query, request.client, str(request.body)])


def unless_it_waits(request: Request) -> Response | None:
    """A plain call answers some; others it leaves to `echo`."""
    return echoed(request) if b"e" in request.body else None


def answers(pieces: list[bytes], *, forgetful: bool, now: Now | None = None) -> list[bytes]:
    """What a connection answers to data that arrives in these pieces."""

    def other(request: Request) -> Route:
        raise AssertionError(request.path)

    async def talk() -> list[bytes]:
        route = Route("echo", echo, at_once=True, now=now)
        routes = {("POST", "/a"): route, ("GET", "/a"): route}
        app = App(routes, other, Cors(()), Metrics(), Logger("test"))
        limits = Limits(10, 10, frozenset({"5.6.7.8"}))
        protocol, wire = HttpProtocol(app, limits, ServerState(), asyncio.get_running_loop()), Wire()
        protocol.connection_made(wire)
        for piece in pieces:
            if not wire.closed:
                protocol.data_received(piece)
            if forgetful:
                protocol._same = None
        return wire.written

    return asyncio.run(talk())


@given(PIECES)
def test_who_repeats_a_head_is_answered_as_if_it_were_parsed(drawn):
    pieces = [head + body for head, body in drawn if head or body]
    assert answers(pieces, forgetful=False) == answers(pieces, forgetful=True)


@given(PIECES, st.data())
def test_a_stream_cut_anywhere_is_answered_alike(drawn, data):
    stream = b"".join(head + body for head, body in drawn)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=4)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True) if a < b]
    assert answers(pieces, forgetful=False) == answers(pieces, forgetful=True)


@pytest.mark.parametrize("now", [echoed, unless_it_waits])
@given(PIECES)
def test_a_plain_call_answers_what_a_coroutine_does(now, drawn):
    stream = b"".join(head + body for head, body in drawn)
    for pieces in ([head + body for head, body in drawn if head or body], [stream] if stream else []):
        assert answers(pieces, forgetful=False, now=now) == answers(pieces, forgetful=False)


def test_the_second_request_with_the_same_head_has_its_own_body():
    first, second = answers([HEADS[0] + b"abcd", HEADS[0] + b"efgh"], forgetful=False)
    assert b"abcd" in first and b"efgh" in second


def test_the_end_of_an_earlier_body_is_no_part_of_a_head():
    tail = b"GET /a HTTP/1.1\r\nx-y: "
    pieces = [b"POST /a HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % len(tail), tail + HEADS[0] + b"abcd"]
    again = [*pieces, tail + HEADS[0] + b"efgh"]
    assert answers(again, forgetful=False) == answers(again, forgetful=True)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (HEADS[0], b"abcd\r\n"),  # something stands behind the body
        (HEADS[3], b""),  # no length is said
        (b"POST /a HTTP/1.1\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n", b"abcd"),
    ],
)
def test_what_could_be_read_in_another_way_is_parsed_each_time(head, body):
    headers = dict(line.lower().split(b": ") for line in head.strip().split(b"\r\n")[1:])
    request = Request("POST", "/a", b"", headers, "", body[:4])
    assert same_head(head + body, Route("echo", echo, at_once=True), request) is None
