"""A sync that fails: what is acknowledged stays, what is not is gone, and no later power cut tears the log."""

import os
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tailorbird.errors import LogUnavailable
from tailorbird.shell.embedded.segment_head import SegmentHead
from tailorbird.shell.embedded.segment_log import SegmentLog
from tailorbird.testing.failing_disk import FailingDisk
from tailorbird.testing.log_contract import read_all


class World:
    """Two processes on one log, a third that reads, and their disk."""

    def __init__(self, folder, patch):
        self.folder = folder
        self.disk = FailingDisk(folder, patch)
        self.logs = [SegmentLog(folder, segment_bytes=300) for _ in range(3)]
        self.logs[0].end()  # makes the folder

    def failing(self, times):
        left = iter([True] * times)
        self.disk.failing = lambda: next(left, False)

    def after_a_power_cut(self):
        """All that a new boot reads."""
        for log in self.logs:
            log.close()
        self.disk.failing = lambda: False
        self.disk.cut_power()
        head = SegmentHead(self.folder / "head")
        head.begin(os.urandom(16), 0, 0)  # of another boot
        head.close()
        return read_all(SegmentLog(self.folder))


@pytest.fixture
def world(tmp_path, monkeypatch):
    return World(tmp_path / "log", monkeypatch)


def test_what_could_not_be_synced_leaves_no_gap_in_front_of_what_could(world):
    one, other, _ = world.logs
    one.append([b"kept"])
    world.failing(1)
    with pytest.raises(LogUnavailable, match="Input/output error"):
        one.append([b"lost"])
    other.append([b"after"])
    assert read_all(other) == [b"kept", b"after"]
    assert world.after_a_power_cut() == [b"kept", b"after"]


def test_reader_whose_sync_fails_hands_nothing_out(world):
    one, other, reader = world.logs
    end = one.append([b"kept"])
    other.append([b"a decision"], durable=False)
    world.failing(1)
    with pytest.raises(LogUnavailable):
        reader.read(end)
    assert read_all(reader) == [b"kept"]
    other.append([b"after"])
    assert read_all(reader) == world.after_a_power_cut() == [b"kept", b"after"]


def test_file_that_cannot_be_synced_when_it_is_full_keeps_what_was_durable(world):
    one, other, _ = world.logs
    one.append([b"kept"])
    other.append([b"x" * 400], durable=False)
    world.failing(1)
    with pytest.raises(LogUnavailable):
        one.append([b"refused"])
    one.append([b"after"])
    assert read_all(other) == world.after_a_power_cut() == [b"kept", b"after"]


def test_first_sync_of_a_log_that_fails_leaves_an_empty_log(world):
    world.failing(2)
    for log in world.logs[:2]:
        with pytest.raises(LogUnavailable):
            log.append([b"lost"])
    assert read_all(world.logs[2]) == []
    world.logs[1].append([b"kept"])
    assert read_all(world.logs[2]) == world.after_a_power_cut() == [b"kept"]


acts = st.tuples(st.integers(0, 2), st.sampled_from(["append", "note", "read"]), st.integers(1, 200), st.booleans())


@given(st.lists(acts, max_size=40))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_fails_the_log_is_what_was_acknowledged_and_perhaps_notes(tmp_path_factory, acts):
    with pytest.MonkeyPatch.context() as patch:
        world = World(tmp_path_factory.mktemp("w") / "log", patch)
        kept, seen, after = [], [], 0
        for number, (which, act, size, fails) in enumerate(acts):
            world.failing(int(fails))
            with suppress(LogUnavailable):
                if act == "read":
                    batch = world.logs[which].read(after)
                    seen, after = [*seen, *(payload for _, payload in batch.records)], batch.through
                else:
                    payload = f"{act} {number} ".encode().ljust(size, b".")
                    world.logs[which].append([payload], durable=act == "append")
                    kept += [payload] if act == "append" else []
        found = world.after_a_power_cut()
    assert [payload for payload in found if payload.startswith(b"append")] == kept
    assert found[: len(seen)] == seen  # no reader was told what then was not so
