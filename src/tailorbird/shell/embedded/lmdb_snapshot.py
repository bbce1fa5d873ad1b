"""One consistent view of the state, as readers of any process get it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import lmdb

from tailorbird.shell.embedded.lmdb_open import unavailable


class LmdbSnapshot:
    """One read transaction: short, or the space of old pages is not reused. Ends with its `with` block."""

    __slots__ = ("_folder", "_tables", "_txn", "offset")

    def __init__(self, txn: Any, tables: dict[str, Any], offset: int, folder: Path) -> None:
        self.offset = offset
        self._txn = txn
        self._tables = tables
        self._folder = folder

    # A class and not a generator: each decision opens one, and two frames cost more than what they read.
    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._txn.abort()
        if isinstance(error, lmdb.Error):
            raise unavailable("state", self._folder, error) from error

    def get(self, table: str, key: bytes) -> bytes | None:
        db = self._tables.get(table)
        # LMDB knows no empty key and raises for one; a table that nobody wrote to yet is empty, not an error.
        return self._txn.get(key, None, db) if db is not None and key else None

    def get_many(self, table: str, keys: Sequence[bytes]) -> list[bytes | None]:
        db, get = self._tables.get(table), self._txn.get
        if db is None:
            return [None] * len(keys)
        return [get(key, None, db) if key else None for key in keys]

    def scan(self, table: str, start: bytes = b"", stop: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        db = self._tables.get(table)
        if db is None:
            return
        with self._txn.cursor(db) as cursor:
            if not (cursor.set_range(start) if start else cursor.first()):
                return
            for key, value in cursor:
                if stop is not None and key >= stop:
                    return
                yield key, value

    def count(self, table: str) -> int:
        db = self._tables.get(table)
        return 0 if db is None else self._txn.stat(db)["entries"]
