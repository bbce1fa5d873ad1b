"""kill -9 at random instants under load: nothing acknowledged may be lost or counted twice."""

import tempfile
import time
from pathlib import Path

from benchmarks.table import Row, row
from tailorbird.testing.killing import storm
from tailorbird.testing.live import LiveServer

KILLS = 150  # with the 60 of the test suite: more than 200
OFTEN = ("--set", "batch.seal_every_s=0.2", "--set", "batch.compact_every_s=0.5")


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(Path(folder) / "data", workers=2, options=OFTEN).start()
        try:
            audit = storm(server, Path(folder), KILLS, seed=int(time.time()))
        finally:
            server.stop()
    lost = len(audit.lost_in_lake | audit.lost_in_state)
    repeated = len(audit.repeated_in_lake | audit.repeated_in_state)
    what = f"after {KILLS} kills, of {audit.acknowledged:,} acknowledged events"
    return [
        row(f"lost {what}", lost, "events", "0", lost == 0),
        row(f"counted twice {what}", repeated, "events", "0", repeated == 0 and audit.clean),
    ]
