"""From a request that no hot route takes to FastAPI and back, so that caps, errors, CORS and counting hold for all."""

from collections.abc import Callable

from tailorbird.shell.http.app import Route
from tailorbird.shell.http.asgi import Asgi, Message, Scope
from tailorbird.shell.http.wire import Request, Response

SMALL_BODY = 64 * 1024
_SKIPPED = b"content-length"  # set again when the answer is sent


class Rest:
    """FastAPI behind the hot routes. It is imported and built at the first request that needs it."""

    def __init__(self, make: Callable[[], Asgi], bulk_bytes: int) -> None:
        self._make = make
        self._api: Asgi | None = None
        self._bulk_bytes = bulk_bytes

    def route(self, request: Request) -> Route:
        """How to answer it; only the calls that bring many items or people may bring more than a little."""
        bulk = request.path == "/v1/items" or request.path.startswith("/v1/lists/")
        return Route("rest", self.handle, self._bulk_bytes if bulk else SMALL_BODY)

    async def handle(self, request: Request) -> Response:
        """FastAPI's answer. Raises what it raised beyond its own handlers."""
        if self._api is None:
            self._api = self._make()
        sent: list[Message] = []
        body = iter([{"type": "http.request", "body": request.body, "more_body": False}])

        async def receive() -> Message:
            # The whole body is there already: one message, and behind it nothing but the end.
            return next(body, {"type": "http.disconnect"})

        async def send(message: Message) -> None:
            sent.append(message)

        await self._api(_scope_of(request), receive, send)
        headers = [(name, value) for name, value in sent[0]["headers"] if name != _SKIPPED]
        return Response(sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]), headers)


def _scope_of(request: Request) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.path.encode("utf-8", "surrogateescape"),
        "root_path": "",
        "query_string": request.query,
        "headers": list(request.headers.items()),
        "client": (request.client, 0),
        "server": None,
    }
