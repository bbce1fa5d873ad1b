"""From a request to its answer: the table of endpoints, and the one place where exceptions become answers.

`App.respond` is all that a server needs; `asgi.py` makes an ASGI application of it, `protocol.py` calls it directly.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from tailorbird.errors import BadRequest, TailorbirdError
from tailorbird.shell.http.answers import TooSlow, failure, refusal
from tailorbird.shell.http.cors import Cors
from tailorbird.shell.http.wire import Request, Response
from tailorbird.shell.logs import Logger, trace_of
from tailorbird.shell.metrics import Metrics

Handler = Callable[[Request], Awaitable[Response]]


class Route(NamedTuple):
    """One endpoint. `name` stands in the metrics; `at_most` caps the body in bytes.

    `at_once`: it may begin before it has a task, so it asks for none (`asyncio.timeout`, `current_task`) before it
    first waits. `now`: the answer by a plain call, None where it has to be waited for and `handle` is to be asked.
    """

    name: str
    handle: Handler
    at_most: int = 64 * 1024
    at_once: bool = False
    now: Callable[[Request], Response | None] | None = None


# Spelled once: a label of every request that is counted.
_TEXT_OF = {status: str(status) for status in range(100, 600)}

Routes = Mapping[tuple[str, str], Route]


class App:
    """Answers HTTP: the routes of the table at the cost of a look-up, all others by what `other` finds."""

    def __init__(
        self, routes: Routes, other: Callable[[Request], Route], cors: Cors, metrics: Metrics, logger: Logger
    ) -> None:
        self._routes = routes
        self._other = other
        self._cors = cors
        self._metrics = metrics
        self._logger = logger
        self._took: dict[str, Callable[[float], None]] = {}

    def route(self, request: Request) -> Route:
        """Who answers it, known before its body is read."""
        return self._routes.get((request.method, request.path)) or self._other(request)

    async def respond(self, route: Route, request: Request) -> Response:
        """The answer, whatever the handler does."""
        started = time.perf_counter()
        try:
            response = await route.handle(request)
        except Exception as error:
            response = self._failed(route, error)
        return self._done(route, request, response, started)

    def respond_now(self, route: Route, request: Request) -> Response | None:
        """The answer of a route with `now`; None where it has to be waited for, by `respond`."""
        started = time.perf_counter()
        try:
            response = route.now(request) if route.now is not None else None
        except Exception as error:
            response = self._failed(route, error)
        return None if response is None else self._done(route, request, response, started)

    def _failed(self, route: Route, error: Exception) -> Response:
        if isinstance(error, TailorbirdError):
            return refusal(error)
        self._logger.emit("request_failed", route=route.name, trace=trace_of(error))
        return Response.of(failure("internal", "A bug in Tailorbird; its log has the trace."), 500)

    def _done(self, route: Route, request: Request, response: Response, started: float) -> Response:
        # Also on refusals: a page may read why it was refused only where these headers say so.
        if b"origin" in request.headers:
            response.headers = [*response.headers, *self._cors.headers(request)]
        self._count(route.name, response.status, time.perf_counter() - started)
        return response

    def _count(self, route: str, status: int, seconds: float) -> None:
        self._metrics.add("tailorbird_http_requests", 1, route, _TEXT_OF[status])
        took = self._took.get(route)
        if took is None:
            took = self._took[route] = self._metrics.timer("tailorbird_http_seconds", route)
        took(seconds)

    def refused(self, error: TailorbirdError) -> Response:
        """The answer to a request that is not worth reading to its end."""
        response = refusal(error)
        self._metrics.add("tailorbird_http_requests", 1, "refused", str(response.status))
        return response

    def malformed(self) -> Response:
        """The answer to what is no HTTP."""
        return self.refused(BadRequest("This is not an HTTP request that can be read."))

    def too_slow(self, seconds: float) -> Response:
        """The answer to a body that does not end."""
        return self.refused(TooSlow(f"The body did not arrive within {seconds:g} s."))
