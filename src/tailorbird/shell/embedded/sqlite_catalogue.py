"""The catalogue in SQLite: items by id, a full-text index beside them, and a number that grows with every change."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tailorbird.events import Item
from tailorbird.shell.embedded.search_terms import match_of, terms_of
from tailorbird.shell.embedded.sqlite_open import SqliteFile

_SCHEMA = """
CREATE TABLE IF NOT EXISTS items (
    number INTEGER PRIMARY KEY,   -- the row's number in `words`, too
    id TEXT NOT NULL UNIQUE,
    category TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    available INTEGER NOT NULL,
    changed INTEGER NOT NULL,     -- the catalogue's version that brought this row
    body BLOB                     -- NULL: removed; kept, so that readers hear of it
);
CREATE INDEX IF NOT EXISTS items_changed ON items (changed);
CREATE INDEX IF NOT EXISTS items_category ON items (category, available DESC, name, number) WHERE body IS NOT NULL;
CREATE INDEX IF NOT EXISTS items_name ON items (available DESC, name, number) WHERE body IS NOT NULL;
CREATE VIRTUAL TABLE IF NOT EXISTS words
    USING fts5 (name, brand, category, tags, text, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
"""
_INSERT_ITEM = "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?, ?)"
_INSERT_WORDS = "INSERT INTO words (rowid, name, brand, category, tags, text) VALUES (?, ?, ?, ?, ?, ?)"
_FOUND = "FROM words JOIN items ON number = words.rowid WHERE words MATCH ?"
# FTS5's own rank, weighted by column: a word of the name says more than one of the text.
_BEST_FIRST = "ORDER BY available DESC, bm25(words, 10, 5, 4, 3, 1), number"
_LISTED = "FROM items WHERE body IS NOT NULL"
_LARGEST = 2**62

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Item).decode


class SqliteCatalogue:
    """`tailorbird.shell.ports.Catalogue` in one file."""

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, _SCHEMA)

    def upsert(self, items: Sequence[Item]) -> int:
        # Of two with one id the later holds.
        bodies = {item.id: (item, _encode(item)) for item in items}
        with self._file.writing() as connection:
            old = _rows(connection, list(bodies))
            changed = [item for item, body in bodies.values() if old.get(item.id, (0, None))[1] != body]
            if changed:
                self._write(connection, changed, {id: number for id, (number, _) in old.items()})
        return len(changed)

    def remove(self, ids: Sequence[str]) -> int:
        with self._file.writing() as connection:
            present = [(number, id) for id, (number, body) in _rows(connection, ids).items() if body is not None]
            version = _version(connection) + 1
            connection.executemany("DELETE FROM words WHERE rowid = ?", [(number,) for number, _ in present])
            connection.executemany(
                "UPDATE items SET body = NULL, changed = ? WHERE number = ?",
                [(version, number) for number, _ in present],
            )
        return len(present)

    def get(self, item_id: str) -> Item | None:
        with self._file.reading() as connection:
            row = connection.execute("SELECT body FROM items WHERE id = ?", (_storable(item_id),)).fetchone()
        return None if row is None or row[0] is None else _decode(row[0])

    def search(self, query: str = "", category: str = "", limit: int = 20, offset: int = 0) -> tuple[list[Item], int]:
        terms = terms_of(query)
        # "!?" asks for something and finds nothing; only an empty query lists all.
        if query.strip() and not terms:
            return [], 0
        page = (max(0, min(limit, _LARGEST)), max(0, min(offset, _LARGEST)))
        if not terms:
            return self._page(_LISTED, (), category, "ORDER BY available DESC, name, number", page)
        found = self._page(_FOUND, (match_of(terms, "AND"),), category, _BEST_FIRST, page)
        # All words at once found nothing: some of them are better than an empty page.
        if found[1] == 0 and len(terms) > 1:
            return self._page(_FOUND, (match_of(terms, "OR"),), category, _BEST_FIRST, page)
        return found

    def categories(self) -> list[tuple[str, int]]:
        with self._file.reading() as connection:
            return connection.execute(
                f"SELECT category, count(*) AS items {_LISTED} GROUP BY category ORDER BY items DESC, category"
            ).fetchall()

    def count(self) -> int:
        with self._file.reading() as connection:
            return int(connection.execute(f"SELECT count(*) {_LISTED}").fetchone()[0])

    def version(self) -> int:
        with self._file.reading() as connection:
            return _version(connection)

    def changes(self, since: int) -> Iterator[tuple[str, Item | None]]:
        sql = "SELECT id, body FROM items WHERE changed > ? ORDER BY number" if since else f"SELECT id, body {_LISTED}"
        with self._file.reading() as connection:
            for item_id, body in connection.execute(sql, (since,) if since else ()):
                yield item_id, None if body is None else _decode(body)

    def close(self) -> None:
        self._file.close()

    def _write(self, connection: sqlite3.Connection, items: list[Item], numbers: dict[str, int]) -> None:
        version = _version(connection) + 1
        free = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM items").fetchone()[0]
        rows = [(numbers.get(item.id, free + place), item) for place, item in enumerate(items)]
        # FTS5 does not replace a row: the old words go first.
        if numbers:
            connection.executemany("DELETE FROM words WHERE rowid = ?", [(number,) for number, _ in rows])
        connection.executemany(_INSERT_ITEM, (_item_row(number, item, version) for number, item in rows))
        connection.executemany(_INSERT_WORDS, (_words_row(number, item) for number, item in rows))

    def _page(
        self, source: str, parameters: tuple[Any, ...], category: str, order: str, page: tuple[int, int]
    ) -> tuple[list[Item], int]:
        if category:
            source, parameters = f"{source} AND items.category = ?", (*parameters, _storable(category))
        with self._file.reading() as connection:
            total = connection.execute(f"SELECT count(*) {source}", parameters).fetchone()[0]
            rows = connection.execute(f"SELECT body {source} {order} LIMIT ? OFFSET ?", (*parameters, *page))
            return [_decode(body) for (body,) in rows], int(total)


def _rows(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[int, bytes | None]]:
    """number and body of those ids that have a row."""
    found = {}
    for item_id in map(_storable, ids):
        row = connection.execute("SELECT number, body FROM items WHERE id = ?", (item_id,)).fetchone()
        if row is not None:
            found[item_id] = row
    return found


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(changed), 0) FROM items").fetchone()[0])


def _item_row(number: int, item: Item, version: int) -> tuple[Any, ...]:
    return number, item.id, item.category, item.name, item.available, version, _encode(item)


def _words_row(number: int, item: Item) -> tuple[Any, ...]:
    return number, item.name, item.brand, item.category, " ".join(item.tags), item.text


def _storable(text: str) -> str:
    """Half a surrogate pair is a valid str but no valid text; no stored id or category holds one."""
    return text.encode("utf-8", "replace").decode()
