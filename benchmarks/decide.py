"""A whole decision over 100,000 items: profile, 50 items of history, blend, trees, gate, reasons, its log record.

A hundred people come in turn, so that nobody's neighbours and items are still in the processor's nearest caches.
"""

import json
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.big_model import ITEMS, big
from benchmarks.idle import cpu_s
from benchmarks.load import bare, wrk
from benchmarks.pace import paced
from benchmarks.shop import Client, large_shop
from benchmarks.table import Row, row, side_by_side
from benchmarks.traffic import wrk_in_turn
from benchmarks.trees import TREES, grown
from tailorbird.offer.recommend.ranker import FEATURES, POOL, Ranker
from tailorbird.shell.layout import Layout
from tailorbird.shell.learning.boosted import forest_of
from tailorbird.shell.models import Models
from tailorbird.testing.live import LiveServer

ROUNDS, SECONDS = 3, 4
QUIET_S = 0.1  # of processor time in a second
REGULARS = [{"userId": f"regular-{number:02}"} for number in range(100)]
ASKED = [json.dumps({"person": who, "placements": ["home"], "limit": 12}) for who in REGULARS]


def run() -> list[Row]:
    with (
        large_shop(REGULARS) as server,
        tempfile.TemporaryDirectory() as folder,
        bare("json", server.data) as plain,
    ):
        script = wrk_in_turn(Path(folder) / "decide.lua", "/v1/decide", ASKED, server.key)
        load = Load(server, plain, script)
        wait_trained(server)
        settle(server)
        rows = measured(load, f"a whole decision, no trees, 50 items of history, {ITEMS:,} items", 0.25, 5)
        rows.append(taken_over(load, rows[0].figure / 2))
        serve(server, "2-trees", Ranker(forest_of(grown(len(FEATURES)), FEATURES), 0.0))
        settle(server)
        return rows + measured(load, f"the same with {POOL} candidates through {TREES} trees", 0.1, 10)


@dataclass(frozen=True)
class Load:
    """A server, the port of a bare one, and what both are asked."""

    server: LiveServer
    bare_port: int
    script: Path


def measured(load: Load, name: str, share: float, most_ms: float) -> list[Row]:
    """How many decisions a second beside bare replies, and how long the slowest take at half of that."""
    version = model_of(load.server)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(wrk(load.server.port, load.script, 16, SECONDS).per_second)
        theirs.append(wrk(load.bare_port, load.script, 16, SECONDS).per_second)
    figure, baseline = side_by_side(ours, theirs)
    half = paced(load.server, ask, figure / 2, 8)
    assert model_of(load.server) == version, "another model was measured than the one that was made for it"
    p99, good = half.quantile(0.99), not half.failed
    return [
        row(name, figure, "decisions/s", f">= {share:.2f} of a bare JSON reply", figure >= share * baseline, baseline),
        row(f"  its p99 at half saturation ({figure / 2:,.0f}/s)", p99, "ms", f"<= {most_ms:g}",
            p99 <= most_ms and good),
    ]  # fmt: skip


def taken_over(load: Load, per_second: float) -> Row:
    """How long the slowest take while another model of as many items comes in."""
    models = Models(Layout(load.server.data).models)
    version = models.save(big("1-again"))
    promotion = threading.Timer(2, models.promote, (version,))
    promotion.start()
    seen = paced(load.server, ask, per_second, 8)
    promotion.join()
    wait_trained(load.server, version)
    return row("  its p99 while another model comes in (to know, no budget)", seen.quantile(0.99), "ms", "", True)


def serve(server: LiveServer, version: str, ranker: Ranker) -> None:
    """Let the same model serve with these trees; wait until it does."""
    models = Models(Layout(server.data).models)
    models.promote(models.save(big(version, ranker)))
    wait_trained(server, version)


def wait_trained(server: LiveServer, version: str = "", wait_s: float = 20) -> None:
    """Until the web process has taken up the model: a decision without one would be cheaper than what is promised."""
    until = time.monotonic() + wait_s
    while True:
        home = server.post("/v1/decide", ASKED[-1].encode())[1]["decisions"]["home"]
        if home["model"] and home["model"].endswith(version) and home["link"] == "history":
            break
        assert time.monotonic() < until, home
        time.sleep(0.05)


def model_of(server: LiveServer) -> str:
    """The model that decides."""
    return str(server.post("/v1/decide", ASKED[0].encode())[1]["decisions"]["home"]["model"])


def settle(server: LiveServer, wait_s: float = 60) -> None:
    """Until what 100,000 new items set off (the lake, the tables of a worker) is done: it is no part of deciding."""
    until = time.monotonic() + wait_s
    while busy_s(server) > QUIET_S and time.monotonic() < until:
        pass


def busy_s(server: LiveServer) -> float:
    """The processor time of all its processes in the next second."""
    before = sum(map(cpu_s, server.children()))
    time.sleep(1)
    return sum(map(cpu_s, server.children())) - before


def ask(client: Client, number: int) -> bool:
    return client.post_bytes("/v1/decide", ASKED[number % len(ASKED)].encode()) == 200
