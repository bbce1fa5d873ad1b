"""Requests and responses, as small as the hot path needs them."""

from collections.abc import Mapping

import msgspec

Header = tuple[bytes, bytes]
Headers = Mapping[bytes, bytes]

JSON = (b"content-type", b"application/json")
encode_json = msgspec.json.Encoder().encode


class Request:
    """One request with its whole body."""

    __slots__ = ("body", "client", "headers", "method", "path", "query")

    def __init__(self, method: str, path: str, query: bytes, headers: Headers, client: str, body: bytes = b"") -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers  # by name in lower case; of several with one name the last
        self.client = client  # address
        self.body = body

    def header(self, name: bytes) -> bytes:
        """The header's value, b"" where there is none."""
        return self.headers.get(name, b"")


class Response:
    """One answer; JSON unless its headers say otherwise."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes, headers: list[Header] | None = None) -> None:
        self.status = status
        self.body = body
        self.headers = [JSON] if headers is None else headers

    @classmethod
    def of(cls, data: object, status: int = 200, headers: tuple[Header, ...] = ()) -> "Response":
        """`data` as JSON."""
        return cls(status, encode_json(data), [JSON, *headers])
