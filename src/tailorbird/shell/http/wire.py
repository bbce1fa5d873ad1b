"""Requests and responses, as small as the hot path needs them, and their passage through ASGI.

A body is capped while it is read, not after; who sends too slowly is cut off by the process's `Patience`.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from tailorbird.errors import TooLarge
from tailorbird.shell.http.patience import Patience

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

JSON = (b"content-type", b"application/json")
encode_json = msgspec.json.Encoder().encode


class ClientGone(Exception):
    """The client closed the connection before its request was whole."""


class Request:
    """One request with its whole body."""

    __slots__ = ("body", "client", "headers", "method", "path", "query")

    def __init__(
        self, method: str, path: str, query: bytes, headers: list[Header], client: str, body: bytes = b""
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers  # names in lower case
        self.client = client  # address
        self.body = body

    def header(self, name: bytes) -> bytes:
        """The header's value, b"" where there is none."""
        for key, value in self.headers:
            if key == name:
                return value
        return b""


class Response:
    """One answer. `data` is encoded as JSON where no body is given."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes, headers: list[Header] | None = None) -> None:
        self.status = status
        self.body = body
        self.headers = [JSON] if headers is None else headers

    @classmethod
    def of(cls, data: object, status: int = 200, headers: tuple[Header, ...] = ()) -> "Response":
        return cls(status, encode_json(data), [JSON, *headers])


def request_of(scope: Scope) -> Request:
    """The request without its body."""
    client = scope.get("client")
    return Request(scope["method"], scope["path"], scope["query_string"], scope["headers"], client[0] if client else "")


async def read_body(request: Request, receive: Receive, at_most: int, patience: Patience) -> bytes:
    """The whole body; raises TooLarge as soon as it is known to be, TooSlow when time is up, ClientGone."""
    length = request.header(b"content-length")
    if length and int(length) > at_most:  # the HTTP parser lets digits only through
        raise TooLarge(f"The body has {int(length):,} bytes; at most {at_most:,} are taken. Send it in parts.")
    with patience:
        message = await receive()
        if not message.get("more_body") and message["type"] == "http.request":
            return _fitting(message.get("body", b""), at_most)
        return await _rest(message, receive, at_most)


async def _rest(message: Message, receive: Receive, at_most: int) -> bytes:
    parts, size = [], 0
    while True:
        if message["type"] == "http.disconnect":
            raise ClientGone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > at_most:
            raise TooLarge(f"The body has more than {at_most:,} bytes. Send it in parts.")
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()


def _fitting(body: bytes, at_most: int) -> bytes:
    if len(body) > at_most:
        raise TooLarge(f"The body has {len(body):,} bytes; at most {at_most:,} are taken. Send it in parts.")
    return body


async def send_response(send: Send, response: Response) -> None:
    """Pass the response on to the server."""
    headers = [*response.headers, (b"content-length", b"%d" % len(response.body))]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
