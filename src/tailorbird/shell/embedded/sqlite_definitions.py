"""Definitions in SQLite: a table that only grows, so that every change has its author, its time and its reverse."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tailorbird.errors import BadDefinition
from tailorbird.shell.embedded.sqlite_open import SqliteFile, wall_clock
from tailorbird.shell.ports import Definition, DefinitionChange

_SCHEMA = """
CREATE TABLE IF NOT EXISTS definitions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    UNIQUE (kind, name, version)
);
"""
_SELECT = "SELECT kind, name, version, body, author, at, deleted FROM definitions"
_NEWEST = "version = (SELECT max(version) FROM definitions WHERE kind = latest.kind AND name = latest.name)"
_LATEST = f"{_SELECT} AS latest WHERE kind = ? AND NOT deleted AND {_NEWEST} ORDER BY name"


class SqliteDefinitions:
    """`tailorbird.shell.ports.Definitions` in one file; `now` gives the time of a change in milliseconds."""

    def __init__(self, path: Path, *, now: Callable[[], int] = wall_clock) -> None:
        self._file = SqliteFile(path, _SCHEMA)
        self._now = now

    def get(self, kind: str, name: str) -> Definition | None:
        with self._file.reading() as connection:
            newest = _newest(connection, kind, name)
        return None if newest is None or newest.deleted else newest

    def all(self, kind: str) -> list[Definition]:
        with self._file.reading() as connection:
            return [_definition(row) for row in connection.execute(_LATEST, (kind,))]

    def put(self, kind: str, name: str, body: Mapping[str, Any], author: str) -> Definition:
        with self._file.writing() as connection:
            return self._put(connection, kind, name, body, author)

    def delete(self, kind: str, name: str, author: str) -> bool:
        with self._file.writing() as connection:
            return self._delete(connection, kind, name, author)

    def change(self, changes: Sequence[DefinitionChange], author: str, as_of: int | None = None) -> bool:
        with self._file.writing() as connection:
            # Asked behind the lock of the transaction: whoever was faster is seen, and their change not overwritten.
            if as_of is not None and as_of != _version(connection):
                return False
            for kind, name, body in changes:
                if body is None:
                    self._delete(connection, kind, name, author)
                else:
                    self._put(connection, kind, name, body, author)
        return True

    def history(self, kind: str, name: str) -> list[Definition]:
        with self._file.reading() as connection:
            found = connection.execute(f"{_SELECT} WHERE kind = ? AND name = ? ORDER BY version DESC", (kind, name))
            return [_definition(row) for row in found]

    def revert(self, kind: str, name: str, version: int, author: str) -> Definition:
        for old in self.history(kind, name):
            if old.version == version:
                return self.put(kind, name, old.body, author)
        raise BadDefinition(f"{kind} '{name}' has no version {version}; see its history for those it has.")

    def version(self) -> int:
        with self._file.reading() as connection:
            return _version(connection)

    def close(self) -> None:
        self._file.close()

    def _put(
        self, connection: sqlite3.Connection, kind: str, name: str, body: Mapping[str, Any], author: str
    ) -> Definition:
        text = _text(kind, name, body)
        newest = _newest(connection, kind, name)
        # Equal is no change: a nightly `apply` of the same files makes no versions.
        if newest is not None and not newest.deleted and newest.body == msgspec.json.decode(text):
            return newest
        return self._add(connection, newest, kind, name, text, author)

    def _delete(self, connection: sqlite3.Connection, kind: str, name: str, author: str) -> bool:
        newest = _newest(connection, kind, name)
        if newest is None or newest.deleted:
            return False
        self._add(connection, newest, kind, name, _text(kind, name, newest.body), author, deleted=True)
        return True

    def _add(
        self,
        connection: sqlite3.Connection,
        newest: Definition | None,
        kind: str,
        name: str,
        text: str,
        author: str,
        *,
        deleted: bool = False,
    ) -> Definition:
        row = (kind, name, newest.version + 1 if newest else 1, text, author, self._now(), deleted)
        connection.execute(
            "INSERT INTO definitions (kind, name, version, body, author, at, deleted) VALUES (?, ?, ?, ?, ?, ?, ?)", row
        )
        return _definition(row)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM definitions").fetchone()[0])


def _newest(connection: sqlite3.Connection, kind: str, name: str) -> Definition | None:
    found = connection.execute(f"{_SELECT} WHERE kind = ? AND name = ? ORDER BY version DESC LIMIT 1", (kind, name))
    row = found.fetchone()
    return None if row is None else _definition(row)


def _definition(row: Any) -> Definition:
    kind, name, version, text, author, at, deleted = row
    body = msgspec.json.decode(text)
    # Written by another hand than ours: empty, its reader refuses it by its name, and nobody else's work stops.
    return Definition(kind, name, version, body if isinstance(body, dict) else {}, author, at, bool(deleted))


def _text(kind: str, name: str, body: Mapping[str, Any]) -> str:
    try:
        return msgspec.json.encode(body).decode()
    except (TypeError, ValueError) as error:
        raise BadDefinition(f"{kind} '{name}' cannot be stored: {error}. Use what JSON can say.") from error
