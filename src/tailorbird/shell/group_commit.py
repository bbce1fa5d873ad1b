"""Group commit: many callers share one slow, durable write, and a lone caller never waits for a timer.

One write is under way at any time, in a thread of its own (fdatasync lets go of Python's lock). What arrives meanwhile
waits and goes out together in the next write. Under load a group grows to what arrives during one flush; when idle a
single event is written at once.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from tailorbird.errors import LogUnavailable, TailorbirdError, Unavailable

T = TypeVar("T")
R = TypeVar("R")


class GroupCommit(Generic[T, R]):
    """Calls `work` with the items of all waiting callers together; each gets its result, or its error.

    `work` runs in one thread, one call at a time, items in the order of arrival and each caller's next to each other.
    Belongs to one event loop.

    >>> async def two_callers() -> list[int]:
    ...     commit = GroupCommit(lambda items: len(items))
    ...     return list(await asyncio.gather(commit.add(["a"]), commit.add(["b", "c"])))
    >>> asyncio.run(two_callers())
    [3, 3]
    """

    def __init__(
        self, work: Callable[[list[T]], R], *, name: str = "group-commit", max_waiting: int = 64_000_000
    ) -> None:
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._max_waiting = max_waiting
        self._items: list[T] = []
        self._futures: list[asyncio.Future[R]] = []
        self._weight = 0
        self._scheduled = False
        self._under_way: list[asyncio.Future[R]] = []
        self._jobs: queue.SimpleQueue[list[T] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def add(self, items: Sequence[T], weight: int = 0) -> "asyncio.Future[R]":
        """A future of the write that holds these items. `weight` is their size in bytes.

        Raises Unavailable at once when more than `max_waiting` bytes wait already: the disk does not keep up.
        """
        if self._weight > self._max_waiting:
            raise LogUnavailable(f"{self._weight:,} bytes wait for the disk already. Send less, or try again later.")
        future: asyncio.Future[R] = self._loop.create_future()
        self._items.extend(items)
        self._futures.append(future)
        self._weight += weight
        if not self._scheduled:
            # At the end of this turn of the loop, so that all requests that are ready now share the write.
            self._scheduled = True
            self._loop.call_soon(self._start)
        return future

    async def drain(self) -> None:
        """Return when nothing waits and nothing is under way."""
        while self._scheduled:
            await asyncio.wait([*self._futures, *self._under_way])
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Write what waits, then end the thread."""
        await self.drain()
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _start(self) -> None:
        # In the loop's own thread, as everything but `_run`: nothing here needs a lock.
        items, self._items = self._items, []
        self._under_way, self._futures = self._futures, []
        self._weight = 0
        self._jobs.put(items)

    def _run(self) -> None:
        while (items := self._jobs.get()) is not None:
            try:
                result, error = self._work(items), None
            except Exception as failure:  # every caller must hear of it, whatever it is
                result, error = None, failure
            try:
                self._loop.call_soon_threadsafe(self._finish, result, error)
            except RuntimeError:
                return  # the loop is gone, and with it all who waited

    def _finish(self, result: R | None, error: Exception | None) -> None:
        done, self._under_way = self._under_way, []
        for future in done:
            if future.done():
                continue  # its caller went away
            if error is None:
                future.set_result(result)  # type: ignore[arg-type]
            else:
                future.set_exception(_for_callers(error))
                future.exception()  # mark as seen: a caller may not wait for it
        if self._items or self._futures:
            self._start()
        else:
            self._scheduled = False


def _for_callers(error: Exception) -> TailorbirdError:
    if isinstance(error, TailorbirdError):
        return error
    unavailable = Unavailable(f"The write failed: {type(error).__name__}: {error}")
    unavailable.__cause__ = error
    return unavailable
