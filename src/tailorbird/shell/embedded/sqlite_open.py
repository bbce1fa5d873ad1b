"""One SQLite file as its owners want it: durable writes, readers that wait for nobody, errors of our own tree."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tailorbird.errors import Corrupt, StateUnavailable

_BUSY_S = 10.0


def wall_clock() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class SqliteFile:
    """A connection per thread, opened and given its `schema` at first use."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._schema = schema
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._own_errors():
            yield self._connection()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it, on disk when this returns, or nothing."""
        with self._own_errors():
            connection = self._connection()
            # The lock at once: two that read first and then both want to write could not wait for each other.
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # Some errors, a full disk among them, have rolled back already.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # The module's own transactions are off: they would commit before we say so. `close` comes from any thread.
            connection = sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                # NORMAL, with which WAL is often run, may lose the last commits at a power cut.
                connection.execute("PRAGMA synchronous = FULL")
                connection.executescript(self._schema)
            except BaseException:
                # Every call tries again while the cause stays, and each would keep a file open.
                connection.close()
                raise
            self._connections.append(connection)
            self._local.connection = connection
        return connection

    @contextmanager
    def _own_errors(self) -> Iterator[None]:
        try:
            yield
        # Busy, full, read-only: these pass. All other errors of SQLite speak of the file's bytes.
        except sqlite3.OperationalError as error:
            raise StateUnavailable(
                f"{self._path} cannot be used now: {error}. Free some space, or try again."
            ) from error
        except sqlite3.DatabaseError as error:
            raise Corrupt(f"{self._path} is damaged: {error}. Restore it from a backup.") from error
