"""How long clients may take to send a body, without a timer for each: one look a second ends those that are late."""

import asyncio
from types import TracebackType

from tailorbird.errors import TailorbirdError


class TooSlow(TailorbirdError):
    """The body did not arrive in time (HTTP 408)."""


class Patience:
    """A context in which a task waits for its client; raises TooSlow there after `seconds` (up to one more)."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: dict[asyncio.Task[object], float] = {}
        self._late: set[asyncio.Task[object]] = set()
        self._looking = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        loop = task.get_loop()
        self._waiting[task] = loop.time()
        if not self._looking:
            self._looking = True
            loop.call_later(1, self._look, loop)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        task = asyncio.current_task()
        assert task is not None
        del self._waiting[task]
        if task in self._late:
            self._late.discard(task)
            task.uncancel()
            raise TooSlow(f"The body did not arrive within {self._seconds:g} s.") from None

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        before = loop.time() - self._seconds
        for task, since in self._waiting.items():
            if since < before and task not in self._late:
                self._late.add(task)
                task.cancel()
        self._looking = bool(self._waiting)
        if self._looking:
            loop.call_later(1, self._look, loop)
