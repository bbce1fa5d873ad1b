"""Readiness: each part turns red for its own reason, and green again by itself."""

from pathlib import Path

import pytest

from tailorbird.errors import LogUnavailable
from tailorbird.shell.config import Health as Limits
from tailorbird.shell.health import Health
from tailorbird.testing import MemoryLog, MemoryState


class Stage:
    """A log, a state and a clock to turn."""

    def __init__(self, folder: Path, **limits: float) -> None:
        self.log, self.state, self.now = MemoryLog(), MemoryState(), 0.0
        self.failure: LogUnavailable | None = None
        limits = {"max_lag_s": 10, "min_free_bytes": 1, **limits}
        self.health = Health(self.log, self.state, folder, Limits(**limits), lambda: self.failure, lambda: self.now)

    def red(self) -> list[str]:
        parts = self.health.look()[1]
        return [name for name, part in parts.items() if name != "ready" and not part["ok"]]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_all_is_green_at_rest(stage: Stage) -> None:
    assert stage.health.look()[0] is True


def test_standing_still_behind_the_log_is_red_and_catching_up_green(stage: Stage) -> None:
    stage.log.append([b"event"])
    assert stage.red() == []
    stage.now = 11
    assert stage.red() == ["lag"]
    stage.state.commit({}, stage.log.end())
    assert stage.red() == []


def test_being_behind_while_moving_is_green(stage: Stage) -> None:
    stage.log.append([b"event"] * 100)
    for step in range(1, 5):
        stage.now = step * 9
        stage.state.commit({}, step)
        assert stage.red() == []


def test_full_disk_is_red(tmp_path: Path) -> None:
    assert Stage(tmp_path, min_free_bytes=1 << 60).red() == ["log"]


def test_failed_write_is_red_only_while_writing_fails(stage: Stage, tmp_path: Path) -> None:
    stage.failure = LogUnavailable("disk full")
    assert stage.red() == []  # a file can be written: the cause has passed
    gone = Stage(tmp_path / "gone")
    gone.failure = stage.failure
    assert gone.red() == ["log"]
