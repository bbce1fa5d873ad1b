"""The state's twin in memory."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from tailorbird.shell.ports import Changes


class MemorySnapshot:
    """One view; a commit replaces the tables it touches, so an open snapshot stays as it was."""

    def __init__(self, tables: dict[str, dict[bytes, bytes]], offset: int) -> None:
        self._tables = tables
        self.offset = offset

    def get(self, table: str, key: bytes) -> bytes | None:
        return self._tables.get(table, {}).get(key)

    def get_many(self, table: str, keys: Sequence[bytes]) -> list[bytes | None]:
        rows = self._tables.get(table, {})
        return [rows.get(key) for key in keys]

    def scan(self, table: str, start: bytes = b"", stop: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        for key, value in sorted(self._tables.get(table, {}).items()):
            if key >= start and (stop is None or key < stop):
                yield key, value

    def count(self, table: str) -> int:
        return len(self._tables.get(table, {}))


class MemoryState:
    """`tailorbird.shell.ports.State` for tests and doctests.

    >>> state = MemoryState()
    >>> state.commit({"profile": {b"anna": b"1"}}, offset=7)
    >>> with state.snapshot() as snapshot:
    ...     snapshot.get("profile", b"anna"), snapshot.offset
    (b'1', 7)
    """

    def __init__(self) -> None:
        self._tables: dict[str, dict[bytes, bytes]] = {}
        self._offset = 0

    @contextmanager
    def snapshot(self) -> Iterator[MemorySnapshot]:
        yield MemorySnapshot(dict(self._tables), self._offset)

    def offset(self) -> int:
        return self._offset

    def commit(self, changes: Changes, offset: int) -> None:
        for table, rows in changes.items():
            # A new dictionary and not a change of the old one, which open snapshots still show.
            merged = {**self._tables.get(table, {}), **rows}
            self._tables[table] = {key: value for key, value in merged.items() if value is not None}
        self._offset = offset

    def clear(self, tables: Iterable[str] | None = None) -> None:
        if tables is None:
            self._tables, self._offset = {}, 0
            return
        for table in tables:
            self._tables.pop(table, None)

    def close(self) -> None:
        """Nothing to let go."""
