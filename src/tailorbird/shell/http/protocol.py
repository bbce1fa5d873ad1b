"""HTTP/1.1 for uvicorn's server, straight from the parser to our endpoints and back.

uvicorn's own protocol builds a scope, a cycle, an event and two messages for each request; here a request is parsed
(httptools), answered by one task, and written at once: a third of the time (docs/why/050-a-protocol-of-our-own.md).
It also keeps limits that uvicorn lacks: bytes of a head, bytes of a body while it arrives, time for both.

A client that keeps its connection mostly sends the same head again: then it is not parsed again (`same_head.py`).

One request of a connection is answered at a time, in order. Reading pauses while requests wait or the client does not
read, so nobody can fill the memory.
"""

import asyncio
import types
from collections import deque
from collections.abc import Coroutine, Generator
from typing import Any
from urllib.parse import unquote

import httptools
from uvicorn.server import ServerState

from tailorbird.errors import TooLarge
from tailorbird.shell.http.app import App, Route
from tailorbird.shell.http.http_text import head_of
from tailorbird.shell.http.same_head import SameHead, same_head
from tailorbird.shell.http.wire import Request, Response

MOST_HEAD_BYTES = 64 * 1024
HEAD_WITHIN_S = 10.0
_LINGER_S = 1.0  # so that a refused client can read why before the connection goes
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


AT_ONCE = object()  # in place of a task, while an answer is made that has not had to wait yet


async def _finish(answering: Coroutine[Any, Any, None], awaited: Any) -> None:
    await _go_on(answering, awaited)


@types.coroutine
def _go_on(answering: Coroutine[Any, Any, None], awaited: Any) -> Generator[Any, Any, None]:
    """The rest of a coroutine that waits for `awaited` already, for a task to run."""
    while True:
        try:
            sent = yield awaited
        except BaseException as error:  # cancelled: the coroutine is told, as a task would tell it
            step, value = answering.throw, error
        else:
            step, value = answering.send, sent
        try:
            awaited = step(value)
        except StopIteration:
            return


class Limits:
    """What a client may take of our time, in seconds."""

    __slots__ = ("body_s", "idle_s", "trusted")

    def __init__(self, body_s: float, idle_s: float, trusted: frozenset[str]) -> None:
        self.body_s = body_s
        self.idle_s = idle_s
        self.trusted = trusted  # proxies whose X-Forwarded-For is believed


class HttpProtocol(asyncio.Protocol):
    """One connection. `app_and_limits` come from the factory that `web.py` makes."""

    def __init__(self, app: App, limits: Limits, server_state: ServerState, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._limits = limits
        self._server = server_state
        self._loop = loop
        self._parser = httptools.HttpRequestParser(self)
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._waiting: deque[tuple[Route, Request, bool]] = deque()
        self._task: asyncio.Task[None] | object | None = None  # of the request being answered
        self._request: Request | None = None  # the one whose body arrives
        self._begun = 0  # messages that began in the data at hand
        self._same: SameHead | None = None  # of the latest request, if the next one may have it too
        self._head_since = self._since = loop.time()  # 0.0: the head is complete
        self._head_bytes = 0
        self._deaf = False  # refused: nothing more is read
        self._refusal: Response | None = None  # said behind the answers that come before it
        self._last = False  # close after the present answer
        self._said_all = False  # close after the last answer
        self._can_write = True

    # -- the connection

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._server.connections.add(self)  # type: ignore[arg-type]
        peer = transport.get_extra_info("peername")
        self._peer = peer[0] if isinstance(peer, tuple) else ""

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        # What is being answered is finished: an event may be on its way to the disk.
        self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        same = self._same
        # Between two messages only: else the data is part of one that the parser has begun.
        between = self._request is None and not self._head_since
        if same is not None and between and same.begins(data):
            self._take(same.route, same.request_with(data), True)
            return
        # What began in an earlier piece ends in this one: no head of it may be kept.
        self._begun, self._data = 0, data if between else b""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # answered as the plain request it also is
        except httptools.HttpParserError:
            self._refuse(self._app.malformed())
        if self._head_since and not self._deaf:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                self._refuse(self._app.malformed())

    def eof_received(self) -> bool:
        """The client has said all it will; keep the connection for the answer that is under way."""
        self._said_all = True
        return self._task is not None

    def pause_writing(self) -> None:
        self._can_write = False

    def resume_writing(self) -> None:
        self._can_write = True
        self._next()

    def shutdown(self) -> None:
        """Asked by the server: close now, or behind the answer under way."""
        self._last = True
        if self._task is None:
            self._transport.close()

    def close_if_late(self, now: float) -> None:
        """Called once a second: close what is idle, a head that does not come, a body that does not end."""
        if self._task is not None or self._deaf:
            return
        if self._head_since:
            if now - self._head_since > HEAD_WITHIN_S:
                self._transport.close()
        elif self._request is not None:
            if now - self._since > self._limits.body_s:
                self._refuse(self._app.too_slow(self._limits.body_s))
        elif now - self._since > self._limits.idle_s:
            self._transport.close()

    # -- the parser's calls

    def on_message_begin(self) -> None:
        self._begun += 1
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._head_bytes = 0
        self._head_since = self._since = self._loop.time()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        self._head_since = 0.0
        if self._deaf:
            return
        request = self._request = self._read_head()
        self._route = self._app.route(request)
        self._body: list[bytes] = []
        self._size = 0
        # Refused by its head: the body need not even be sent.
        length = request.header(b"content-length")
        if length and int(length) > self._route.at_most:
            self._refuse_size(int(length))
        elif request.header(b"expect").lower() == b"100-continue":
            self._transport.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        if self._deaf:
            return
        self._body.append(body)
        self._size += len(body)
        if self._size > self._route.at_most:
            self._refuse_size(self._size)

    def on_message_complete(self) -> None:
        request, self._request = self._request, None
        if self._deaf or request is None:
            return
        body = self._body
        request.body = body[0] if len(body) == 1 else b"".join(body)
        keep_alive = self._parser.should_keep_alive()
        self._same = same_head(self._data, self._route, request) if keep_alive and self._begun == 1 else None
        self._take(self._route, request, keep_alive)

    def _take(self, route: Route, request: Request, keep_alive: bool) -> None:
        """One whole request."""
        self._waiting.append((route, request, keep_alive))
        if self._task is None:
            self._next()
        else:
            self._transport.pause_reading()  # pipelined: first things first

    def _read_head(self) -> Request:
        path, _, query = self._url.partition(b"?")
        if not path.startswith(b"/"):  # "http://host/path", as for a proxy
            parsed = httptools.parse_url(self._url)
            path, query = parsed.path or b"/", parsed.query or b""
        text = path.decode("utf-8", "replace")
        if "%" in text:
            text = unquote(text)
        method = self._parser.get_method().decode("ascii")
        request = Request(method, text, query.partition(b"#")[0], self._headers, self._peer)
        # The last address of the chain is the one that our own proxy saw; those before it anybody can invent.
        if self._peer in self._limits.trusted and (chain := request.header(b"x-forwarded-for")):
            request.client = chain.rpartition(b",")[2].strip().decode("latin-1")
        return request

    # -- answering

    def _next(self) -> None:
        """Begin with the oldest waiting request, and go on with those behind it while each is answered at once."""
        while self._task is None and self._waiting and self._can_write and not self._transport.is_closing():
            route, request, keep_alive = self._waiting.popleft()
            # No coroutine where nothing is waited for: three of them took a tenth of the time around a decision.
            if route.now is not None and (response := self._app.respond_now(route, request)) is not None:
                self._say(request, response, keep_alive)
                continue
            answering = self._answer(route, request, keep_alive)
            if not route.at_once:
                self._task = self._loop.create_task(answering)
                continue
            # Much waits for nothing after all: a task, and a turn of the loop to begin it, would be dear beside it.
            self._task = AT_ONCE
            try:
                awaited = answering.send(None)
            except StopIteration:
                continue
            self._task = self._loop.create_task(_finish(answering, awaited))

    async def _answer(self, route: Route, request: Request, keep_alive: bool) -> None:
        response = await self._app.respond(route, request)
        in_task, self._task = self._task is not AT_ONCE, None
        self._say(request, response, keep_alive)
        # Begun without a task, `_next` is still on the stack and goes on by itself; to call it here would nest without
        # end.
        if in_task:
            self._next()

    def _say(self, request: Request, response: Response, keep_alive: bool) -> None:
        """Write one answer; see to what comes behind it, but for requests that wait already."""
        self._since = self._loop.time()
        self._server.total_requests += 1
        if self._transport.is_closing():
            return
        keep_alive = keep_alive and not self._last
        head = head_of(response, self._server.default_headers, keep_alive)
        self._transport.write(head + response.body if request.method != "HEAD" else head)
        if not keep_alive:
            self._transport.close()
        elif self._waiting:
            pass  # `_next` goes on with them
        elif self._refusal is not None:
            self._say_refusal(self._refusal)
        elif self._said_all:
            self._transport.close()
        else:
            self._transport.resume_reading()

    def _refuse_size(self, size: int) -> None:
        most = self._route.at_most
        error = TooLarge(f"The body has {size:,} bytes or more; at most {most:,} are taken. Send it in parts.")
        self._refuse(self._app.refused(error))

    def _refuse(self, response: Response) -> None:
        """Answer what cannot be read further, and close when the client had time to hear it."""
        self._deaf = True
        self._request = None
        if self._task is not None or self._waiting:
            # Pipelined: the client takes the first answer for that of its first request.
            self._refusal = response
            # If the client should never read the others.
            self._loop.call_later(self._limits.idle_s, self._transport.abort)
        else:
            self._say_refusal(response)

    def _say_refusal(self, response: Response) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(head_of(response, self._server.default_headers, False) + response.body)
        self._loop.call_later(_LINGER_S, self._transport.close)
