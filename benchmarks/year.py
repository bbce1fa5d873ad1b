"""The demo from nothing to a shop that serves: a year of real baskets through the real path, and trained."""

import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.table import Row, row
from tailorbird.testing.live import CLI

PORT = 28_700
EVENTS = 155_848 + 801 + 6_589 + 2_102  # baskets, demographics, campaigns, redemptions


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        started = time.monotonic()
        command = [*CLI, "demo", "--data", str(Path(folder) / "demo"), "--port", str(PORT)]
        with output.open("wb") as file:
            demo = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
        try:
            took_s = wait_ready(demo, output, started)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(60)
        print(evaluation(output.read_text()))
    budget = "<= 180: imported, trained, serving"
    return [
        row("make demo after the install: a year of baskets, trained and serving", took_s, "s", budget, took_s <= 180),
        row("  events of the year over the whole of that time (to know)", EVENTS / took_s, "events/s", "", True),
    ]


def wait_ready(demo: subprocess.Popen[bytes], output: Path, started: float) -> float:
    """Seconds until the addresses are printed; raises with the demo's last words if it ends before."""
    while "Ready after" not in output.read_text():
        if demo.poll() is not None or time.monotonic() - started > 600:
            raise RuntimeError(output.read_text()[-2000:])
        time.sleep(0.2)
    return time.monotonic() - started


def evaluation(printed: str) -> str:
    """The lines of the offline evaluation."""
    wanted = re.compile(r"recall|popular|trending|segment|item_to_item|again|blend|bought|What people", re.IGNORECASE)
    return "\n".join(line for line in printed.splitlines() if wanted.search(line))
