"""A model swapped for another one while everyone is served; and what a model costs several workers in memory."""

import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.big_model import save_big, size_mb
from benchmarks.idle import memory_mb
from benchmarks.pace import Paced, paced
from benchmarks.shop import REGULAR, Client, live_shop
from benchmarks.table import Row, row
from tailorbird.shell.layout import Layout
from tailorbird.shell.models import Models
from tailorbird.testing.live import LiveServer

ASKED = json.dumps({"person": REGULAR, "placements": ["home"], "limit": 12}).encode()
PER_SECOND, SECONDS, SLOW_MS = 100, 10, 50.0
WORKERS, SHOPPERS = 3, 300
BIG = ("big-1", "big-2")


def run() -> list[Row]:
    with live_shop(WORKERS, shoppers=SHOPPERS) as server:
        settle(server)
        before = sum(map(memory_mb, workers(server)))
        models = save_big(server.data, *BIG)
        one = size_mb(models, BIG[0])
        models.promote(BIG[0])
        settle(server)
        after, mapped = sum(map(memory_mb, workers(server))), sum(mapped_mb(pid, BIG[0]) for pid in workers(server))
        quiet = under_load(server, False)
        swapped = under_load(server, True)
    return [
        row(f"hot swap every second under {PER_SECOND}/s: failed or > 50 ms (beside: without a swap)",
            slow(swapped), "answers", "0", slow(swapped) == 0, slow(quiet)),
        row("hot swap: the slowest answer", max(swapped.took_ms), "ms", "<= 50", max(swapped.took_ms) <= SLOW_MS,
            max(quiet.took_ms)),
        row(f"a model of {one:.0f} MB mapped by {WORKERS} workers (beside: one copy)", mapped, "MB",
            "<= 1.05 of one copy", mapped <= 1.05 * one, one),
        row(f"memory that {WORKERS} workers gain with it, ids and working memory included (beside: {WORKERS} copies)",
            after - before, "MB", "below the copies", after - before < WORKERS * one, WORKERS * one),
    ]  # fmt: skip


def under_load(server: LiveServer, swaps: bool) -> Paced:
    """Open-loop load for some seconds, while a process of its own promotes the one and the other, every second."""
    if not swaps:
        return paced(server, ask, PER_SECOND, SECONDS)
    swapper = subprocess.Popen([sys.executable, "-m", "benchmarks.swap", str(server.data)])
    try:
        time.sleep(1)
        return paced(server, ask, PER_SECOND, SECONDS)
    finally:
        swapper.terminate()
        swapper.wait()


def keep_swapping(data: Path) -> None:
    """Until somebody ends it."""
    models = Models(Layout(data).models)
    while True:
        for version in BIG:
            models.promote(version)
            time.sleep(1)


def ask(client: Client, number: int) -> bool:
    return client.post_bytes("/v1/decide", ASKED) == 200


def slow(seen: Paced) -> float:
    return float(sum(took > SLOW_MS for took in seen.took_ms) + seen.failed)


def settle(server: LiveServer) -> None:
    """Let every worker answer often enough to have taken the model over."""
    for _ in range(10):
        paced(server, ask, 60, 0.5, connections=12)
    time.sleep(0.5)


def workers(server: LiveServer) -> list[int]:
    return [pid for pid, role in server.children().items() if role.startswith("web")]


def mapped_mb(pid: int, version: str) -> float:
    """What of the version's files this process holds: its proportional share, in MB as `size_mb` counts them."""
    found, ours = 0, False
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        head = line.split(maxsplit=5)
        if "-" in head[0] and not head[0].endswith(":"):
            ours = len(head) == 6 and f"/models/{version}/" in head[5]
        elif ours and head[0] == "Pss:":
            found += int(head[1])
    return found * 1024 / 1e6


if __name__ == "__main__":
    keep_swapping(Path(sys.argv[1]))
