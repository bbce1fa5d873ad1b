"""Real killed processes and real full disks for the engines' crash tests."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest


class Victim:
    """A Python process that says "ready" and works until it is killed."""

    def __init__(self, code, *arguments):
        command = [sys.executable, "-c", code, *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)

    def wait_ready(self):
        assert self.process.stdout.readline() == b"ready\n"
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def kill_within(self, chance: random.Random, most_s: float):
        time.sleep(chance.uniform(0, most_s))
        assert self.process.poll() is None, "the victim ended by itself"
        self.kill()


@pytest.fixture
def victim():
    victims = []

    def start(code, *arguments):
        victims.append(Victim(code, *arguments))
        return victims[-1]

    yield start
    for started in victims:
        if started.process.poll() is None:
            started.kill()


class SmallDisk:
    """A file system of two megabytes that a test may fill."""

    def __init__(self, path):
        self.path = path
        self._ballast = path / "ballast"

    def fill(self):
        with self._ballast.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4_096))

    def free(self):
        self._ballast.unlink()

    def make_read_only(self, read_only=True):
        mode = "ro" if read_only else "rw"
        subprocess.run(["mount", "-o", f"remount,{mode}", str(self.path)], check=True, capture_output=True)


@pytest.fixture
def small_disk(tmp_path):
    path = tmp_path / "disk"
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small file system needs root")
    yield SmallDisk(path)
    subprocess.run(["umount", "-l", str(path)], check=True)
