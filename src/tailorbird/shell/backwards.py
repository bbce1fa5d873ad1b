"""Tables whose keys are offsets, read from the newest on: the latest page costs the same however many there are."""

from collections.abc import Iterator

from tailorbird.know.tables import offset_key, offset_of
from tailorbird.shell.ports import Snapshot

_FIRST_WINDOW = 1 << 20  # offsets are bytes of log: about the last thousand events


def newest_first(snapshot: Snapshot, table: str, before: int | None = None) -> Iterator[tuple[int, bytes]]:
    """(offset, value), the newest first, all of them or those before an offset.

    Engines scan forwards only, so windows of the log are read from its end, each twice as wide as the one before.
    """
    stop, window = snapshot.offset + 1 if before is None else before, _FIRST_WINDOW
    while stop > 0:
        start = max(0, stop - window)
        rows = list(snapshot.scan(table, offset_key(start), offset_key(stop)))
        for key, value in reversed(rows):
            yield offset_of(key), value
        stop, window = start, window * 2
