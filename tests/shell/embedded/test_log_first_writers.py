"""Processes that meet at an empty folder agree on one log."""

import subprocess
import sys

import pytest

from tailorbird.shell.embedded.segment_log import SegmentLog
from tailorbird.testing.log_contract import read_all

FIRST = """
import sys
from pathlib import Path
from tailorbird.shell.embedded.segment_log import SegmentLog
sys.stdin.readline()
log = SegmentLog(Path(sys.argv[1]))
for n in range(5):
    log.append([b"%s-%d" % (sys.argv[2].encode(), n)])
"""


@pytest.mark.slow
def test_first_writers_all_at_once_lose_nothing(tmp_path):
    for attempt in range(6):
        folder = tmp_path / str(attempt)
        writers = [
            subprocess.Popen([sys.executable, "-c", FIRST, str(folder), str(n)], stdin=subprocess.PIPE)
            for n in range(4)
        ]
        for writer in writers:
            writer.stdin.write(b"\n")
            writer.stdin.close()
        assert [writer.wait() for writer in writers] == [0] * 4
        assert sorted(read_all(SegmentLog(folder))) == sorted(b"%d-%d" % (w, n) for w in range(4) for n in range(5))
