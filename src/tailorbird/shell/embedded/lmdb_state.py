"""Per-person state in LMDB: one writer, many readers in other processes, nobody waits for anybody.

A commit is a change of memory that the system writes out when it likes. So it survives every killed process but not a
power cut, and is told so: `running` holds the boot id while a writer has the store open. Found with another boot's id,
the store is thrown away, `offset()` is 0, and the worker rebuilds from lake and log
(`docs/why/021-state-without-a-sync-per-commit.md`).

A store of another format (`know.tables.FORMAT`) is emptied by the writer in the same way, and readers are told to wait
(`docs/why/036-the-state-has-a-number.md`).
"""

import struct
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import lmdb

from tailorbird.errors import StateUnavailable
from tailorbird.know.tables import FORMAT
from tailorbird.shell.embedded.boot import boot_id
from tailorbird.shell.embedded.files import FileLock, replace_file
from tailorbird.shell.embedded.lmdb_open import open_shared, release, unavailable
from tailorbird.shell.embedded.lmdb_snapshot import LmdbSnapshot
from tailorbird.shell.ports import Changes

_OFFSET = b"\0offset"  # in the main database, where LMDB also keeps the names of the tables
# Offset, how often the set of tables has changed, and the format of the values.
_META = struct.Struct("<QQQ")
_META_BYTES, _unpack = _META.size, _META.unpack
_MAP_BYTES = 64 << 30
_MOST_TABLES = 512


_DAMAGED = (lmdb.InvalidError, lmdb.CorruptedError, lmdb.VersionMismatchError)


class LmdbState:
    """`tailorbird.shell.ports.State`; one process opens it with `writer=True`, any number without.

    Readers may be opened before the writer was ever there: until then they raise StateUnavailable.
    """

    def __init__(
        self,
        folder: Path,
        *,
        writer: bool = False,
        fresh: bool = False,
        map_bytes: int = _MAP_BYTES,
        format: int = FORMAT,
    ) -> None:
        self._folder = folder
        self._format = format
        self._running = folder / "running"
        self._writer = writer
        self._fresh = fresh
        self._map_bytes = map_bytes
        self._mutex = threading.Lock()
        self._lock: FileLock | None = None
        self._env: lmdb.Environment | None = None
        self._tables: dict[str, Any] = {}
        self._generation = 0
        if writer:
            with self._as_unavailable():
                self._opened()

    def snapshot(self) -> LmdbSnapshot:
        try:
            txn, offset = self._begin(self._opened())
        except (lmdb.Error, OSError) as error:
            raise unavailable("state", self._folder, error) from error
        return LmdbSnapshot(txn, self._tables, offset, self._folder)

    def offset(self) -> int:
        with self._as_unavailable(), self._opened().begin() as txn:
            return self._meta(txn)[0]

    def commit(self, changes: Changes, offset: int) -> None:
        with self._as_unavailable(), self._tables_reloaded_on_error():
            env = self._opened()
            # In a transaction of their own before: an empty table is harmless if the commit behind it then fails.
            self._add_tables(env, [table for table, rows in changes.items() if rows and table not in self._tables])
            with env.begin(write=True) as txn:
                for table, rows in changes.items():
                    self._apply(txn, self._tables.get(table), rows)
                # In the same transaction as the changes: a state never is of another offset than it says.
                self._put_meta(txn, offset, self._generation)

    def clear(self, tables: Iterable[str] | None = None) -> None:
        with self._as_unavailable(), self._tables_reloaded_on_error():
            env = self._opened()
            with env.begin(write=True) as txn:
                offset = 0 if tables is None else self._meta(txn)[0]
                for table in self._tables.keys() & (self._tables if tables is None else set(tables)):
                    txn.drop(self._tables[table])
                # The next generation tells readers of other processes that their handles are void.
                self._put_meta(txn, offset, self._generation + 1)
            self._load_tables(env)

    def close(self) -> None:
        """After an orderly close the store is valid even after a power cut."""
        with self._mutex:
            env, self._env = self._env, None
            if env is None:
                return
            if self._writer:
                with suppress(lmdb.Error):  # then `running` stays, and a power cut means a rebuild
                    # First the pages, then the mark: in the other order a power cut between them would leave a torn
                    # store that looks whole.
                    env.sync(True)
                    self._running.unlink(missing_ok=True)
            release(self._folder)
            self._unlock()

    def _apply(self, txn: Any, db: Any, rows: Mapping[bytes, bytes | None]) -> None:
        keys = sorted(rows)  # in the order of the tree: neighbours share a page
        if None in rows.values():
            for key in [key for key in keys if rows[key] is None] if db is not None else ():
                txn.delete(key, db=db)
            keys = [key for key in keys if rows[key] is not None]
        if keys:
            with txn.cursor(db) as cursor:
                # Behind all that is there, as offsets always are: no search, and pages that fill to the brim.
                behind = not cursor.last() or cursor.key() < keys[0]
                cursor.putmulti(zip(keys, map(rows.__getitem__, keys), strict=True), append=behind)

    # -- tables: LMDB wants them opened outside the transactions that use them

    def _begin(self, env: lmdb.Environment) -> tuple[lmdb.Transaction, int]:
        while True:
            txn = env.begin()
            try:
                offset, generation = self._meta(txn)
            except StateUnavailable:
                txn.abort()  # or it would hold old pages for as long as the error is looked at
                raise
            # Another generation: tables came or went since their handles were opened.
            if generation == self._generation:
                return txn, offset
            txn.abort()
            self._load_tables(env)

    def _load_tables(self, env: lmdb.Environment) -> None:
        with self._mutex:
            with env.begin() as txn:
                generation = self._meta(txn)[1]
                names = [key for key in txn.cursor().iternext(values=False) if key != _OFFSET]
            self._tables = {name.decode(): env.open_db(name, create=False) for name in names}
            self._generation = generation

    def _add_tables(self, env: lmdb.Environment, names: list[str]) -> None:
        if not names:
            return
        with env.begin(write=True) as txn:
            offset, generation = self._meta(txn)
            for name in names:
                env.open_db(name.encode(), txn=txn)
            self._put_meta(txn, offset, generation + 1)
        self._load_tables(env)

    def _meta(self, txn: Any) -> tuple[int, int]:
        """(offset, generation); raises StateUnavailable where the values are of another format."""
        raw = txn.get(_OFFSET)
        if raw is None:
            return 0, 0
        offset, generation, format = _read_meta(raw)
        if format != self._format:
            raise StateUnavailable(
                f"The state in {self._folder} has format {format}, this version reads {self._format}: "
                "the stream worker rebuilds it when it starts. If none runs, `tailorbird rebuild` does."
            )
        return offset, generation

    def _put_meta(self, txn: Any, offset: int, generation: int) -> None:
        txn.put(_OFFSET, _META.pack(offset, generation, self._format))

    @contextmanager
    def _tables_reloaded_on_error(self) -> Iterator[None]:
        """LMDB closes the handles that a failed transaction opened or dropped."""
        try:
            yield
        except lmdb.Error:
            if self._env is not None:
                self._load_tables(self._env)
            raise

    # -- opening

    def _opened(self) -> lmdb.Environment:
        if self._env is not None:
            return self._env
        with self._mutex:
            if self._env is None:
                self._env = self._open_to_write() if self._writer else self._open_to_read()
        return self._env

    def _open_to_write(self) -> lmdb.Environment:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self._folder / "writer")
        try:
            if not self._lock.try_acquire():
                raise StateUnavailable(f"Another process writes the state in {self._folder}: stop it first.")
            return self._open_as_writer()
        except BaseException:
            self._unlock()
            raise

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _open_as_writer(self) -> lmdb.Environment:
        boot = boot_id()
        # Without a boot id (16 zeros) nobody can say that the power was not cut.
        if self._fresh or (self._running.exists() and (self._running.read_bytes() != boot or not any(boot))):
            self._discard()
        replace_file(self._running, boot)  # syncs the folder, and so the removal, too
        try:
            env = open_shared(self._folder, self._map_bytes, writes=True, sync=False, max_dbs=_MOST_TABLES)
        except _DAMAGED:  # lake and log have all that it takes to fill it again
            self._discard()
            env = open_shared(self._folder, self._map_bytes, writes=True, sync=False, max_dbs=_MOST_TABLES)
        env.reader_check()  # readers that were killed would hold old pages for ever
        self._discard_other_format(env)
        return env

    def _discard(self) -> None:
        for name in ("data.mdb", "lock.mdb"):
            (self._folder / name).unlink(missing_ok=True)

    def _discard_other_format(self, env: lmdb.Environment) -> None:
        """Empty a store whose values this version cannot read; lake and log have all that it takes to fill it again."""
        with env.begin() as txn:
            raw = txn.get(_OFFSET)
            _, generation, format = _read_meta(raw) if raw else (0, 0, self._format)
            names = [key for key in txn.cursor().iternext(values=False) if key != _OFFSET]
        if format == self._format:
            return
        tables = [env.open_db(name, create=False) for name in names]
        # Emptied in a transaction and not by removing the file: readers may have it mapped.
        with env.begin(write=True) as txn:
            for table in tables:
                txn.drop(table)
            self._put_meta(txn, 0, generation + 1)

    def _open_to_read(self) -> lmdb.Environment:
        if not (self._folder / "data.mdb").exists():
            raise StateUnavailable(f"No state in {self._folder} yet: start the stream worker, or wait for it.")
        if self._running.exists() and self._running.read_bytes() != boot_id():
            raise StateUnavailable(
                f"The state in {self._folder} is from before a power cut: the stream worker rebuilds it."
            )
        return open_shared(self._folder, self._map_bytes, writes=False, max_dbs=_MOST_TABLES)

    @contextmanager
    def _as_unavailable(self) -> Iterator[None]:
        try:
            yield
        except (lmdb.Error, OSError) as error:
            raise unavailable("state", self._folder, error) from error


def _read_meta(raw: bytes) -> tuple[int, int, int]:
    """(offset, generation, format); a store from before there was a number has format 0."""
    if len(raw) == _META_BYTES:
        return _unpack(raw)
    return _unpack(raw.ljust(_META_BYTES, b"\0")[:_META_BYTES])
