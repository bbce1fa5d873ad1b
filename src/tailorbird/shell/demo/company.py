"""The processes that the demo starts beside itself, and ends: the server and the storefront."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tailorbird.errors import TailorbirdError
from tailorbird.shell.children import die_with_parent
from tailorbird.shell.cli import say

_PATIENCE_S = 60.0
_STOP_S = 20.0


class Ended(TailorbirdError):
    """A process ended by itself; says which, and the last it wrote."""


class Companion:
    """One process with its output in a log file. Ctrl-C does not reach it: the demo ends it in good order."""

    def __init__(
        self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name, self.log = name, log
        log.parent.mkdir(parents=True, exist_ok=True)
        # What it wrote in an earlier run is not its last words of this one.
        self._from = log.stat().st_size if log.exists() else 0
        with log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603  our own modules
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **(environment or {})},
                process_group=0,
                preexec_fn=die_with_parent(os.getpid()),
            )

    def check(self) -> None:
        """Raise Ended if it is no longer there."""
        if self._process.poll() is not None:
            raise Ended(f"The {self.name} ended by itself: {self._last_words()} All of it: {self.log}")

    def wait_for(self, url: str) -> None:
        """Until the address answers 200."""
        until = time.monotonic() + _PATIENCE_S
        while not answers(url):
            self.check()
            if time.monotonic() > until:
                raise Ended(f"The {self.name} did not answer at {url} within {_PATIENCE_S:.0f} s; see {self.log}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End it as Ctrl-C would, and by force if that takes too long."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _last_words(self) -> str:
        with self.log.open("rb") as file:
            file.seek(self._from)
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1].removeprefix("error: ") if lines else "it said nothing."


class Company:
    """All of them; leaving the `with` ends them, the latest first."""

    def __init__(self) -> None:
        self._all: list[Companion] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if isinstance(error, SystemExit):
            say.note("\nStopping ...")
        while self._all:
            self._all.pop().stop()

    def add(self, companion: Companion) -> Companion:
        self._all.append(companion)
        return companion

    def check(self) -> None:
        """Raise Ended if one is no longer there."""
        for companion in self._all:
            companion.check()


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules."""
    return [sys.executable, "-m", module, *arguments]


def answers(url: str) -> bool:
    """Whether the address answers 200 within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310  our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False
