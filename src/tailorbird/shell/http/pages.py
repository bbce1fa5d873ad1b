"""The small open pages: health, readiness, metrics, the browser SDK. None needs a key, none tells of people."""

import gzip
from collections.abc import Awaitable, Callable
from functools import cache
from importlib.resources import files

from tailorbird.shell.health import Health
from tailorbird.shell.http.app import Route
from tailorbird.shell.http.wire import Request, Response
from tailorbird.shell.layout import Layout
from tailorbird.shell.metrics import exposition

_TEXT = (b"content-type", b"text/plain; version=0.0.4; charset=utf-8")
_SCRIPT = (b"content-type", b"text/javascript; charset=utf-8")
_NEVER_KEPT = (b"cache-control", b"no-store")
_KEPT_AN_HOUR = (b"cache-control", b"public, max-age=3600")
_VARY = (b"vary", b"accept-encoding")

Page = Callable[[Request], Awaitable[Response]]


def pages(layout: Layout, health: Health) -> dict[tuple[str, str], Route]:
    """The routes."""
    table = {
        "/healthz": Route("healthz", _alive),
        "/readyz": Route("readyz", _ready(health)),
        "/metrics": Route("metrics", _metrics(layout)),
        "/tailorbird.js": Route("sdk", _sdk),
    }
    return {(method, path): route for path, route in table.items() for method in ("GET", "HEAD")}


async def _alive(request: Request) -> Response:
    return Response(200, b'{"alive":true}')


def _ready(health: Health) -> Page:
    async def ready(request: Request) -> Response:
        is_ready, parts = health.look()
        return Response.of(parts, 200 if is_ready else 503, (_NEVER_KEPT,))

    return ready


def _metrics(layout: Layout) -> Page:
    async def metrics(request: Request) -> Response:
        return Response(200, exposition(layout.run / "metrics"), [_TEXT, _NEVER_KEPT])

    return metrics


@cache
def _script() -> tuple[bytes, bytes]:
    """The browser SDK, plain and compressed."""
    plain = files("tailorbird.sdk").joinpath("tailorbird.js").read_bytes()
    # Without a time in it, so that all workers and releases give the same bytes for the same script.
    return plain, gzip.compress(plain, 9, mtime=0)


async def _sdk(request: Request) -> Response:
    plain, compressed = _script()
    if b"gzip" not in request.header(b"accept-encoding"):
        return Response(200, plain, [_SCRIPT, _KEPT_AN_HOUR, _VARY])
    return Response(200, compressed, [_SCRIPT, _KEPT_AN_HOUR, _VARY, (b"content-encoding", b"gzip")])
