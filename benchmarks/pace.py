"""Open-loop load: so many calls a second whatever the answers do, so that a stall shows in the latencies."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.shop import Client
from tailorbird.testing.live import LiveServer

Call = Callable[[Client, int], bool]  # does call number n; whether it was answered well


@dataclass
class Paced:
    """How long each call took from when it was due, and how many failed."""

    took_ms: list[float] = field(default_factory=list)
    failed: int = 0

    def quantile(self, q: float) -> float:
        ordered = sorted(self.took_ms)
        return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else float("nan")


def paced(server: LiveServer, call: Call, per_second: float, seconds: float, connections: int = 4) -> Paced:
    """Spread `per_second` calls evenly over some connections, for some seconds."""
    seen = Paced()
    start = time.perf_counter() + 0.05
    total = int(per_second * seconds)

    def drive(lane: int) -> None:
        client = Client(server)
        for number in range(lane, total, connections):
            due = start + number / per_second
            if (left := due - time.perf_counter()) > 0:
                time.sleep(left)
            try:
                good = call(client, number)
            except OSError:
                good, client = False, Client(server)
            seen.failed += not good
            seen.took_ms.append((time.perf_counter() - due) * 1000)

    threads = [threading.Thread(target=drive, args=(lane,)) for lane in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen
