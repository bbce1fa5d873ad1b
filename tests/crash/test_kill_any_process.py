"""Laws 1 and 2 under kill -9: what was acknowledged is there, once, whichever process died and whenever."""

from pathlib import Path

import pytest

from tailorbird.testing.killing import storm
from tailorbird.testing.live import LiveServer

# Sealing and compaction many times a second, so that kills fall into them too.
OFTEN = ("--set", "batch.seal_every_s=0.2", "--set", "batch.compact_every_s=0.5")


@pytest.mark.slow
def test_every_acknowledged_event_is_in_lake_and_state_exactly_once_after_60_kills(tmp_path: Path) -> None:
    server = LiveServer(tmp_path / "data", workers=2, options=OFTEN).start()
    try:
        audit = storm(server, tmp_path, kills=60, seed=1)
    finally:
        server.stop()
    assert audit.clean, audit
    assert audit.acknowledged > 500
    assert {"supervisor", "web", "stream", "batch"} <= set(audit.kills)
