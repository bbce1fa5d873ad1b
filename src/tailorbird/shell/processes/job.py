"""Work that the batch process leaves to a process of its own: its memory goes back, and its crash harms nothing.

It gives way to those who serve: a training beside live decisions, on a machine of two cores, took one of them for
seconds, and each answer waited for its turn beside it.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tailorbird.shell.children import die_with_parent
from tailorbird.shell.layout import Layout
from tailorbird.shell.logs import Logger

_HOUR_S = 3600.0


class Job:
    """A module run every so many hours, and when somebody makes the file DIR/run/NAME; never twice at once.

    What stands in the file is handed on as `--why`.
    """

    def __init__(
        self, name: str, module: str, told: tuple[str, str], every_h: float, now: float,
        *, layout: Layout, nice: int, more: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._more = more  # arguments
        self._nice = nice
        self._module, self._told, self._every_s = module, told, every_h * _HOUR_S
        self._wanted: Path = layout.run / name
        self._data = str(layout.root)
        self._at = now + self._every_s
        self._process: subprocess.Popen[bytes] | None = None

    def turn(self, now: float, logger: Logger) -> None:
        """Start it if it is due, and say how it ended."""
        self._end(logger)
        if self._process is None and (why := self._due(now)) is not None:
            self._at = now + self._every_s
            command = [sys.executable, "-m", self._module, "--data", self._data, *self._more, *why]
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                command, stdin=subprocess.DEVNULL, preexec_fn=in_the_background(os.getpid(), self._nice)
            )

    def _due(self, now: float) -> list[str] | None:
        """Arguments that say why, if it is due; None if it is not."""
        try:
            why = self._wanted.read_text(errors="replace").strip()
        except OSError:
            return [] if self._every_s > 0 and now >= self._at else None
        # Before it runs: who asks again meanwhile makes the file anew, and is not forgotten.
        self._wanted.unlink(missing_ok=True)
        return ["--why", why] if why else []

    def _end(self, logger: Logger) -> None:
        if self._process is None or (code := self._process.poll()) is None:
            return
        self._process = None
        done, failed = self._told
        if code:
            logger.emit(failed, detail=f"{self._module} ended with {code}")
        else:
            logger.emit(done)


def in_the_background(parent: int, nice: int) -> Callable[[], None]:
    """What the child does before it becomes itself: it is `nice` to whoever wants to run, and ends with its parent."""
    bind = die_with_parent(parent)

    def begin() -> None:
        if bind is not None:
            bind()
        os.nice(nice)

    return begin
