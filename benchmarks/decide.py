"""A whole decision: profile, 50 items of history, blend, gate, reasons, its record in the log."""

import json
import tempfile
import time
from pathlib import Path

from benchmarks.load import bare, wrk
from benchmarks.pace import paced
from benchmarks.shop import REGULAR, Client, live_shop
from benchmarks.table import Row, row, side_by_side
from benchmarks.traffic import wrk_script
from tailorbird.testing.live import LiveServer

ROUNDS, SECONDS = 3, 4
ASKED = {"person": REGULAR, "placements": ["home"], "limit": 12}


def run() -> list[Row]:
    with live_shop() as server, tempfile.TemporaryDirectory() as folder, bare("json", server.data) as plain:
        wait_trained(server)
        script = wrk_script(Path(folder) / "decide.lua", "/v1/decide", json.dumps(ASKED), server.key)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(wrk(server.port, script, 16, SECONDS).per_second)
            theirs.append(wrk(plain, script, 16, SECONDS).per_second)
        figure, baseline = side_by_side(ours, theirs)
        half = paced(server, ask, figure / 2, 8)
    p99, good = half.quantile(0.99), not half.failed
    return [
        row("a whole decision, no trees, 50 items of history", figure, "decisions/s", ">= 0.25 of a bare JSON reply",
            figure >= 0.25 * baseline, baseline),
        row(f"p99 of a decision at half saturation ({figure / 2:,.0f}/s)", p99, "ms", "<= 5", p99 <= 5 and good),
    ]  # fmt: skip


def wait_trained(server: LiveServer, wait_s: float = 5) -> None:
    """Until the web process has taken up the model: a decision without one would be cheaper than what is promised."""
    until = time.monotonic() + wait_s
    while not (home := server.post("/v1/decide", ASKED)[1]["decisions"]["home"])["model"]:
        assert time.monotonic() < until, home
        time.sleep(0.05)
    assert home["link"] == "history", home


def ask(client: Client, number: int) -> bool:
    return client.post_bytes("/v1/decide", json.dumps(ASKED).encode()) == 200
