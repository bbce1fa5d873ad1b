"""`tailorbird import` as a process: killed at random, beside a running server, and over what the lake has taken."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.testing.live import LiveServer, tailorbird

pytestmark = pytest.mark.slow
ROWS = 60_000


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """Rows without messageIds, one in a thousand of them broken."""
    path = tmp_path_factory.mktemp("rows") / "history.jsonl"
    with path.open("w") as out:
        for n in range(ROWS):
            row = {"type": "track", "event": "Imported", "userId": f"u{n % 500}", "properties": {"n": n}}
            out.write("broken\n" if n % 1_000 == 999 else json.dumps(row) + "\n")
    return path


def start(file: Path, data: Path) -> subprocess.Popen:
    words = ["import", "events", str(file), "--data", str(data)]
    return subprocess.Popen([sys.executable, "-m", "tailorbird.shell.cli.main", *words], stderr=subprocess.DEVNULL)


def times_in_lake(data: Path) -> dict[str, int]:
    engines = Engines(Layout(data))
    rows = engines.lake.query("SELECT message_id, count(*) AS times FROM events WHERE event = 'Imported' GROUP BY 1")
    return {row["message_id"]: row["times"] for row in rows}


def kill_until_done(file: Path, data: Path, chance: random.Random) -> int:
    """How many kills it took."""
    for kills in range(100):
        running = start(file, data)
        try:
            # Short at first, so that a fast machine is killed often enough; longer each time, so that a slow one ends.
            running.wait(0.3 + chance.random() * 0.5 + kills * 0.1)
            assert running.returncode == 3  # some rows were refused
            return kills
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.wait()
    raise AssertionError("never done")


def test_import_killed_again_and_again_brings_every_row_once(file, tmp_path):
    assert kill_until_done(file, tmp_path, random.Random(7)) > 2
    counted = times_in_lake(tmp_path)
    assert (len(counted), set(counted.values())) == (ROWS - ROWS // 1_000, {1})
    report = next((tmp_path / "imports").glob("*.rejected.csv")).read_text().splitlines()
    assert [line.split(",")[0] for line in report[1:]] == [str(n) for n in range(1_000, ROWS + 1, 1_000)]


def test_import_beside_a_server_is_folded_by_it_and_counts_once_when_killed(file, tmp_path):
    with LiveServer(tmp_path) as server:
        kill_until_done(file, tmp_path, random.Random(8))
        until = time.monotonic() + 60
        while sum(times_in_lake(tmp_path).values()) < ROWS - ROWS // 1_000 and time.monotonic() < until:
            time.sleep(0.5)
        status, person = server.get("/v1/people/userId:u7")
    assert set(times_in_lake(tmp_path).values()) == {1}
    assert (status, person["counters"]["Imported"]["total"]) == (200, ROWS // 500)


def test_interrupted_import_goes_on_after_the_lake_took_what_was_there(file, tmp_path):
    running = start(file, tmp_path)
    while not any((tmp_path / "imports").glob("*.json")):
        time.sleep(0.01)
    time.sleep(0.4)
    running.send_signal(signal.SIGKILL)
    running.wait()
    tailorbird("import", "events", str(_one_row(tmp_path)), "--data", str(tmp_path))  # folds and seals all of it
    assert start(file, tmp_path).wait(60) == 3
    assert set(times_in_lake(tmp_path).values()) == {1}


def _one_row(folder: Path) -> Path:
    path = folder / "one.jsonl"
    path.write_text('{"type": "identify", "userId": "somebody"}\n')
    return path
