import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from tailorbird.consent.purpose import Policy
from tailorbird.errors import StateUnavailable
from tailorbird.events import decode_record, encode_record
from tailorbird.shell.config import Settings
from tailorbird.shell.embedded.lmdb_state import LmdbState
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.logs import Logger
from tailorbird.shell.metrics import Metrics, exposition
from tailorbird.shell.processes.start import Process
from tailorbird.shell.processes.stream import _LOOK_EVERY_S, _Watch
from tailorbird.shell.rebuild import from_log
from tailorbird.shell.run import Worker
from tailorbird.shell.sealing import seal_once
from tailorbird.testing.histories import START, event, tables

pytestmark = pytest.mark.slow
OTHER_FORMAT = 9_999


def half_in_the_lake(layout):
    """Fold sixty events, ten of them twice; the lake gets the first thirty. What the state is then."""
    engines = Engines(layout, writes_state=True)
    worker = Worker(engines.log, engines.state, engines.keys, Policy(), engines.lake.sealed)
    for numbers in (range(30), range(20, 60)):
        engines.log.append([encode_record(event(n, [("userId", f"u{n % 7}")], at=START + n)) for n in numbers])
        from_log(worker)
        if numbers.start == 0:
            seal_once(engines.log, engines.state, engines.lake)
    worker.prune(now=1e9)
    found = by_value(engines.state)
    engines.close()
    return found


def by_value(state):
    """All tables; records by value, because the lake does not keep the order of an event's properties."""
    found = tables(state)
    return {**found, "event": {key: decode_record(value) for key, value in found["event"].items()}}


@contextmanager
def streaming(layout):
    command = [sys.executable, "-m", "tailorbird.shell.processes.stream", "--data", str(layout.root)]
    with subprocess.Popen(command) as process:
        yield
        process.terminate()


def folded(state, through):
    """Wait until a reader sees the state at that offset."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if state.offset() == through:
                return
        except StateUnavailable:
            pass
        time.sleep(0.05)
    raise AssertionError("the worker did not come that far")


def test_worker_that_finds_another_format_rebuilds_by_itself(tmp_path):
    layout = Layout(tmp_path)
    live = half_in_the_lake(layout)
    old = LmdbState(layout.state, writer=True, format=OTHER_FORMAT)
    old.commit({"profile": {b"anna": b"as it was"}, "gone": {b"k": b"v"}}, 5)
    old.close()
    end = Engines(layout).log.end()
    with streaming(layout):
        state = LmdbState(layout.state)
        folded(state, end)
    assert by_value(state) == live
    state.close()


def test_metrics_tell_what_became_of_each_record(tmp_path):
    layout = Layout(tmp_path)
    half_in_the_lake(layout)
    LmdbState(layout.state, writer=True, format=OTHER_FORMAT).close()  # so that the log is folded once more
    with streaming(layout):
        state = LmdbState(layout.state)
        folded(state, Engines(layout).log.end())
    told = exposition(layout.run / "metrics").decode()
    assert 'tailorbird_records_folded_total{outcome="kept"} 30.0' in told
    assert 'tailorbird_records_folded_total{outcome="duplicate"} 10.0' in told


class BusyOnce:
    """Definitions that cannot be read the first time."""

    def __init__(self, definitions):
        self.definitions, self.busy = definitions, True
        self.version = definitions.version

    def all(self, kind):
        if self.busy:
            self.busy = False
            raise StateUnavailable("The store is busy.")
        return self.definitions.all(kind)


def test_a_policy_that_a_busy_store_could_not_tell_is_obeyed_at_the_next_look(tmp_path):
    layout = Layout(tmp_path)
    engines = Engines(layout, writes_state=True)
    engines.definitions.put("consent", "consent", {"purposes": {"analytics": {"default": "denied"}}}, "test")
    engines.definitions = BusyOnce(engines.definitions)
    watch = _Watch(Process("stream", layout, Settings(), Logger(None), Metrics(), threading.Event()), engines)
    watch.worker = Worker(engines.log, engines.state, engines.keys, Policy())
    watch.stopped()
    assert watch.worker.fold.by_default
    time.sleep(_LOOK_EVERY_S)
    watch.stopped()
    assert not watch.worker.fold.by_default
    engines.close()
