"""What one process holds open of the log."""

import os
from pathlib import Path

from tailorbird.shell.embedded.files import FileLock
from tailorbird.shell.embedded.segment_files import Segment
from tailorbird.shell.embedded.segment_head import SegmentHead
from tailorbird.shell.embedded.wake import Bell


class Handles:
    """Made at the first use, so that a full disk hurts calls and not the start."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.pid = os.getpid()
        self.lock = FileLock(folder / "lock")
        with self.lock.held():  # or two first writers would make the same page
            self.head = SegmentHead(folder / "head")
        self.sync_lock = FileLock(folder / "syncing")
        self.synced_lock = FileLock(folder / "synced")
        self.bell = Bell(folder / "wake")
        self.writing: Segment | None = None
        self.reading: Segment | None = None

    def close(self) -> None:
        for handle in (self.lock, self.sync_lock, self.synced_lock, self.head, self.bell):
            handle.close()
