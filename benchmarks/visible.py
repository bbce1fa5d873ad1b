"""From the acknowledgement to a decision that knows of it, while 1,000 events a second flow by."""

import threading
import time

from benchmarks.pace import paced
from benchmarks.shop import Client, live_shop
from benchmarks.table import Row, row
from benchmarks.traffic import batch
from tailorbird.testing.live import LiveServer

PROBES, FLOW_SECONDS = 400, 14


def run() -> list[Row]:
    with live_shop(shoppers=300) as server:
        flow = threading.Thread(target=flow_by, args=(server,))
        flow.start()
        time.sleep(1)
        took, stale = probe(server)
        flow.join()
    took.sort()
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    return [
        row("acknowledged to visible in a decision, p50, at 1,000 events/s", p50, "ms", "<= 5", p50 <= 5),
        row(
            "acknowledged to visible in a decision, p99, at 1,000 events/s", p99, "ms", "<= 25", p99 <= 25 and not stale
        ),
    ]


def flow_by(server: LiveServer) -> None:
    """1,000 events a second in batches of 20."""
    bodies = [batch(seed, 20) for seed in range(50 * FLOW_SECONDS)]
    paced(server, lambda client, n: client.post_bytes("/v1/batch", bodies[n]) == 200, 50, FLOW_SECONDS, connections=2)


def probe(server: LiveServer) -> tuple[list[float], int]:
    """ms from each acknowledgement to the decision that counts it, and how many decisions did not."""
    client, took, stale = Client(server), [], 0
    for number in range(PROBES):
        person = {"anonymousId": f"probe-{number}"}
        _, answer = client.post("/v1/track", {**person, "event": "Product Viewed", "properties": {"product_id": "p1"}})
        acknowledged = time.perf_counter()
        asked = {"person": person, "placements": ["home"], "limit": 4, "after": answer["offset"]}
        _, decided = client.post("/v1/decide", asked)
        took.append((time.perf_counter() - acknowledged) * 1000)
        stale += not (decided["fresh"] and decided["person"])
        time.sleep(0.01)
    return took, stale
