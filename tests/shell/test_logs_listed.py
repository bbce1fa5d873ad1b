"""What can stand in the logs is what the guide lists, in the same words."""

from pathlib import Path

import pytest

from tailorbird.shell.logs import LOG_EVENTS, Logger

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "operations.md"


def test_the_guide_lists_every_line_of_the_logs_and_no_other():
    lines = [line for line in GUIDE.read_text().splitlines() if line.startswith("| `")]
    listed = [line for line in lines if line.split(" | ")[1] in ("debug", "info", "warning", "error")]
    assert listed == [f"| `{one.name}` | {one.level} | {one.meaning} | {one.do} |" for one in LOG_EVENTS]


def test_a_line_that_is_not_listed_is_a_bug():
    with pytest.raises(KeyError):
        Logger(None).emit("surprised")
