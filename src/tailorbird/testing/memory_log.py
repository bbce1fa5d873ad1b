"""The log's twin in memory: the contract without the disk."""

import threading
from bisect import bisect_right
from collections.abc import Sequence

from tailorbird.collect.frame import HEAD_BYTES, frame
from tailorbird.errors import Corrupt
from tailorbird.shell.ports import Batch


class MemoryLog:
    """`tailorbird.shell.ports.Log` for tests and doctests; offsets are those a file would have.

    >>> log = MemoryLog()
    >>> log.append([b"a", b"b"]), log.read(0).records
    (18, [(9, b'a'), (18, b'b')])
    """

    def __init__(self, start: int = 0) -> None:
        self._begin = self._end = start
        self._records: list[tuple[int, bytes]] = []
        self._changed = threading.Condition()

    def append(self, payloads: Sequence[bytes], *, durable: bool = True) -> int:
        frame(payloads)  # refuses what a log of files would refuse
        with self._changed:
            for payload in payloads:
                self._end += HEAD_BYTES + len(payload)
                self._records.append((self._end, payload))
            self._changed.notify_all()
            return self._end

    def read(self, after: int, max_bytes: int = 4_000_000) -> Batch:
        with self._changed:
            if not self._begin <= after <= self._end:
                raise Corrupt(f"Offset {after} is not in this log, which holds {self._begin} to {self._end}.")
            records: list[tuple[int, bytes]] = []
            for offset, payload in self._records[bisect_right(self._records, after, key=lambda record: record[0]) :]:
                # At least one, however large, as the port says.
                if records and offset - after > max_bytes:
                    break
                records.append((offset, payload))
            return Batch(records, records[-1][0] if records else after)

    def end(self) -> int:
        return self._end

    def wait(self, after: int, timeout_s: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._end > after, timeout_s)

    def drop_through(self, offset: int) -> None:
        with self._changed:
            kept = [record for record in self._records if record[0] > offset or record is self._records[-1]]
            if len(kept) < len(self._records):
                self._begin = self._records[len(self._records) - len(kept) - 1][0]
            self._records = kept

    def close(self) -> None:
        """Nothing to let go."""
