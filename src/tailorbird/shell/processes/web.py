"""A web process: collects and decides. Any number of them share one socket.

python -m tailorbird.shell.processes.web --data DIR [--set http.port=8700]
"""

import asyncio
import gc
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

import uvicorn
from uvicorn.loops.auto import auto_loop_factory
from uvicorn.server import ServerState

from tailorbird.offer.recommend.warm_up import warm_up
from tailorbird.shell.engines import Engines
from tailorbird.shell.http.app import App
from tailorbird.shell.http.asgi import asgi_of
from tailorbird.shell.http.decide import LOG_WITHIN_S
from tailorbird.shell.http.protocol import HttpProtocol, Limits
from tailorbird.shell.http.routes import make_app
from tailorbird.shell.http.web import Web, open_web
from tailorbird.shell.ports import KEYS_HELD_S
from tailorbird.shell.processes.start import Process, begin

_SWITCH_S = 0.0005  # the log's thread wants Python's lock back as soon as the disk is done
_LOOK_EVERY_S = 0.25
# A request leaves next to nothing in cycles; looking for it cost 4 % of the time.
_GC = (50_000, 20, 100)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM; requests under way are finished, what was accepted is written."""
    process = begin("web", argv)
    sys.setswitchinterval(_SWITCH_S)
    gc.set_threshold(*_GC)
    warm_up()
    engines = Engines(process.layout)
    serve_until_stopped(process, engines)
    engines.close()
    process.metrics.write()
    process.logger.emit("stopped")
    return 0


def serve_until_stopped(process: Process, engines: Engines) -> None:
    """Answer HTTP on these engines until `process.stop` is set."""
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_serve(process, engines))


async def _serve(process: Process, engines: Engines) -> None:
    web = open_web(engines, process.settings, process.logger, process.metrics)
    web.shelves.look()
    server = _Server(_config(process, make_app(web)))
    stopping = asyncio.create_task(_stop_when_asked(process, server, web))
    process.metrics.write_every_second(process.stop)
    # FastAPI takes half a second to import: aside, so that neither the start nor a first caller waits for it.
    importing = asyncio.create_task(asyncio.to_thread(import_module, "tailorbird.shell.http.rest.api"))
    # What was imported and loaded lives to the end: no collection walks through it again.
    gc.freeze()
    process.logger.emit("started", port=process.settings.http.port)
    await server.serve([_socket(process)])
    process.stop.set()
    await asyncio.gather(stopping, importing)
    await asyncio.sleep(2 * LOG_WITHIN_S)  # decisions gather that long before they go to the log
    await web.ingest.close()


class _Server(uvicorn.Server):
    """uvicorn, whose signals are ours: `Process.stop` tells it to end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _stop_when_asked(process: Process, server: uvicorn.Server, web: Web) -> None:
    """Wait for the request to end; look after connections that are idle or late, and after keys that were held long."""
    now = asyncio.get_running_loop().time
    look_at = forget_at = now()
    while not process.stop.is_set():
        await asyncio.sleep(_LOOK_EVERY_S)
        if now() > look_at:
            look_at = now() + 1
            for connection in list(server.server_state.connections):
                connection.close_if_late(now())  # type: ignore[union-attr]  # all are HttpProtocol
        if now() > forget_at:
            forget_at = now() + KEYS_HELD_S
            web.ingest.let_go_of_keys()
    process.logger.emit("stopping")
    server.should_exit = True


def _config(process: Process, app: App) -> uvicorn.Config:
    http = process.settings.http
    return uvicorn.Config(
        asgi_of(app),
        http=_protocol(process, app),  # type: ignore[arg-type]  # uvicorn only calls it
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        # We say ourselves whose X-Forwarded-For is believed: `http.forwarded_from`.
        proxy_headers=False,
        timeout_graceful_shutdown=int(http.stop_within_s),
        backlog=2048,
    )


def _protocol(process: Process, app: App) -> Callable[..., HttpProtocol]:
    """What uvicorn makes for each connection."""
    http = process.settings.http
    limits = Limits(http.body_timeout_s, http.keep_alive_s, frozenset(http.forwarded_from))
    loop = asyncio.get_running_loop()

    def connection(config: object, server_state: ServerState, app_state: object, _loop: object) -> HttpProtocol:
        return HttpProtocol(app, limits, server_state, loop)

    return connection


def _socket(process: Process) -> socket.socket:
    """The supervisor's socket, or one of our own when started alone."""
    if process.listen_on is not None:
        return socket.socket(fileno=process.listen_on)
    http = process.settings.http
    return socket.create_server((http.host, http.port), family=_family(http.host), backlog=2048)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


if __name__ == "__main__":
    sys.exit(main())
