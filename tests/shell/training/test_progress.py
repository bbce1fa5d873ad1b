"""Whoever looks sees how far a training is, and nothing of one that ended or was killed."""

import os

import msgspec
import pytest

from tailorbird.shell.layout import Layout
from tailorbird.shell.training.progress import Progress, telling, under_way


def test_each_step_is_told_and_noted(tmp_path):
    layout, told = Layout(tmp_path), []
    with telling(layout, told.append) as say:
        assert under_way(layout) is None
        say("reading the lake")
        say("judging it")
        found = under_way(layout)
    assert told == ["reading the lake", "judging it"]
    assert found is not None and (found.step, found.process) == ("judging it", os.getpid())
    assert found.began_at <= found.step_at


def test_nothing_is_under_way_after_a_failure(tmp_path):
    with pytest.raises(ValueError, match="broken"), telling(Layout(tmp_path), print) as say:
        say("reading")
        raise ValueError("broken")
    assert under_way(Layout(tmp_path)) is None


def test_a_killed_training_is_not_under_way(tmp_path):
    layout = Layout(tmp_path)
    layout.run.mkdir(parents=True)
    for left in (msgspec.json.encode(Progress("reading", 1, 1, 2**22 - 3)), b"{half"):
        (layout.run / "training.json").write_bytes(left)
        assert under_way(layout) is None
