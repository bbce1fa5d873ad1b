"""`tailorbird serve`: one supervisor, its web, stream, batch and console processes, and one socket that outlives them.

The supervisor opens the socket and hands it down, so a web process that falls loses its own connections only: new ones
wait in the socket's queue until it is back. Whoever falls is started again; when the supervisor ends, all end.
"""

import errno
import fcntl
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from tailorbird.errors import TailorbirdError, Unavailable
from tailorbird.shell.children import Children
from tailorbird.shell.config import Settings, load_settings
from tailorbird.shell.console.token import console_link
from tailorbird.shell.engines import Engines, make_folder
from tailorbird.shell.layout import Layout
from tailorbird.shell.logs import configure
from tailorbird.shell.metrics import Metrics, forget_gauges

_LOOK_EVERY_S = 0.1
_BACKLOG = 2048


class CannotServe(TailorbirdError):
    """The folder is served already, or the port is taken; the message says by whom and what to do."""


def serve(
    layout: Layout,
    port: int | None = None,
    workers: int | None = None,
    console_port: int | None = None,
    host: str | None = None,
    *,
    settings: Sequence[str] = (),
    ready: Callable[[str, str | None], None] | None = None,
    stop: threading.Event | None = None,
) -> int:
    """Run all processes until SIGTERM, SIGINT or `stop`; the exit code (0: stopped as asked).

    None leaves a value to the settings; `console_port` 0 starts no console. `ready(api, console)` is called with the
    addresses when calls are answered; without it they are printed. Raises CannotServe, BadDefinition for settings.
    """
    arguments = [*settings, *_as_settings(port, workers, console_port, host)]
    in_force = load_settings(layout.root, arguments=arguments)
    stop = stop or threading.Event()
    with _only_server(layout), _listening(in_force) as listening, _until_signal(stop):
        # Passes by itself; what is damaged would fell each child, again and again.
        with suppress(Unavailable):
            Engines(layout).look_over()
        forget_gauges(layout.run / "metrics")
        logger = configure("supervisor", in_force.logs.level, in_force.logs.format)
        children = Children(logger, Metrics(layout.run / "metrics", "supervisor-0"))
        # The port may have been 0: the children and the console must know the real one.
        http_port = listening.getsockname()[1]
        try:
            console = _start_all(children, layout, in_force, [*arguments, f"http.port={http_port}"], listening)
            addresses = (_address(in_force.http.host, http_port), console_link(layout, console) if console else None)
            logger.emit("started", port=http_port, workers=in_force.http.workers)
            _tend(children, addresses, stop, ready or _print_addresses)
        finally:
            logger.emit("stopping")
            # First who takes calls, then who works them off: what was accepted last is still folded and sealed.
            children.end(["web", "console"], in_force.http.stop_within_s + 3)
            children.end(["stream", "batch"], 10)
            children.metrics.write()
    return 0


def _as_settings(*values: object) -> list[str]:
    keys = ("http.port", "http.workers", "console.port", "http.host")
    return [f"{key}={value}" for key, value in zip(keys, values, strict=True) if value is not None]


def _start_all(
    children: Children, layout: Layout, settings: Settings, arguments: Sequence[str], listening: socket.socket
) -> int | None:
    """Start them in the order in which they are needed; the console's port, if there is one."""
    api_port = listening.getsockname()[1]
    console = _console_port(settings, api_port)
    common = ["--data", str(layout.root)]
    for argument in arguments:
        common += ["--set", argument]
    children.add("stream", "tailorbird.shell.processes.stream", common)
    descriptor = listening.fileno()
    for slot in range(settings.http.workers):
        web = [*common, "--slot", str(slot), "--listen-on", str(descriptor)]
        children.add("web", "tailorbird.shell.processes.web", web, (descriptor,))
    children.add("batch", "tailorbird.shell.processes.batch", common)
    if console is not None:
        api = _address(settings.http.host, api_port)
        children.add("console", "tailorbird.shell.console.app", [*common, "--port", str(console), "--api", api])
    return console


def _console_port(settings: Settings, api_port: int) -> int | None:
    """Where the console will listen; None without one. Raises CannotServe where it could not."""
    port = api_port + 1 if settings.console.port is None else settings.console.port
    if not port or find_spec("nicegui") is None:
        return None
    _refuse_taken(port)
    return port


def _tend(
    children: Children,
    addresses: tuple[str, str | None],
    stop: threading.Event,
    ready: Callable[[str, str | None], None],
) -> None:
    announced, write_at = False, 0.0
    while not stop.wait(_LOOK_EVERY_S):
        children.tend()
        if time.monotonic() > write_at:
            write_at = time.monotonic() + 1
            children.metrics.write()
        if not announced and _answers(f"{addresses[0]}/readyz"):
            announced = True
            ready(*addresses)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310  # our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _print_addresses(api: str, console: str | None) -> None:
    print(f"API      {api}     its pages: {api}/docs")
    if console:
        print(f"Console  {console}")
    print("Ready. Ctrl-C stops everything.")
    sys.stdout.flush()


def _address(host: str, port: int) -> str:
    """Where a browser on this machine finds it.

    >>> _address("0.0.0.0", 8700), _address("::1", 8700)
    ('http://127.0.0.1:8700', 'http://[::1]:8700')
    """
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"


@contextmanager
def _only_server(layout: Layout) -> Iterator[None]:
    """Hold the folder's lock; raises CannotServe if another process holds it."""
    make_folder(layout.root)
    layout.run.mkdir(exist_ok=True)
    path = layout.run / "serve.lock"
    # Not "w": that would empty the file before the lock is ours, and with it the number of the one who holds it.
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotServe(_served_already(layout.root, path)) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _served_already(root: Path, path: Path) -> str:
    pid = path.read_text().strip() or "unknown"
    return f"{root} is served already, by process {pid}. Stop that one first, or use another folder with --data."


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    host, port = settings.http.host, settings.http.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        # Else a restart would have to wait until the connections of the run before are timed out.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            raise CannotServe(_cannot_bind(host, port, error)) from None
        listening.listen(_BACKLOG)
        yield listening


def _refuse_taken(console: int) -> None:
    """Raises CannotServe where the console could not listen: its link, with the token, would lead to a stranger."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", console))
        except OSError:
            raise CannotServe(
                f"Port {console}, for the console, is taken by another program. "
                "Choose another with --console-port, or 0 for no console."
            ) from None


def _cannot_bind(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program. Stop that one, or choose another with --port."
    return f"Cannot listen on {host}:{port}: {error.strerror or error}. Choose another with --host and --port."


@contextmanager
def _until_signal(stop: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
