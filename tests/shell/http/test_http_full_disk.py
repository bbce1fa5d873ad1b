"""A disk that fills up: nothing is acknowledged that is not stored, health is red, and it recovers by itself."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from one_process import OneProcess

pytestmark = pytest.mark.slow
SIZE = 16_000_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MB."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(tmp_path)], capture_output=True)
    if done.returncode:
        pytest.skip("mounting a small tmpfs needs root")
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def track(process: OneProcess, number: int) -> int:
    properties = {"text": "x" * 5000}
    body = {"userId": f"u{number % 7}", "messageId": f"m{number}", "event": "Noise", "properties": properties}
    return process.post("/v1/track", body).status


def test_full_disk_gives_503_and_red_health_and_recovers_by_itself(small_disk: Path) -> None:
    with OneProcess(small_disk) as process:
        acknowledged = {number for number in range(20) if track(process, number) == 200}
        assert len(acknowledged) == 20
        ballast = small_disk / "ballast"
        _fill(ballast)
        assert process.get("/readyz").status == 503
        for number in range(100, 400):
            if track(process, number) == 200:
                acknowledged.add(number)
        answer = process.post("/v1/track", {"userId": "u", "event": "E", "properties": {"text": "x" * 5000}})
        assert (answer.status, answer.json["error"]) == (503, "log_unavailable")
        assert int(answer.headers["retry-after"]) > 0
        assert process.post("/v1/decide", {"person": {"userId": "u1"}}).status == 200
        ballast.unlink()
        acknowledged |= {number for number in range(500, 520) if track(process, number) == 200}
        assert 519 in acknowledged
        _until_ready(process)
        stored = {row["message_id"] for person in range(7) for row in _rows(process, f"userId:u{person}")}
        assert stored >= {f"m{number}" for number in acknowledged}


def _fill(path: Path) -> None:
    with path.open("wb") as file:
        try:
            while True:
                file.write(b"\0" * 100_000)
                file.flush()
        except OSError:
            pass


def _until_ready(process: OneProcess) -> None:
    for _ in range(100):
        ready = process.get("/readyz")
        if ready.status == 200 and ready.json["lag"]["bytes"] == 0:
            return
        process.stop.wait(0.1)
    raise AssertionError(process.get("/readyz").bytes)


def _rows(process: OneProcess, person: str) -> list[dict[str, str]]:
    rows = process.get(f"/v1/people/{person}/timeline?limit=1000").json["timeline"]
    return [row for row in rows if row["type"] != "decision"]
