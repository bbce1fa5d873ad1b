"""Driving servers: started as processes of their own, loaded by wrk from the other core."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tailorbird.testing.live import free_port


@dataclass(frozen=True)
class Load:
    """What wrk saw."""

    per_second: float
    p99_ms: float
    bad: int


@contextmanager
def process(*command: str, port: int, wait_s: float = 30) -> Iterator[int]:
    """A Python process that listens on `port`; gives the port."""
    running = subprocess.Popen([sys.executable, *command], stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + wait_s
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > until or running.poll() is not None:
                    raise
                time.sleep(0.05)
        yield port
    finally:
        running.terminate()
        running.wait(20)


@contextmanager
def web(data: Path) -> Iterator[int]:
    """One real web process, alone."""
    port = free_port()
    command = ("-m", "tailorbird.shell.processes.web", "--data", str(data), "--set", f"http.port={port}")
    with process(*command, port=port) as port:
        yield port


@contextmanager
def bare(kind: str, data: Path) -> Iterator[int]:
    """One of the servers of `benchmarks.bare`."""
    port = free_port()
    with process("-m", "benchmarks.bare", kind, str(port), str(data), port=port) as port:
        yield port


def wrk(port: int, script: Path, connections: int, seconds: float) -> Load:
    """Load one server; wrk comes from Debian's package of that name."""
    if shutil.which("wrk") is None:
        install = ["apt-get", "install", "-y", "-qq", "wrk"]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency", "-s", str(script)]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True)
    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])  # type: ignore[index]
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", done.stdout)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    p99_ms = float(p99[1]) * scale[p99[2]] if p99 else float("nan")
    return Load(per_second, p99_ms, int(bad[1]) if bad else 0)
