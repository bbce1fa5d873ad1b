"""The supervisor: who falls is started again, who is left behind ends, and what is refused says why."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tailorbird.testing.live import LiveServer, free_port, tailorbird

pytestmark = pytest.mark.slow
EVENT = {"userId": "1", "event": "Ping"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("served"), workers=2) as server:
        yield server


def soon(holds: Callable[[], bool], within_s: float = 20) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_all_processes_are_there(server: LiveServer) -> None:
    assert sorted(server.children().values()) == ["batch", "stream", "web", "web"]


@pytest.mark.parametrize("role", ["stream", "batch", "web"])
def test_killed_process_is_started_again(server: LiveServer, role: str) -> None:
    before = {pid for pid, name in server.children().items() if name == role}
    for pid in before:
        server.kill(pid)
    assert soon(lambda: len({p for p, n in server.children().items() if n == role} - before) == len(before))
    server.wait_ready()
    status, answer = server.post("/v1/track", EVENT)
    assert (status, answer["success"]) == (200, True)


def test_second_server_on_the_folder_is_refused(server: LiveServer) -> None:
    done = _serve(server.data, free_port())
    assert done.returncode != 0
    assert f"is served already, by process {server.process.pid}" in done.stderr


def test_busy_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _serve(tmp_path, port)
    assert done.returncode != 0
    assert f"Port {port} on 127.0.0.1 is taken" in done.stderr


def test_busy_port_of_the_console_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _serve(tmp_path, free_port(), "--console-port", str(port))
    assert done.returncode != 0
    assert f"Port {port}, for the console, is taken" in done.stderr


def test_damaged_secret_is_named_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"short")
    done = _serve(tmp_path, free_port())
    assert done.returncode == 1
    assert "5 bytes instead of 32" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("role", ["web", "stream"])
def test_process_that_cannot_go_on_says_why_in_one_line(tmp_path: Path, role: str) -> None:
    (tmp_path / "secret").write_bytes(b"short")
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "manifest.json").write_text("{torn")
    process = _alone(tmp_path, role, free_port())
    try:
        soon(lambda: '"level": "error"' in (tmp_path / "server.log").read_text())
    finally:
        process.terminate()
    process.wait(20)
    text = (tmp_path / "server.log").read_text()
    assert "Restore" in text and "Traceback" not in text


def test_wrong_setting_is_named_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("http: {prot: 1}")
    done = _serve(tmp_path, free_port())
    assert done.returncode != 0
    assert "settings.yaml" in done.stderr and "prot" in done.stderr


def test_stopping_ends_every_process_and_says_so(tmp_path: Path) -> None:
    server = LiveServer(tmp_path).start()
    pids, supervisor = list(server.children()), server.process
    server.post("/v1/track", EVENT)
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(20) == 0
    assert not any(alive(pid) for pid in pids)
    assert (tmp_path / "server.log").read_text().count('"event": "stopped"') == len(pids)


def test_children_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    server = LiveServer(tmp_path).start()
    pids = list(server.children())
    server.process.kill()
    server.process.wait()
    assert soon(lambda: not any(alive(pid) for pid in pids), 5)
    with LiveServer(tmp_path) as again:  # nothing holds folder or port
        assert again.get("/readyz")[0] == 200


def test_each_process_can_be_started_alone(tmp_path: Path) -> None:
    port = free_port()
    tailorbird("keys", "create", "x", "--data", str(tmp_path))
    processes = [_alone(tmp_path, role, port) for role in ("stream", "web", "batch")]
    try:
        server = LiveServer(tmp_path)
        server.port, server.key = port, "none"
        server.wait_ready(20)
    finally:
        for process in processes:
            process.terminate()
    assert [process.wait(20) for process in processes] == [0, 0, 0]


def _alone(data: Path, role: str, port: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", f"tailorbird.shell.processes.{role}", "--data", str(data)]
    return subprocess.Popen([*command, "--set", f"http.port={port}"], stderr=(data / "server.log").open("ab"))


def _serve(data: Path, port: int, *more: str) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable,
        "-m",
        "tailorbird.shell.cli.main",
        "serve",
        "--data",
        str(data),
        "--port",
        str(port),
        *more,
    ]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "1000"}
    return subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment)
