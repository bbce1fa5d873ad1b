"""The jobs of the batch process: which are due, what they are told, and that they give way to whoever serves."""

import os
import subprocess
import sys

import pytest

from tailorbird.shell.config import Batch
from tailorbird.shell.layout import Layout
from tailorbird.shell.processes.batch import _jobs
from tailorbird.shell.processes.job import in_the_background

NOTHING = Batch(train_every_h=0, train_on_change=False, refit_every_h=0)


def test_a_job_gives_way_as_far_as_it_is_told():
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.nice(0))"],
        preexec_fn=in_the_background(os.getpid(), 3),
        capture_output=True,
        check=True,
        text=True,
    )
    assert int(done.stdout) == os.nice(0) + 3


@pytest.mark.parametrize(
    ("settings", "looks"),
    [(Batch(), True), (Batch(train_every_h=0), True), (Batch(train_every_h=0, train_on_change=False), True),
     (Batch(train_every_h=0, refit_every_h=0), True), (NOTHING, False)],
)  # fmt: skip
def test_the_watch_looks_while_anything_may_come_due(tmp_path, settings, looks):
    [watch] = [job for job in _jobs(Layout(tmp_path), settings, 0.0) if "watching" in job._module]
    assert (watch._due(3600.0) is not None) == looks


def test_jobs_are_told_what_their_process_was_told(tmp_path):
    code = """import sys; from tailorbird.shell.config import load_settings
from tailorbird.shell.processes.start import begin
begin("batch", ["--data", sys.argv[1], "--set", "batch.train_every_h=6"])
print(load_settings(None).batch.train_every_h)"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, check=True, text=True).stdout == "6.0\n"
