"""Laws 2 and 3 on the real engines: worker processes that are killed in the middle of it all leave no trace."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tailorbird.consent.purpose import Policy
from tailorbird.events import DAY_MS, encode_record
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.embedded.segment_log import SegmentLog
from tailorbird.shell.ports import Batch
from tailorbird.shell.rebuild import rebuild
from tailorbird.shell.run import Worker
from tailorbird.shell.sealing import seal_once
from tailorbird.testing.histories import START, OneKey, event, tables
from tailorbird.testing.memory_state import MemoryState

WORK = """
import sys
from pathlib import Path
from tailorbird.consent.purpose import Policy
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.embedded.segment_log import SegmentLog
from tailorbird.shell.run import Worker
from tailorbird.testing.histories import OneKey
folder = Path(sys.argv[1])
worker = Worker(SegmentLog(folder / "log"), LmdbState(folder / "state", writer=True), OneKey(), Policy())
print("open", flush=True)
while worker.offset < worker.log.end():
    worker.take(worker.log.read(worker.offset, 300))
print("done", flush=True)
"""
EVENTS = 6_000


def history():
    """Logins, orders and repeats of forty people over two days."""
    for number in range(EVENTS):
        person = number * 7 % 40
        who = [("userId", f"u{person}"), ("anonymousId", f"a{person}")][number % 3 == 0 :]
        more = {"properties": {"product_id": f"p{number % 90}", "category": f"c{number % 7}"}}
        received_at = START + number * 2 * DAY_MS // EVENTS
        yield event(number, who, at=received_at, message_id=f"m{number - number % 11 // 10}", **more)


@pytest.mark.slow
def test_worker_killed_again_and_again_leaves_the_state_of_an_undisturbed_one(tmp_path):
    log = SegmentLog(tmp_path / "log")
    log.append([encode_record(one) for one in history()])
    kills = 0
    for pause in [0.005 + 0.005 * n for n in range(200)]:
        with subprocess.Popen([sys.executable, "-c", WORK, str(tmp_path)], stdout=subprocess.PIPE, text=True) as child:
            child.stdout.readline()  # counted from here: how long an interpreter takes to start is no matter
            time.sleep(pause)
            if child.poll() is not None:
                break
            os.kill(child.pid, signal.SIGKILL)
            kills += 1
    state = LmdbState(tmp_path / "state", writer=True)
    undisturbed = Worker(log, MemoryState(), OneKey(), Policy())
    undisturbed.take(Batch(log.read(0, 1 << 30).records, log.end()))
    assert kills >= 3
    assert state.offset() == log.end()
    assert tables(state) == tables(undisturbed.state)
    state.close()


@pytest.mark.slow
def test_lake_of_files_gives_the_state_back(tmp_path):
    log, state = SegmentLog(tmp_path / "log"), LmdbState(tmp_path / "state", writer=True)
    log.append([encode_record(one) for one in history()])
    lake = ParquetLake(tmp_path / "lake")
    live = Worker(log, state, OneKey(), Policy(), lake.sealed)
    while live.offset < log.end():
        live.turn()
    while lake.sealed() < live.offset:
        seal_once(log, state, lake, max_bytes=300_000)
    again = Worker(log, MemoryState(), OneKey(), Policy(), lake.sealed)
    rebuild(again, lake)
    for worker in (live, again):
        worker.prune(now=1e9)
    for name in ("node", "person", "edge", "links", "profile", "leaf", "dropped", "stats"):
        assert tables(again.state).get(name) == tables(state).get(name), name
    state.close()
    lake.close()
