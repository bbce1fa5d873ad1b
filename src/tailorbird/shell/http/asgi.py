"""The application for any ASGI server. `tailorbird serve` does without it, by `protocol.py`."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from tailorbird.errors import TooLarge
from tailorbird.shell.http.app import App
from tailorbird.shell.http.wire import Request, Response

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


def asgi_of(app: App) -> Asgi:
    """The ASGI application."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await _http(app, scope, receive, send)

    return call


async def _http(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    client = scope.get("client")
    request = Request(
        scope["method"], scope["path"], scope["query_string"], dict(scope["headers"]), client[0] if client else ""
    )
    route = app.route(request)
    try:
        body = await _body(receive, route.at_most)
    except TooLarge as error:
        await _send(send, app.refused(error))
        return
    if body is not None:  # None: the client is gone
        request.body = body
        await _send(send, await app.respond(route, request))


async def _body(receive: Receive, at_most: int) -> bytes | None:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > at_most:
            # While it arrives, not behind it: nobody's memory is filled by a body that is refused anyway.
            raise TooLarge(f"The body has more than {at_most:,} bytes. Send it in parts.")
        more = message.get("more_body", False)
    return b"".join(parts)


async def _send(send: Send, response: Response) -> None:
    headers = [*response.headers, (b"content-length", b"%d" % len(response.body))]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
