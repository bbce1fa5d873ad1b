"""What a server costs that nobody uses: all its processes, the console among them."""

import os
import tempfile
import time
from pathlib import Path

from benchmarks.table import Row, row
from tailorbird.testing.live import LiveServer, free_port

SECONDS = 15


def run() -> list[Row]:
    with (
        tempfile.TemporaryDirectory() as folder,
        LiveServer(Path(folder) / "data", console_port=free_port()) as server,
    ):
        time.sleep(10)  # what is done once after the start is not idling
        assert server.process is not None
        pids = [server.process.pid, *server.children()]
        before = sum(map(cpu_s, pids))
        time.sleep(SECONDS)
        share = 100 * (sum(map(cpu_s, pids)) - before) / SECONDS
        memory = sum(map(memory_mb, pids))
        roles = ", ".join(sorted(server.children().values()))
    return [
        row("idle, share of a core", share, "%", "< 1", share < 1),
        row(f"idle, memory of the whole group ({roles})", memory, "MB", "< 600", memory < 600),
    ]


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Proportional set size: what is shared counts once over all who share it."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
