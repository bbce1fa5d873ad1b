"""The ASGI application: hot routes by table, one place where exceptions become answers, one where calls are counted."""

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


class Route(NamedTuple):
    """One endpoint. `name` stands in the metrics; `at_most` caps the body, 0 means that none is read."""

    name: str
    handle: Handler
    at_most: int = 0


Routes = Mapping[tuple[str, str], Route]


class App:
    """Answers HTTP: the routes of the table at the cost of a look-up, all others by what `other` finds."""

    def __init__(
        self,
        routes: Routes,
        other: Callable[[Request], Route],
        cors: Cors,
        patience: Patience,
        metrics: Metrics,
        logger: Logger,
    ) -> None:
        self._routes = routes
        self._other = other
        self._cors = cors
        self._patience = patience
        self._metrics = metrics
        self._logger = logger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await _lifespan(scope, receive, send)
        started = time.perf_counter()
        request = request_of(scope)
        route = self._routes.get((request.method, request.path)) or self._other(request)
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
