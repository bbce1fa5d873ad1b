"""Child processes that live exactly as long as they should: restarted when they fall, gone when their parent goes."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tailorbird.shell.logs import Logger
from tailorbird.shell.metrics import Metrics

_PR_SET_PDEATHSIG = 1
FIRST_WAIT_S, LONGEST_WAIT_S = 0.05, 10.0
SETTLED_S = 10.0  # who lived that long starts with a clean record
NOT_AGAIN = 3  # exit code of a child that is not installed or not wanted


@dataclass(slots=True)
class Child:
    """One child: how to start it, and how it fares."""

    role: str
    command: list[str]
    sockets: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    falls: int = 0
    start_at: float = 0.0  # not before


@dataclass(slots=True)
class Children:
    """All children of one supervisor."""

    logger: Logger
    metrics: Metrics
    clock: Callable[[], float] = time.monotonic
    all: list[Child] = field(default_factory=list)

    def add(self, role: str, module: str, arguments: Sequence[str], sockets: tuple[int, ...] = ()) -> None:
        """Start one more; `module` is run with `python -m`."""
        child = Child(role, [sys.executable, "-m", module, *arguments], sockets)
        self.all.append(child)
        self._start(child)

    def tend(self) -> None:
        """Start again who fell and has waited long enough. Call it often."""
        for child in list(self.all):
            if child.process is None:
                if self.clock() >= child.start_at:
                    self._start_again(child)
            elif (code := child.process.poll()) is not None:
                self._fell(child, code)

    def end(self, roles: Sequence[str], within_s: float) -> None:
        """Ask these to stop, wait, and kill who does not."""
        leaving = [child for child in self.all if child.role in roles and child.process is not None]
        for child in leaving:
            _signal(child, signal.SIGTERM)
        until = self.clock() + within_s
        for child in leaving:
            self._await_end(child, until)
        self.all = [child for child in self.all if child.role not in roles]

    def _await_end(self, child: Child, until: float) -> None:
        assert child.process is not None
        try:
            child.process.wait(max(0.0, until - self.clock()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()

    def _start(self, child: Child) -> None:
        child.started_at = self.clock()
        child.process = subprocess.Popen(  # noqa: S603  # our own modules
            child.command,
            stdin=subprocess.DEVNULL,
            pass_fds=child.sockets,
            # The terminal's Ctrl-C is for the supervisor, who stops them in order.
            process_group=0,
            preexec_fn=die_with_parent(os.getpid()),
        )

    def _start_again(self, child: Child) -> None:
        try:
            self._start(child)
        except OSError as error:
            # No memory or no process left for one: the others run on, and it is tried again.
            child.falls += 1
            wait = self._wait(child)
            self.logger.emit("child_not_started", child=child.role, detail=str(error), again_in_s=wait)

    def _fell(self, child: Child, code: int) -> None:
        child.process = None
        if code == NOT_AGAIN:
            self.all.remove(child)
            return
        lived = self.clock() - child.started_at
        child.falls = 1 if lived > SETTLED_S else child.falls + 1
        wait = self._wait(child)
        self.metrics.add("tailorbird_restarts", 1, child.role)
        self.logger.emit("child_ended", child=child.role, code=code, lived_s=round(lived, 1), again_in_s=wait)

    def _wait(self, child: Child) -> float:
        """Wait longer with each fall in a row."""
        wait = min(FIRST_WAIT_S * 2 ** (child.falls - 1), LONGEST_WAIT_S)
        child.start_at = self.clock() + wait
        return wait


def _signal(child: Child, number: int) -> None:
    assert child.process is not None
    child.process.send_signal(number)


def die_with_parent(parent: int, number: int = signal.SIGKILL) -> Callable[[], None] | None:
    """What the child does before it becomes itself: the kernel shall send it this when its parent ends, however."""
    if not sys.platform.startswith("linux"):
        return None
    # Found before the fork: between fork and exec a child should do next to nothing. The kernel takes the thread that
    # forks for the parent, so whoever starts children must live as long as they.
    libc = ctypes.CDLL(None, use_errno=True)

    def bind() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)

    return bind
