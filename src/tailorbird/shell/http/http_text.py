"""The head of an answer as bytes: what stays the same is joined once."""

from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus

from tailorbird.shell.http.wire import Header, Response

_NO_BODY = frozenset({204, 304})


def head_of(response: Response, server_headers: Sequence[Header], keep_alive: bool) -> bytes:
    """Status line and headers, with the server's own (the date) and the body's length.

    >>> head_of(Response(200, b"{}"), [], True)
    b'HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: 2\\r\\n\\r\\n'
    """
    head = _first_lines(response.status, (*server_headers, *response.headers))
    # RFC 9110: neither has a body, and 204 must not even name a length.
    length = b"" if response.status in _NO_BODY else b"content-length: %d\r\n" % len(response.body)
    return head + length + (b"\r\n" if keep_alive else b"connection: close\r\n\r\n")


@lru_cache(64)  # of one second most are alike, and the next has another date
def _first_lines(status: int, headers: tuple[Header, ...]) -> bytes:
    return _status_line(status) + b"".join(b"%b: %b\r\n" % pair for pair in headers)


@lru_cache
def _status_line(status: int) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode()
