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
    lines = [_status_line(response.status)]
    for name, value in (*server_headers, *response.headers):
        lines += (name, b": ", value, b"\r\n")
    # RFC 9110: neither has a body, and 204 must not even name a length.
    if response.status not in _NO_BODY:
        lines.append(b"content-length: %d\r\n" % len(response.body))
    lines.append(b"\r\n" if keep_alive else b"connection: close\r\n\r\n")
    return b"".join(lines)


@lru_cache
def _status_line(status: int) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode()
