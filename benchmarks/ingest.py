"""Durable ingest over HTTP with one web process: single events, and batches of 100."""

import json
import random
import tempfile
from pathlib import Path

from benchmarks.load import bare, web, wrk
from benchmarks.table import Row, row, side_by_side
from benchmarks.traffic import event, wrk_script
from tailorbird.testing.live import tailorbird

ROUNDS, SECONDS = 3, 4


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        key = tailorbird("keys", "create", "bench", "--can", "collect", "--data", str(data)).split()[-1]
        single = json.dumps(event(random.Random(1), "#ID#"))
        many = json.dumps({"batch": [event(random.Random(i), "#ID#") for i in range(100)]})
        scripts = {
            1: wrk_script(Path(folder) / "single.lua", "/v1/track", single, key),
            100: wrk_script(Path(folder) / "batch.lua", "/v1/batch", many, key),
        }
        with web(data) as durable, bare("nowrite", data) as nowrite, bare("json", data) as plain:
            ports = {"durable": durable, "nowrite": nowrite, "json": plain}
            measured = {size: _alternately(ports, script, size) for size, script in scripts.items()}
    (one, one_bare, one_json), (batch, batch_bare, batch_json) = measured[1], measured[100]
    return [
        row("durable ingest, single events, 256 connections", one, "events/s", ">= 0.75 of the same without a write",
            one >= 0.75 * one_bare, one_bare),
        row("durable ingest, batches of 100", batch, "events/s", ">= 0.55 of the same without a write; >= 60,000",
            batch >= 0.55 * batch_bare and batch >= 60_000, batch_bare),
        row("  single events beside a bare JSON reply (to know, no budget)", one, "events/s", "", True, one_json),
        row("  batches beside a bare JSON reply (to know, no budget)", batch, "events/s", "", True, batch_json),
    ]  # fmt: skip


def _alternately(ports: dict[str, int], script: Path, size: int) -> tuple[float, float, float]:
    """Events a second of durable, nowrite and json: medians of rounds that take turns."""
    connections = 256 if size == 1 else 16
    seen: dict[str, list[float]] = {name: [] for name in ports}
    for _ in range(ROUNDS):
        for name, port in ports.items():
            load = wrk(port, script, connections, SECONDS)
            assert not load.bad, f"{load.bad} bad answers from {name}"
            seen[name].append(load.per_second * size)
    durable, nowrite = side_by_side(seen["durable"], seen["nowrite"])
    return durable, nowrite, side_by_side(seen["json"], seen["json"])[0]
