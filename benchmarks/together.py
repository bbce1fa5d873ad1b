"""All of it together for 60 s at 60 % of saturation: ingest, fold, decisions; then how far behind the worker is."""

import threading
import time

from benchmarks.pace import Call, Paced, paced
from benchmarks.shop import Client, live_shop
from benchmarks.swap import ASKED
from benchmarks.table import Row, row
from benchmarks.traffic import batch
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.testing.live import LiveServer

SECONDS, EVENTS_A_BATCH = 60, 20


def run() -> list[Row]:
    with live_shop() as server:
        most = saturation(server)
        seen = drive(server, 0.6 * most, SECONDS)
        lag_s = lag(server)
    events, decisions = 0.6 * most * EVENTS_A_BATCH, 0.6 * most
    what = f"{events:,.0f} events/s and {decisions:,.0f} decisions/s for {SECONDS} s"
    return [
        row(f"lag at the end of {what}", lag_s, "s", "<= 1", lag_s <= 1),
        row(f"failed answers of {len(seen.took_ms):,} in the same", seen.failed, "answers", "0", seen.failed == 0),
        row("p99 of an answer in the same, from when it was due", seen.quantile(0.99), "ms", "", True),
    ]


def call(bodies: list[bytes]) -> Call:
    """One batch of events, then one decision: a page view of a busy shop."""

    def one(client: Client, number: int) -> bool:
        sent = client.post_bytes("/v1/batch", bodies[number % len(bodies)].replace(b'"0-', b'"%d-' % number))
        return sent == 200 and client.post_bytes("/v1/decide", ASKED) == 200

    return one


def saturation(server: LiveServer) -> float:
    """Calls a second that four connections get answered when they do not wait."""
    bodies, counts, until = [batch(0, EVENTS_A_BATCH)], [0] * 4, time.perf_counter() + 6
    one = call(bodies)

    def drive(lane: int) -> None:
        client = Client(server)
        while time.perf_counter() < until:
            assert one(client, lane * 1_000_000_000 + counts[lane] + 1)
            counts[lane] += 1

    threads = [threading.Thread(target=drive, args=(lane,)) for lane in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lag(server)
    return sum(counts) / 6


def drive(server: LiveServer, per_second: float, seconds: float) -> Paced:
    one = call([batch(0, EVENTS_A_BATCH)])
    return paced(server, lambda client, n: one(client, 10**12 + n), per_second, seconds)


def lag(server: LiveServer) -> float:
    """Seconds from now until the state has all that the log has now."""
    engines = Engines(Layout(server.data))
    end, started = engines.log.end(), time.perf_counter()
    while engines.state.offset() < end:
        time.sleep(0.002)
    took = time.perf_counter() - started
    engines.close()
    return took
