"""The table of all endpoints: the hot ones by method and path, then the few patterns, then FastAPI."""

from tailorbird.shell.http.answers import failure
from tailorbird.shell.http.app import App, Route
from tailorbird.shell.http.asgi import Asgi
from tailorbird.shell.http.collect import project_settings
from tailorbird.shell.http.cors import Cors
from tailorbird.shell.http.decide import Decide
from tailorbird.shell.http.pages import pages
from tailorbird.shell.http.rest.bridge import Rest
from tailorbird.shell.http.web import Web
from tailorbird.shell.http.wire import Request, Response

Table = dict[tuple[str, str], Route]


def make_app(web: Web) -> App:
    """The application on these parts."""
    http = web.settings.http
    decide = Decide(web.site, web.shelves, web.lookup, web.freshness, web.unfolded, web.ingest, web.metrics)
    table: Table = {**web.collect.routes(), **decide.routes(), **pages(web.layout, web.health)}
    cors = Cors(http.cors_origins)
    other = Other(table, cors, Rest(lambda: _rest(web), http.max_bulk_bytes))
    return App(table, other.route, cors, web.metrics, web.logger)


def _rest(web: Web) -> Asgi:
    from tailorbird.shell.http.rest.api import make_api  # half a second: only when it is needed

    return make_api(web)


class Other:
    """What is not in the table as it stands."""

    def __init__(self, table: Table, cors: Cors, rest: Rest) -> None:
        self._table = table
        self._cors = cors
        self._rest = rest
        self._methods: dict[str, list[str]] = {}
        for method, path in table:
            self._methods.setdefault(path, []).append(method)

    def route(self, request: Request) -> Route:
        """The route of a preflight, a pattern, a path with a slash behind it; FastAPI for everything else."""
        method, path = request.method, request.path
        if method == "OPTIONS":
            return Route("preflight", self._preflight)
        if path.startswith("/v1/projects/") and path.endswith("/settings") and path.count("/") == 4:
            return Route("settings", project_settings)
        # Some Segment libraries send to /v1/batch/; the table knows one spelling of each path.
        bare = path.rstrip("/")
        if (found := self._table.get((method, bare))) is not None:
            request.path = bare
            return found
        if bare in self._methods:
            return Route("other", self._not_allowed)
        return self._rest.route(request)

    async def _preflight(self, request: Request) -> Response:
        return self._cors.preflight()

    async def _not_allowed(self, request: Request) -> Response:
        allowed = ", ".join(self._methods[request.path.rstrip("/")])
        message = f"This endpoint takes {allowed}. /docs lists what there is."
        return Response.of(failure("method_not_allowed", message), 405, ((b"allow", allowed.encode()),))
