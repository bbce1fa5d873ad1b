"""The event log as rolling files that all processes append to, under one short lock.

An append takes the lock, writes behind the committed end, moves the end, lets go, and only then syncs: while one
process waits for the disk the next already writes, and one sync covers both. Nobody is answered before his sync.
Syncs share a second lock, taken inside of the first or alone: files are opened, begun and cut while nobody syncs, so
that no failure goes unseen (docs/why/124).

    crash of a writer in the middle of a write   the file is longer than the end in the head: the next one cuts it
    crash behind the write                       the record stands, unacknowledged: the log is at least once
    power cut                                    the head is of another boot: the newest file is scanned by checksum
    disk full, read-only                         the file is cut back, LogUnavailable; the next append tries again
    a sync that fails                            the log ends again where it was durable; the next append begins a file

`docs/why/020-a-log-of-our-own.md` compares it with SQLite.
"""

import errno
import fcntl
import os
import threading
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tailorbird.collect.frame import frame
from tailorbird.errors import Corrupt, LogUnavailable
from tailorbird.shell.embedded.boot import boot_id
from tailorbird.shell.embedded.files import sync_folder, write_at
from tailorbird.shell.embedded.segment_files import Segment, bases_in, path_of, scan
from tailorbird.shell.embedded.segment_handles import Handles
from tailorbird.shell.ports import Batch

SEGMENT_BYTES = 64_000_000


class _Written(NamedTuple):
    """Where a call's records lie."""

    segment: Segment
    end: int
    cuts: int  # of the log, by then: once it was cut they may be gone


class SegmentLog:
    """`tailorbird.shell.ports.Log` in a folder. Any number of processes and threads may append at once.

    A log that is new, or was lost, begins at `start`: give `lake.sealed()`, so that no offset is used twice.
    """

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES, start: int = 0) -> None:
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._start = start
        self._mutex = threading.Lock()
        self._sync_mutex = threading.Lock()
        self._opened: Handles | None = None

    def append(self, payloads: Sequence[bytes], *, durable: bool = True) -> int:
        # Outside of the lock: nobody has to wait for checksums.
        data = frame(payloads)
        with self._as_unavailable("append to"):
            written = self._written(data)
            if durable:  # else whoever reads next syncs: no reader is woken only to wait for the disk
                self._sync(written)
                self._handles().bell.ring()
        return written.end

    def read(self, after: int, max_bytes: int = 4_000_000) -> Batch:
        with self._as_unavailable("read"):
            handles = self._handles()
            limit = self._durable_end(handles, after)
            if after == limit:
                return Batch([], after)
            segment, stop = self._segment_at(handles, after, limit)
            records = segment.read(after, min(stop, limit), max_bytes)
        if not records:
            raise Corrupt(
                f"{segment.path} has no whole record at offset {after}, though the log ends at {limit}. {_HELP}"
            )
        return Batch(records, records[-1][0])

    def end(self) -> int:
        with self._as_unavailable("read"):
            return self._handles().head.end

    def wait(self, after: int, timeout_s: float) -> bool:
        with self._as_unavailable("read"):
            handles = self._handles()
        deadline = time.monotonic() + timeout_s
        # Appended is not enough: what a power cut could take back is not handed to a reader.
        while handles.head.synced <= after:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                break
            handles.bell.wait(left_s)
        return handles.head.end > after

    def drop_through(self, offset: int) -> None:
        with self._as_unavailable("drop files of"), self._locked() as handles:
            bases = self._bases(handles)
            # A file ends where the next begins; the newest has no next and stays.
            for base, behind in pairwise(bases):
                if behind <= offset:
                    path_of(self._folder, base).unlink()

    def close(self) -> None:
        with self._mutex:
            if self._opened is not None:
                self._opened.close()
            self._opened = None

    # -- writing, under the lock

    def _written(self, data: bytes) -> _Written:
        with self._locked() as handles:
            head, segment = handles.head, self._newest(handles)
            # Before the write and not behind it: a call's records lie in one file, in one piece, all or none.
            if head.end - head.base >= self._segment_bytes or head.roll:
                segment = self._roll(handles, segment)
            return self._write(handles, segment, data)

    def _write(self, handles: Handles, segment: Segment, data: bytes) -> _Written:
        head = handles.head
        position = head.end - head.base
        try:
            write_at(segment.fd, data, position)
        except OSError:
            with suppress(OSError):  # if even this fails the next writer cuts it
                os.ftruncate(segment.fd, position)
            raise
        head.end = head.base + position + len(data)  # from here on it is in the log
        return _Written(segment, head.end, head.cuts)

    def _newest(self, handles: Handles) -> Segment:
        """The file to append to, cut to the committed end."""
        head = handles.head
        if head.failed:
            with self._nobody_syncs(handles):
                head.cut()
        if handles.writing is None or handles.writing.base != head.base:
            with self._nobody_syncs(handles):
                handles.writing = Segment(self._folder, head.base, os.O_RDWR | os.O_CREAT)
        surplus = handles.writing.size() - (head.end - head.base)
        if surplus > 0:  # a writer died in the middle of it
            os.ftruncate(handles.writing.fd, head.end - head.base)
        elif surplus < 0:  # somebody else shortened the file, or copied it before the head
            self._recover(handles)
            return self._newest(handles)
        return handles.writing

    def _roll(self, handles: Handles, full: Segment) -> Segment:
        """Begin the next file. The full one is synced first, so that only the newest can ever be torn."""
        head = handles.head
        with self._nobody_syncs(handles):
            if head.synced < head.end:
                self._flush(handles, full)
            # Truncated: a writer that was killed right here, last time, may have left this very file.
            handles.writing = Segment(self._folder, head.end, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            sync_folder(self._folder)
            # Last: a writer that is killed before this leaves an empty file behind the newest, and nothing else.
            head.base = head.end
            head.roll = False
            return handles.writing

    # -- making durable, beside others who do so

    def _sync(self, written: _Written) -> None:
        handles = self._handles()
        head = handles.head
        with self._sync_mutex, handles.sync_lock.held(fcntl.LOCK_SH):
            if head.cuts != written.cuts:
                raise OSError(errno.EIO, os.strerror(errno.EIO))  # it was in what another's sync could not keep
            if head.synced < written.end:  # else a sync that began behind this write covered it
                self._flush(handles, written.segment)

    def _flush(self, handles: Handles, newest: Segment) -> None:
        """Make all durable that is written by now. It lies in the newest file: whoever begins one syncs the others."""
        end = handles.head.end
        try:
            os.fdatasync(newest.fd)
        except OSError:
            # The system has forgotten these pages and tells each open file once: a later sync would lie. So what nobody
            # was answered for is taken out again, before anything else is written.
            handles.head.failed = True
            raise
        with handles.synced_lock.held():
            handles.head.raise_synced(end)

    # -- reading

    def _durable_end(self, handles: Handles, after: int) -> int:
        """An offset behind `after`, if there is one, that a power cut cannot take back."""
        head = handles.head
        if head.synced > after or head.end == after:
            return max(head.synced, after)
        end = head.end
        if after > end:
            raise Corrupt(f"The log {self._folder} ends at {end}, before offset {after} that was read from it. {_HELP}")
        with self._locked():
            newest = self._newest(handles)
            written = _Written(newest, head.end, head.cuts)
        self._sync(written)
        return max(head.synced, after)

    def _segment_at(self, handles: Handles, after: int, limit: int) -> tuple[Segment, int]:
        """The file in which the record behind `after` lies, and where that file stops."""
        newest = handles.head.base
        bases = [newest] if after >= newest else self._bases(handles)
        place = bisect_right(bases, after) - 1
        if place < 0:
            raise Corrupt(f"Offset {after} of {self._folder} was dropped; the log begins at {bases[0]}. {_HELP}")
        # Looked at once: another thread may put another file there at any time.
        segment = handles.reading
        if segment is None or segment.base != bases[place]:
            segment = handles.reading = Segment(self._folder, bases[place], os.O_RDONLY)
        return segment, bases[place + 1] if place + 1 < len(bases) else limit

    def _bases(self, handles: Handles) -> list[int]:
        """Without the empty file that a writer killed while rolling may leave behind the newest."""
        newest = handles.head.base
        return [base for base in bases_in(self._folder) if base <= newest]

    # -- opening

    @contextmanager
    def _nobody_syncs(self, handles: Handles) -> Iterator[None]:
        """Inside of `_locked`: nothing new is written then, and the syncs under way come to their end."""
        with self._sync_mutex, handles.sync_lock.held():
            yield

    @contextmanager
    def _locked(self) -> Iterator[Handles]:
        handles = self._handles()
        with self._mutex, handles.lock.held():
            yield handles

    def _handles(self) -> Handles:
        opened = self._opened
        if opened is not None and opened.pid == os.getpid():
            return opened
        with self._mutex:
            # A forked child must not share our lock.
            if self._opened is None or self._opened.pid != os.getpid():
                self._opened = self._open()
            return self._opened

    def _open(self) -> Handles:
        handles = Handles(self._folder)
        with handles.lock.held():
            if not handles.head.holds(boot_id()):
                self._recover(handles)
        return handles

    def _recover(self, handles: Handles) -> None:
        """Find the end by reading the newest file, and cut what is torn. Right at any time, but slow."""
        # Not through the head, which is what is being made.
        bases = bases_in(self._folder) or [self._start]
        segment = Segment(self._folder, bases[-1], os.O_RDWR | os.O_CREAT)
        end = scan(segment.path, segment.base)
        if end < self._start:  # an older copy of the log: its lost offsets are taken
            segment = Segment(self._folder, self._start, os.O_RDWR | os.O_CREAT)
            end = self._start
        os.ftruncate(segment.fd, end - segment.base)
        os.fdatasync(segment.fd)
        sync_folder(self._folder)
        handles.writing = handles.reading = None
        handles.head.begin(boot_id(), segment.base, end)

    @contextmanager
    def _as_unavailable(self, verb: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LogUnavailable(f"Cannot {verb} the log {self._folder}: {error.strerror}. {_NEXT}") from error


_HELP = "Run `tailorbird rebuild`, or restore the folder from a backup."
_NEXT = "Nothing was acknowledged; free some space or make it writable, and try again."
