"""Is this process of use right now? The log must take writes, the stream must follow, the state must be readable.

/healthz asks only whether the process answers; /readyz asks this. Both need no key and tell nothing about people.
"""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tailorbird.errors import LogUnavailable, TailorbirdError
from tailorbird.shell.config import Health as Limits
from tailorbird.shell.ports import Log, State

_PROBE_BYTES = 65_536


class Part(NamedTuple):
    """One part of the answer."""

    ok: bool
    detail: dict[str, Any]


class Health:
    """Looks at log, state and lag. `failure` tells the last write's failure, None where it went well."""

    def __init__(
        self,
        log: Log,
        state: State,
        folder: Path,
        limits: Limits,
        failure: Callable[[], LogUnavailable | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._state = state
        self._folder = folder
        self._limits = limits
        self._failure = failure
        self._clock = clock
        self._moved_at = clock()
        self._offset = -1

    def look(self) -> tuple[bool, dict[str, Any]]:
        """Whether it is ready, and each part with its figures."""
        parts = {"log": self._log_part(), "state": self._state_part(), "lag": self._lag_part()}
        ready = all(part.ok for part in parts.values())
        return ready, {"ready": ready, **{name: {"ok": part.ok, **part.detail} for name, part in parts.items()}}

    def _log_part(self) -> Part:
        try:
            end, free = self._log.end(), _free_bytes(self._folder)
        except (TailorbirdError, OSError) as error:
            return Part(False, {"why": str(error)})
        if free < self._limits.min_free_bytes:
            return Part(False, {"end": str(end), "free_bytes": free, "why": "the disk is full"})
        # Only after a failure: the probe writes and syncs, and nobody asks for less of that than a disk that is well.
        if self._failure() is not None and (why := _cannot_write(self._folder)):
            return Part(False, {"end": str(end), "free_bytes": free, "why": why})
        return Part(True, {"end": str(end), "free_bytes": free})

    def _state_part(self) -> Part:
        try:
            return Part(True, {"offset": str(self._state.offset())})
        except TailorbirdError as error:
            return Part(False, {"why": str(error)})

    def _lag_part(self) -> Part:
        """Behind is no fault while the worker moves; standing still behind the log is."""
        try:
            end, offset = self._log.end(), self._state.offset()
        except TailorbirdError:
            return Part(False, {"why": "unknown while log or state cannot be read"})
        now = self._clock()
        if offset != self._offset or offset >= end:
            self._offset, self._moved_at = offset, now
        still_s = now - self._moved_at
        return Part(still_s <= self._limits.max_lag_s, {"bytes": max(0, end - offset), "standing_s": round(still_s, 1)})


def _free_bytes(folder: Path) -> int:
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize


def _cannot_write(folder: Path) -> str:
    """Why a file cannot be written there, "" if it can: how a full disk is found to have room again."""
    path = folder / f"probe-{os.getpid()}"
    try:
        with path.open("wb") as file:
            file.write(b"\0" * _PROBE_BYTES)
            os.fsync(file.fileno())
        return ""
    except OSError as error:
        return error.strerror or type(error).__name__
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
