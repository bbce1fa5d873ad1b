"""The ASGI application: a table of hot routes, and everything else handed to FastAPI, which is imported on first use."""

import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from tailorbird.errors import TailorbirdError
from tailorbird.shell.http.answers import failure, refusal
from tailorbird.shell.http.cors import Cors
from tailorbird.shell.http.patience import Patience
from tailorbird.shell.http.wire import (
    ClientGone,
    Receive,
    Request,
    Response,
    Scope,
    Send,
    read_body,
    request_of,
    send_response,
)
from tailorbird.shell.logs import Logger
from tailorbird.shell.metrics import Metrics

Handler = Callable[[Request], Awaitable[Response]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class Route(NamedTuple):
    """One hot endpoint. `name` stands in the metrics; `at_most` caps the body, 0 means that none is read."""

    name: str
    handle: Handler
    at_most: int = 0


Routes = Mapping[tuple[str, str], Route]


class App:
    """Answers HTTP. Whatever a handler raises becomes an answer here, in one place."""

    def __init__(
        self, routes: Routes, rest: Callable[[], Asgi], cors: Cors, patience: Patience, metrics: Metrics, logger: Logger
    ) -> None:
        self._routes = routes
        self._make_rest, self._rest = rest, None
        self._cors = cors
        self._patience = patience
        self._metrics = metrics
        self._logger = logger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await _lifespan(scope, receive, send)
        route = self._routes.get((scope["method"], scope["path"]))
        started = time.perf_counter()
        request = request_of(scope)
        if route is None:
            await self._other(request, scope, receive, send)
            return None
        try:
            response = await self._answer(route, request, receive)
        except ClientGone:
            return None
        if origin_headers := self._cors.headers(request):
            response.headers = [*response.headers, *origin_headers]
        await send_response(send, response)
        self._count(route.name, response.status, time.perf_counter() - started)
        return None

    async def _answer(self, route: Route, request: Request, receive: Receive) -> Response:
        try:
            if route.at_most:
                request.body = await read_body(request, receive, route.at_most, self._patience)
            return await route.handle(request)
        except TailorbirdError as error:
            return refusal(error)
        except ClientGone:
            raise
        except Exception as error:
            self._logger.emit("request_failed", route=route.name, trace=trace_of(error))
            return Response.of(failure("internal", "A bug in Tailorbird; its log has the trace."), 500)

    async def _other(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await send_response(send, self._cors.preflight(request))
            return
        if self._rest is None:
            self._rest = self._make_rest()
        await self._rest(scope, receive, send)

    def _count(self, route: str, status: int, seconds: float) -> None:
        self._metrics.add("tailorbird_http_requests", 1, route, str(status))
        self._metrics.took("tailorbird_http_seconds", seconds, route)


def trace_of(error: BaseException) -> str:
    """Where it happened: files, lines and the exception's type; its message may hold what a caller sent."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
        return
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
