"""A job of the batch process gives way to whoever serves."""

import os
import subprocess
import sys

import pytest

from tailorbird.shell.processes.job import in_the_background

ASK = "import os; print(os.sched_getscheduler(0) == os.SCHED_IDLE, os.nice(0))"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such policy")
def test_a_job_takes_what_nobody_else_wants():
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        preexec_fn=in_the_background(os.getpid()),
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.split() == ["True", "19"]
