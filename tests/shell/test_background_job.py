"""A job of the batch process gives way to whoever serves."""

import os
import subprocess
import sys

from tailorbird.shell.processes.job import in_the_background


def test_a_job_gives_way_as_far_as_it_is_told():
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.nice(0))"],
        preexec_fn=in_the_background(os.getpid(), 3),
        capture_output=True,
        check=True,
        text=True,
    )
    assert int(done.stdout) == os.nice(0) + 3
