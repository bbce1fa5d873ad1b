"""The demo as one command: killed, taken up again, run twice."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tailorbird.errors import MissingExtra
from tailorbird.shell.demo.lines import read_lines
from tailorbird.shell.demo.mark import read_mark
from tailorbird.shell.demo.source import find_source
from tailorbird.shell.demo.week import Shift
from tailorbird.shell.demo.year import Year
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.testing.live import free_port

pytestmark = pytest.mark.slow
HOUSEHOLDS = 120


@pytest.fixture(scope="module")
def wanted() -> set[str]:
    """Every messageId that the demo must bring."""
    try:
        source = find_source()
    except MissingExtra as error:
        pytest.skip(str(error))
    return {sent.message_id for sent in Year(source, read_lines(source).of_households(HOUSEHOLDS), Shift(0)).events()}


def start(data: Path, *more: str) -> subprocess.Popen:
    words = ["demo", "--data", str(data), "--port", str(free_port()), "--people", str(HOUSEHOLDS), *more]
    log = (data.parent / "demo.log").open("ab")
    return subprocess.Popen([sys.executable, "-m", "tailorbird.shell.cli.main", *words], stdout=log, stderr=log)


def left_behind(data: Path) -> list[str]:
    """Processes that still work on the folder."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
            except OSError:
                continue
            found += [words] if str(data) in words else []
    return found


def wait_until(happened, wait_s: float = 90) -> None:
    until = time.monotonic() + wait_s
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_killed_demo_goes_on_and_brings_every_event_once(tmp_path, wanted):
    data = tmp_path / "demo"
    path = Layout(data).imports / "demo.json"
    for sent in (0, 1_500, 3_000):
        running = start(data, "--no-serve")
        wait_until(lambda at_least=sent: (mark := read_mark(path)) and (mark.sent or sum(mark.lanes) > at_least))
        running.send_signal(signal.SIGKILL)
        running.wait()
        wait_until(lambda: not left_behind(data))
    assert start(data, "--no-serve").wait(180) == 0, (tmp_path / "demo.log").read_text()
    engines = Engines(Layout(data))
    said = "event IS DISTINCT FROM 'Prediction Made'"  # by the demo's own models, not by a household
    rows = engines.lake.query(f"SELECT message_id, count(*) AS times FROM events WHERE {said} GROUP BY 1")
    assert {row["message_id"]: row["times"] for row in rows} == dict.fromkeys(wanted, 1)
    assert read_mark(path).model


def test_second_run_serves_at_once_and_ctrl_c_leaves_nothing_behind(tmp_path, wanted):
    data = tmp_path / "demo"
    assert start(data, "--no-serve").wait(180) == 0, (tmp_path / "demo.log").read_text()
    running = start(data)
    wait_until(lambda: "Ctrl-C stops everything" in (tmp_path / "demo.log").read_text(), 40)
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 130
    wait_until(lambda: not left_behind(data), 5)


def test_folder_with_other_data_is_refused(tmp_path, wanted):
    (tmp_path / "demo" / "log").mkdir(parents=True)
    assert start(tmp_path / "demo").wait(30) == 5
    assert "not the demo's" in (tmp_path / "demo.log").read_text()


def test_demo_of_another_size_is_refused(tmp_path, wanted):
    path = tmp_path / "demo" / "imports" / "demo.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"weeks": 1, "households": 7}))
    assert start(tmp_path / "demo").wait(30) == 5
    assert "a demo of 7 households" in (tmp_path / "demo.log").read_text()
