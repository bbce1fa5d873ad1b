"""One process with all parts: a real socket, real engines, the stream worker in a thread. Starts in 0.3 s."""

import http.client
import json
import threading
from base64 import b64encode
from pathlib import Path
from typing import Any

from tailorbird.consent.purpose import Policy
from tailorbird.shell.auth import create_key
from tailorbird.shell.config import load_settings
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.logs import Logger
from tailorbird.shell.metrics import Metrics
from tailorbird.shell.processes.start import Process
from tailorbird.shell.processes.web import serve_until_stopped
from tailorbird.shell.run import Worker, run
from tailorbird.testing.live import free_port

EVERYTHING = ("collect", "decide", "read", "admin")


class Emitted(Logger):
    """A logger that keeps what was emitted, to look at it."""

    def __init__(self) -> None:
        super().__init__(None)
        self.events: list[tuple[str, dict[str, Any]]] = []

    def emit(self, name: str, **fields: Any) -> None:
        super().emit(name, **fields)
        self.events.append((name, fields))


class Answer:
    """Status, headers and decoded body of one answer."""

    def __init__(self, reply: http.client.HTTPResponse) -> None:
        self.status = reply.status
        self.headers = {name.lower(): value for name, value in reply.getheaders()}
        self.bytes = reply.read()

    @property
    def json(self) -> Any:
        return json.loads(self.bytes)


class OneProcess:
    """The whole of Tailorbird but the batch process, on one folder."""

    def __init__(self, folder: Path, settings: tuple[str, ...] = (), *, folding: bool = True) -> None:
        self.port = free_port()
        self.layout = Layout(folder)
        self.engines = Engines(self.layout, writes_state=True)
        self.logger = Emitted()
        self.stop = threading.Event()
        # `after` waits as long as it may, so that a busy machine does not look like a stale answer.
        patience = ["decide.wait_ms=1000"] if folding else []
        in_force = load_settings(None, {}, [f"http.port={self.port}", *patience, *settings])
        metrics = Metrics(self.layout.run / "metrics", "web-0")
        self.process = Process("web", self.layout, in_force, self.logger, metrics, self.stop)
        self.key = self.key_for("tests", *EVERYTHING)
        engines = self.engines
        self.worker = Worker(engines.log, engines.state, engines.keys, Policy(), engines.lake.sealed)
        self.threads = [threading.Thread(target=serve_until_stopped, args=(self.process, self.engines))]
        if folding:  # else a test calls `worker.turn` when it likes
            self.threads.append(threading.Thread(target=run, args=(self.worker, self.stop.is_set)))

    def __enter__(self) -> "OneProcess":
        for thread in self.threads:
            thread.start()
        for _ in range(200):
            try:
                if self.call("GET", "/readyz").status == 200:
                    return self
            except OSError:
                self.stop.wait(0.02)
        raise TimeoutError("the process does not answer")

    def __exit__(self, *failure: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(20)

    def key_for(self, name: str, *can: str) -> str:
        return create_key(self.engines.definitions, name, can, "tests")

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One call on a connection of its own; `key` "" sends none."""
        key = self.key if key is None else key
        sent = {"Authorization": "Basic " + b64encode(f"{key}:".encode()).decode()} if key else {}
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, data, {**sent, **(headers or {})})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def post(self, path: str, body: object, **more: Any) -> Answer:
        return self.call("POST", path, body, **more)

    def get(self, path: str, **more: Any) -> Answer:
        return self.call("GET", path, **more)
