from tailorbird.consent.purpose import Policy
from tailorbird.events import encode_record
from tailorbird.shell.cli.check_segments import check_segments
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.run import Worker
from tailorbird.shell.signalling import Signaller
from tailorbird.testing.clock import FixedClock
from tailorbird.testing.histories import OneKey, event


def found(folder, *, signalled=True, **segments):
    """What doctor finds where these are in the store, and in force if they were signalled."""
    engines = Engines(Layout(folder), writes_state=True)
    for name, sql in segments.items():
        engines.definitions.put("segment", name, {"sql": sql}, "anna")
    worker = Worker(engines.log, engines.state, OneKey(), Policy())
    engines.log.append([encode_record(event(1, [("userId", "anna")]))])
    if signalled:
        Signaller(engines.definitions, engines.log, engines.state, FixedClock()).look({})
    worker.turn(timeout_s=0)
    [finding] = check_segments(engines)
    engines.close()
    return finding


def test_segments_in_force_are_well(tmp_path):
    assert (found(tmp_path, loyal="orders() > 3").level, found(tmp_path).found) == (
        "ok",
        "0 traits, 1 segments in force",
    )


def test_segments_that_cannot_be_read_are_named(tmp_path):
    finding = found(tmp_path, signalled=False, odd="odrers() > 3")
    assert finding.level == "bad" and "odd" in finding.found


def test_segments_that_wait_for_the_worker_are_a_note(tmp_path):
    assert found(tmp_path, signalled=False, loyal="orders() > 3").level == "note"


def test_site_without_segments_is_well(tmp_path):
    assert found(tmp_path).found == "none defined"
