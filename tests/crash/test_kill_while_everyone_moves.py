"""kill -9 of the worker while definitions sweep over everyone and ticks drain: nobody enters a segment twice."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tailorbird.consent.purpose import Policy
from tailorbird.events import HOUR_MS, Signal, encode_record
from tailorbird.know.language.schema import schema_of
from tailorbird.know.moves import stream
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.embedded.segment_log import SegmentLog
from tailorbird.shell.run import Worker
from tailorbird.testing.histories import START, OneKey, event, tables
from tailorbird.testing.memory_state import MemoryState

# Slices so small that most kills fall between two of one sweep.
WORK = """
import sys
from pathlib import Path
from tailorbird.consent.purpose import Policy
from tailorbird.flow import Fold
from tailorbird.know.slices import Slice
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.embedded.segment_log import SegmentLog
from tailorbird.shell.run import Worker, unsealer
from tailorbird.testing.histories import OneKey
folder = Path(sys.argv[1])
worker = Worker(SegmentLog(folder / "log"), LmdbState(folder / "state", writer=True), OneKey(), Policy())
worker.fold = Fold(unsealer(OneKey()), Policy(), size=Slice(people=9, events=50))
print("open", flush=True)
while worker.offset < worker.log.end() or worker.more:
    worker.turn(timeout_s=0)
print("done", flush=True)
"""
EARLIER = {"busy": "count('Product Viewed', '1 hour') >= 2", "left": "stopped('Product Viewed', after => '5 hours')"}
LATER = {**EARLIER, "busy": "count('Product Viewed', '2 hours') >= 2", "new": "first_time('Product Viewed', '1 day')"}


def defined(segments, at):
    body = {"segments": {name: {"sql": sql} for name, sql in segments.items()}, "schema": schema_of().plain()}
    return Signal("definitions", at, 1, body)


def records():
    """Forty hours of a hundred and fifty people, an hour a tick; definitions come, change, go and come again."""
    changes = {5: EARLIER, 15: LATER, 25: {}, 30: LATER}
    for hour in range(40):
        at = START + hour * HOUR_MS
        if hour in changes:
            yield defined(changes[hour], at)
        for number in range(hour * 60, hour * 60 + 60):
            person = number * 7 % 150 if hour % 9 else number % 3
            who = [("userId", f"u{person}"), ("anonymousId", f"a{person}")][number % 3 == 0 :]
            yield event(number, who, at=at + number % 60 * 1_000)
        yield Signal("tick", at + HOUR_MS - 1, 0)


def moved(state):
    with state.snapshot() as snapshot:
        return sorted(move.id for _, move in stream(snapshot))


@pytest.mark.slow
def test_worker_killed_while_everyone_moves_lets_nobody_enter_twice(tmp_path):
    log = SegmentLog(tmp_path / "log")
    log.append([encode_record(one) for one in records()])
    kills = 0
    for pause in [0.01 + 0.02 * n for n in range(100)]:
        with subprocess.Popen([sys.executable, "-c", WORK, str(tmp_path)], stdout=subprocess.PIPE, text=True) as child:
            child.stdout.readline()  # counted from here: how long an interpreter takes to start is no matter
            time.sleep(pause)
            if child.poll() is not None:
                break
            os.kill(child.pid, signal.SIGKILL)
            kills += 1
    state = LmdbState(tmp_path / "state", writer=True)
    undisturbed = Worker(log, MemoryState(), OneKey(), Policy())
    undisturbed.take(log.read(0, 1 << 30))
    undisturbed.finish()
    assert kills >= 3
    assert state.offset() == log.end()
    assert tables(state) == tables(undisturbed.state)
    assert moved(state) == moved(undisturbed.state)
    assert len(set(moved(state))) == len(moved(state)) > 500
    state.close()
