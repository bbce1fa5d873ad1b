"""Rows of one table at hand, encoded: fetched once a batch, the longest unused let go between batches."""

from collections.abc import Iterable
from itertools import islice

from tailorbird.know.tables import Reader

SMALLEST = 100  # bytes that even an empty row is taken to need


class Hot:
    """As in the store, the latest used at the end; None: the store has no such row."""

    def __init__(self, table: str, limit: int) -> None:
        self.rows: dict[bytes, bytes | None] = {}
        self._table, self._limit = table, limit
        self._size = 0
        self._reader: Reader | None = None

    def begin(self, reader: Reader) -> None:
        """A new batch; `reader` serves until the next one."""
        self._reader = reader
        # Between batches only, so that nothing a batch works on goes away under it; then a tenth at once, because
        # finding the first key of a dict is slow when many before it are gone.
        if self._size > self._limit or len(self.rows) > self._limit // SMALLEST:
            for key in list(islice(self.rows, len(self.rows) // 10 + 1)):
                self._size -= len(self.rows.pop(key) or b"")

    def look_up(self, keys: Iterable[bytes]) -> None:
        """Fetch these rows at once: a lookup in a sorted batch costs a fraction of one that stands alone."""
        assert self._reader is not None, "begin comes first"
        missing = [key for key in keys if key not in self.rows]
        for key, value in zip(missing, self._reader.get_many(self._table, missing), strict=True):
            self.keep(key, value)

    def get(self, key: bytes) -> bytes | None:
        """The row of a key."""
        if key not in self.rows:
            self.look_up((key,))
        return self.rows[key]

    def keep(self, key: bytes, value: bytes | None) -> None:
        """The row is this now."""
        # Popped first, so that the latest used stand at the end and the longest unused go first.
        before = self.rows.pop(key, None)
        self.rows[key] = value
        self._size += len(value or b"") - len(before or b"")
