"""A head that was parsed already: what a client that keeps its connection mostly sends again.

Of a request that came in one piece, the head and the length of the whole are kept. Data with the very same head and of
the same length is what the parser would read as the same request with another body, so it is not asked: it takes
4 us of a decision's 65 (docs/why/050-a-protocol-of-our-own.md).
"""

from tailorbird.shell.http.app import Route
from tailorbird.shell.http.wire import Request

_END = b"\r\n\r\n"
_LONGEST = 4096  # bytes of a head that is kept, for each connection
# Bytes of a request; to parse the head of a larger one is nothing beside its body.
_LARGEST = 16 * 1024
# What makes more of a body than its bytes.
_NOT_WITH = (b"transfer-encoding", b"expect", b"upgrade")


class SameHead:
    """The head of one request, its route, and what it says."""

    __slots__ = ("_head", "_request", "_size", "route")

    def __init__(self, head: bytes, size: int, route: Route, request: Request) -> None:
        self.route = route
        self._head = head
        self._size = size
        self._request = request

    def begins(self, data: bytes) -> bool:
        """Whether the data is a whole request with this head."""
        return len(data) == self._size and data.startswith(self._head)

    def request_with(self, data: bytes) -> Request:
        """The request that such data is."""
        said = self._request
        return Request(said.method, said.path, said.query, said.headers, said.client, data[len(self._head) :])


def same_head(data: bytes, route: Route, request: Request) -> SameHead | None:
    """What to keep of a request that ended in this data; None where the next one is better parsed.

    Only for routes that answer at once: others are chosen by more than the head's first line, and are slow anyway.
    """
    end = data.find(_END) + len(_END)
    if (
        not route.at_once
        or end > _LONGEST
        or len(data) > _LARGEST
        or any(name in request.headers for name in _NOT_WITH)
    ):
        return None
    # Head and body, and nothing besides: else the data holds the end of an earlier piece.
    if request.header(b"content-length") != b"%d" % (len(data) - end) or request.body != data[end:]:
        return None
    return SameHead(data[:end], len(data), route, Request(
        request.method, request.path, request.query, request.headers, request.client
    ))  # fmt: skip
