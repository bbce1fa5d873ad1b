"""A web process: collects and decides. Any number of them share one socket.

python -m tailorbird.shell.processes.web --data DIR [--set http.port=8700]
"""

import asyncio
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from tailorbird.shell.engines import Engines
from tailorbird.shell.http.patient_protocol import PatientProtocol
from tailorbird.shell.http.routes import make_app
from tailorbird.shell.http.web import open_web
from tailorbird.shell.processes.start import Process, begin

_SWITCH_S = 0.0005  # the log's thread wants Python's lock back as soon as the disk is done
_LOOK_EVERY_S = 0.1


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM; requests under way are finished, what was accepted is written."""
    process = begin("web", argv)
    sys.setswitchinterval(_SWITCH_S)
    uvicorn_loop = uvicorn.Config("", loop="auto").get_loop_factory()
    with asyncio.Runner(loop_factory=uvicorn_loop) as runner:
        runner.run(_serve(process))
    process.metrics.write()
    process.logger.emit("stopped")
    return 0


async def _serve(process: Process) -> None:
    engines = Engines(process.layout)
    web = open_web(engines, process.settings, process.logger, process.metrics)
    web.shelves.look()
    server = _Server(_config(process, make_app(web)))
    stopping = asyncio.create_task(_stop_when_asked(process, server))
    process.metrics.write_every_second(process.stop)
    process.logger.emit("started", port=process.settings.http.port)
    await server.serve([_socket(process)])
    process.stop.set()
    await stopping
    await web.ingest.close()
    engines.close()


class _Server(uvicorn.Server):
    """uvicorn, whose signals are ours: `Process.stop` tells it to end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _stop_when_asked(process: Process, server: uvicorn.Server) -> None:
    """Wait for the request to end; meanwhile look after clients that never finish their request's head."""
    now = asyncio.get_running_loop().time
    while not process.stop.is_set():
        await asyncio.sleep(_LOOK_EVERY_S)
        for connection in list(server.server_state.connections):
            connection.close_if_late(now())  # type: ignore[union-attr]  # all are PatientProtocol
    process.logger.emit("stopping")
    server.should_exit = True


def _config(process: Process, app: object) -> uvicorn.Config:
    http = process.settings.http
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(http.forwarded_from),
        forwarded_allow_ips=list(http.forwarded_from),
        timeout_keep_alive=http.keep_alive_s,  # type: ignore[arg-type]
        timeout_graceful_shutdown=int(http.stop_within_s),
        backlog=2048,
    )


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
