"""Many callers, one write."""

import asyncio
import threading

import pytest

from tailorbird.errors import LogUnavailable, Unavailable
from tailorbird.shell.group_commit import GroupCommit


class SlowDisk:
    """Keeps each write as one list; holds every write until it is let go."""

    def __init__(self) -> None:
        self.writes: list[list[int]] = []
        self.gate = threading.Event()
        self.broken: Exception | None = None

    def write(self, items: list[int]) -> int:
        self.gate.wait(5)
        if self.broken:
            raise self.broken
        self.writes.append(items)
        return sum(len(write) for write in self.writes)


def test_lone_item_is_written_at_once() -> None:
    async def story() -> int:
        disk = SlowDisk()
        disk.gate.set()
        return await asyncio.wait_for(GroupCommit(disk.write).add([1]), 1)

    assert asyncio.run(story()) == 1


def test_all_that_arrive_during_a_write_share_the_next() -> None:
    async def story() -> list[list[int]]:
        disk = SlowDisk()
        commit = GroupCommit(disk.write)
        first = commit.add([0])
        await asyncio.sleep(0.01)
        later = [commit.add([i, -i]) for i in range(1, 4)]
        disk.gate.set()
        await asyncio.gather(first, *later)
        return disk.writes

    assert asyncio.run(story()) == [[0], [1, -1, 2, -2, 3, -3]]


def test_failed_write_fails_its_callers_and_not_the_next() -> None:
    async def story() -> int:
        disk = SlowDisk()
        disk.gate.set()
        disk.broken = LogUnavailable("disk full")
        commit = GroupCommit(disk.write)
        results = await asyncio.gather(commit.add([1]), commit.add([2]), return_exceptions=True)
        assert [type(result) for result in results] == [LogUnavailable, LogUnavailable]
        disk.broken = None
        return await commit.add([3])

    assert asyncio.run(story()) == 1


def test_unexpected_failure_reaches_callers_as_unavailable() -> None:
    async def story() -> None:
        disk = SlowDisk()
        disk.gate.set()
        disk.broken = ZeroDivisionError()
        await GroupCommit(disk.write).add([1])

    with pytest.raises(Unavailable):
        asyncio.run(story())


def test_too_much_waiting_is_refused_at_once() -> None:
    async def story() -> None:
        disk = SlowDisk()
        commit = GroupCommit(disk.write, max_waiting=10)
        kept = commit.add([1], weight=11)
        try:
            commit.add([2], weight=1)
        finally:
            disk.gate.set()
            await kept

    with pytest.raises(LogUnavailable, match="11 bytes wait"):
        asyncio.run(story())


def test_cancelled_caller_harms_nobody() -> None:
    async def story() -> int:
        disk = SlowDisk()
        commit = GroupCommit(disk.write)
        gone, stays = commit.add([1]), commit.add([2])
        await asyncio.sleep(0.01)
        gone.cancel()
        disk.gate.set()
        return await stays

    assert asyncio.run(story()) == 2


def test_close_writes_what_waits() -> None:
    async def story() -> list[list[int]]:
        disk = SlowDisk()
        commit = GroupCommit(disk.write)
        commit.add([1])
        disk.gate.set()
        await commit.close()
        return disk.writes

    assert asyncio.run(story()) == [[1]]
