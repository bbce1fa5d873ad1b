"""A whole decision: profile, 50 items of history, blend, trees, gate, reasons, its record in the log."""

import dataclasses
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from benchmarks.load import bare, wrk
from benchmarks.pace import paced
from benchmarks.shop import REGULAR, Client, live_shop
from benchmarks.table import Row, row, side_by_side
from benchmarks.traffic import wrk_script
from benchmarks.trees import TREES, grown
from tailorbird.offer.recommend.ranker import FEATURES, POOL, Ranker
from tailorbird.shell.layout import Layout
from tailorbird.shell.learning.boosted import forest_of
from tailorbird.shell.models import Models
from tailorbird.testing.live import LiveServer

ROUNDS, SECONDS = 3, 4
ASKED = {"person": REGULAR, "placements": ["home"], "limit": 12}


def run() -> list[Row]:
    with live_shop() as server, tempfile.TemporaryDirectory() as folder, bare("json", server.data) as plain:
        script = wrk_script(Path(folder) / "decide.lua", "/v1/decide", json.dumps(ASKED), server.key)
        load = Load(server, plain, script)
        serve(server, "1-plain", None)
        rows = measured(load, "a whole decision, no trees, 50 items of history", 0.25, 5)
        serve(server, "2-trees", Ranker(forest_of(grown(len(FEATURES)), FEATURES), 0.0))
        return rows + measured(load, f"the same with {POOL} candidates through {TREES} trees", 0.1, 10)


@dataclass(frozen=True)
class Load:
    """A server, the port of a bare one, and what both are asked."""

    server: LiveServer
    bare_port: int
    script: Path


def measured(load: Load, name: str, share: float, most_ms: float) -> list[Row]:
    """How many decisions a second beside bare replies, and how long the slowest take at half of that."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(wrk(load.server.port, load.script, 16, SECONDS).per_second)
        theirs.append(wrk(load.bare_port, load.script, 16, SECONDS).per_second)
    figure, baseline = side_by_side(ours, theirs)
    half = paced(load.server, ask, figure / 2, 8)
    p99, good = half.quantile(0.99), not half.failed
    return [
        row(name, figure, "decisions/s", f">= {share:.2f} of a bare JSON reply", figure >= share * baseline, baseline),
        row(f"  its p99 at half saturation ({figure / 2:,.0f}/s)", p99, "ms", f"<= {most_ms:g}",
            p99 <= most_ms and good),
    ]  # fmt: skip


def serve(server: LiveServer, version: str, ranker: Ranker | None) -> None:
    """Let the shop's own model serve with these trees instead of its own; wait until it does."""
    models = Models(Layout(server.data).models)
    model = models.load(models.current())
    manifest = replace(model.manifest, version=version)
    models.save(dataclasses.replace(model, manifest=manifest, ranker=ranker))
    models.promote(version)
    wait_trained(server, version)


def wait_trained(server: LiveServer, version: str = "", wait_s: float = 5) -> None:
    """Until the web process has taken up the model: a decision without one would be cheaper than what is promised."""
    until = time.monotonic() + wait_s
    while True:
        home = server.post("/v1/decide", ASKED)[1]["decisions"]["home"]
        if home["model"] and home["model"].endswith(version):
            break
        assert time.monotonic() < until, home
        time.sleep(0.05)
    assert home["link"] == "history", home


def ask(client: Client, number: int) -> bool:
    return client.post_bytes("/v1/decide", json.dumps(ASKED).encode()) == 200
