import pytest

from tailorbird.errors import BadDefinition
from tailorbird.events import Signal, decode_record
from tailorbird.shell.signalling import Signaller
from tailorbird.testing.clock import FixedClock
from tailorbird.testing.memory_definitions import MemoryDefinitions
from tailorbird.testing.memory_log import MemoryLog
from tailorbird.testing.memory_state import MemoryState


def signaller(definitions):
    log = MemoryLog()
    return Signaller(definitions, log, MemoryState(), FixedClock(5_000)), log


def signals(log):
    records = [decode_record(payload) for _, payload in log.read(0).records]
    assert all(isinstance(record, Signal) for record in records)
    return records


def defined(**segments):
    definitions = MemoryDefinitions()
    for name, sql in segments.items():
        definitions.put("segment", name, {"sql": sql}, "anna")
    return definitions


def test_site_without_definitions_says_nothing():
    one, log = signaller(MemoryDefinitions())
    assert not one.look({})
    assert log.end() == 0


def test_signal_carries_all_that_the_program_is_read_from():
    one, log = signaller(defined(loyal="orders() >= 3"))
    assert one.look({})
    [signal] = signals(log)
    assert (signal.kind, signal.at) == ("definitions", 5_000)
    assert signal.body["segments"] == {"loyal": {"sql": "orders() >= 3"}}
    assert "Order Completed" in signal.body["schema"]["events"]


def test_what_is_in_force_is_not_said_again():
    definitions = defined(loyal="orders() >= 3")
    first, log = signaller(definitions)
    first.look({})
    after_a_restart, silent = signaller(definitions)
    assert not after_a_restart.look(signals(log)[0].body)
    assert silent.end() == 0


def test_last_definition_that_goes_is_said():
    definitions = defined(loyal="orders() >= 3")
    one, log = signaller(definitions)
    one.look({})
    definitions.delete("segment", "loyal", "anna")
    one.look({})
    assert signals(log)[1].body == {}


def test_definitions_that_cannot_be_read_never_reach_the_log():
    definitions = defined(loyal="orders() >= 3")
    one, log = signaller(definitions)
    one.look({})
    definitions.put("segment", "odd", {"sql": "odrers() > 1"}, "anna")
    with pytest.raises(BadDefinition, match="odd"):
        one.look({})
    assert one.refused
    assert not one.look({}), "said once a version"
    assert len(signals(log)) == 1


def test_mended_definitions_come_into_force():
    definitions = defined(odd="odrers() > 1")
    one, _ = signaller(definitions)
    with pytest.raises(BadDefinition):
        one.look({})
    definitions.put("segment", "odd", {"sql": "orders() > 1"}, "anna")
    assert one.look({})
    assert not one.refused
