"""A real server for tests and benchmarks: its own processes, its own data folder, killed part by part if you like."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CLI = [sys.executable, "-m", "tailorbird.shell.cli.main"]


def free_port() -> int:
    """A TCP port on loopback that nobody listens to now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tailorbird(*arguments: str, timeout_s: float = 120) -> str:
    """What the `tailorbird` command prints for these arguments; raises CalledProcessError with its stderr otherwise."""
    done = subprocess.run([*CLI, *arguments], capture_output=True, text=True, timeout=timeout_s)  # noqa: S603
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
    done.check_returncode()
    return done.stdout


class LiveServer:
    """`tailorbird serve` on a data folder, with a key that may do everything.

    Use it as a context manager; `stop` leaves the folder, so that the next `LiveServer` on it is a restart.
    """

    def __init__(self, data: Path, *, workers: int = 1, console_port: int = 0, options: tuple[str, ...] = ()) -> None:
        self.data, self.workers, self.port = data, workers, free_port()
        self.options = ("--console-port", str(console_port), *options)
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = ""
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def start(self, wait_s: float = 60) -> Self:
        """Start all processes and wait until they are ready."""
        if not self.key:
            made = tailorbird("keys", "create", "tests", "--can", "collect,decide,read,admin", "--data", str(self.data))
            self.key = made.strip().splitlines()[-1]
        command = [*CLI, "serve", "--data", str(self.data), "--port", str(self.port), "--workers", str(self.workers)]
        with (self.data / "server.log").open("ab") as log:  # the child has its own handle of it
            self.process = subprocess.Popen([*command, *self.options], stdout=log, stderr=log)  # noqa: S603
        self.wait_ready(wait_s)
        return self

    def wait_ready(self, wait_s: float = 60) -> None:
        """Return when `/readyz` answers 200; raises TimeoutError with the end of the server's log otherwise."""
        until = time.monotonic() + wait_s
        while time.monotonic() < until:
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)
        raise TimeoutError(f"not ready after {wait_s} s:\n" + (self.data / "server.log").read_text()[-3000:])

    def stop(self, wait_s: float = 20) -> None:
        """End it as Ctrl-C would, and by force if that takes too long."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(wait_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def children(self) -> dict[int, str]:
        """pid -> role ("web", "stream", "batch", "console") of the processes below the supervisor, from /proc."""
        assert self.process is not None
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and (parent_and_role := _parent_and_role(folder)):
                parent, role = parent_and_role
                if parent == self.process.pid:
                    found[int(folder.name)] = role
        return found

    def kill(self, pid: int) -> None:
        """kill -9: no handler runs, nothing is flushed."""
        os.kill(pid, signal.SIGKILL)

    def request(self, method: str, path: str, body: object = None, *, timeout_s: float = 10) -> tuple[int, Any]:
        """(status, decoded JSON or text) of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            headers = {"Authorization": "Basic " + b64encode(f"{self.key}:".encode()).decode()}
            data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(method, path, data, {**headers, "Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text.decode(errors="replace")

    def get(self, path: str) -> tuple[int, Any]:
        return self.request("GET", path)

    def post(self, path: str, body: object) -> tuple[int, Any]:
        return self.request("POST", path, body)


def _parent_and_role(folder: Path) -> tuple[int, str] | None:
    try:
        # The name stands in brackets and may hold blanks and brackets itself: what counts begins behind the last one.
        parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except (OSError, ValueError):
        return None  # it ended between the listing and the look
    for word in words:
        if word.startswith("tailorbird.shell."):
            return parent, "console" if ".console" in word else word.rsplit(".", 1)[1]
    return None
