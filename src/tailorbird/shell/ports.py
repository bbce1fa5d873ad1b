"""The few things an engine must do. One file an engine; one contract suite in `tailorbird.testing` that each passes.

    Log           durable, ordered, replayable                segment files    | Kafka, Kinesis
    State         tables of bytes, committed with an offset   LMDB             | Redis, DynamoDB
    Lake          every event once, for ever, in columns      Parquet, DuckDB  | object storage, Spark
    Keys          a random key per leaf; destroying forgets   LMDB             | a KMS
    Definitions   versioned documents, author and time        SQLite           | Postgres
    Catalogue     items, searchable                           SQLite FTS5      | Postgres

Offsets are integers that grow along the log; an offset names the END of a record, so `read(after=offset)` continues
behind it and `0` is the start. All engines raise only `tailorbird.errors`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

import msgspec

from tailorbird.events import Item, Leaf, Record

Changes = Mapping[str, Mapping[bytes, bytes | None]]  # table -> key -> value, None deletes


class Batch(NamedTuple):
    """Records in log order. `through` is the offset to continue from, also when `records` is empty."""

    records: list[tuple[int, bytes]]  # (offset of the record's end, encoded record)
    through: int


class Log(Protocol):
    """Several writer processes, many readers; what was appended is on disk when `append` returns."""

    def append(self, payloads: Sequence[bytes], *, durable: bool = True) -> int:
        """Write all of them, in order and next to each other, durably; the offset behind the last one.

        All or nothing. Raises LogUnavailable (disk full, read-only) with nothing kept, and works again when the
        cause is gone. Not `durable`: for what nobody is promised. It survives every killed process but, until a
        durable append follows or somebody reads it, no power cut; readers may see it up to their timeout later.
        """

    def read(self, after: int, max_bytes: int = 4_000_000) -> Batch:
        """Records behind `after` that would survive a power cut; at least one if there is one, then up to `max_bytes`.

        Raises Corrupt if `after` lies before what `drop_through` has dropped.
        """

    def end(self) -> int:
        """The offset behind the last complete record."""

    def wait(self, after: int, timeout_s: float) -> bool:
        """Block until something stands behind `after` or the time is over; whether there is. One reader may wait."""

    def drop_through(self, offset: int) -> None:
        """Drop whole files that end at or before `offset`. Never the newest."""

    def close(self) -> None: ...


class Snapshot(Protocol):
    """One consistent view of the state, as of `offset`."""

    offset: int

    def get(self, table: str, key: bytes) -> bytes | None: ...

    def get_many(self, table: str, keys: Sequence[bytes]) -> list[bytes | None]: ...

    def scan(self, table: str, start: bytes = b"", stop: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """(key, value) with start <= key < stop in the order of the keys' bytes."""

    def count(self, table: str) -> int:
        """How many keys the table has (may be approximate in a distributed engine)."""


class State(Protocol):
    """Tables of bytes. One writer process; readers in any process see whole commits only."""

    def snapshot(self) -> AbstractContextManager[Snapshot]: ...

    def offset(self) -> int:
        """The offset of the last commit; cheap enough to poll."""

    def commit(self, changes: Changes, offset: int) -> None:
        """Apply all changes and move the offset, together or not at all.

        Survives kill -9. After a power cut an engine may have lost it all; then opening for writing says so by an
        offset of 0 and the worker rebuilds from lake and log.
        """

    def clear(self, tables: Iterable[str] | None = None) -> None:
        """Empty the tables (all, and the offset, if None)."""

    def close(self) -> None: ...


class LinkChange(NamedTuple):
    """From `offset` on, the leaf's events belong to `person`."""

    leaf: bytes
    person: bytes
    offset: int
    at: int  # ms


class Lake(Protocol):
    """Every kept record exactly once, by date of `timestamp`, readable by any SQL engine."""

    def sealed(self) -> int:
        """The offset up to which the log is in the lake."""

    def seal(self, records: Sequence[tuple[int, Record]], links: Sequence[LinkChange], through: int) -> None:
        """Add them all and move `sealed` to `through`, atomically: after a crash at any instant both or neither.

        Records must lie in (sealed, through]; a repeat of an old call is refused, so nothing can enter twice.
        """

    def compact(self) -> int:
        """Join small files of a date; how many files went. Readers see every record exactly once throughout."""

    def read(self, after: int = 0) -> Iterator[list[tuple[int, Record]]]:
        """All records behind `after` in offset order, equal to what was sealed."""

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> Sequence[Mapping[str, Any]]:
        """Rows of a SELECT over the views `events`, `people_events`, `links`, `decisions`, `rejected`, `signals`."""

    def columns(self) -> Mapping[str, tuple[str, str, str]]:
        """What the site's own columns of `events` hold: name -> (group, key, kind), as `lake_columns.Place`."""


# No process holds a key for longer without asking the store again: so long a destroyed one may still seal an event,
# which nobody will open, or lie in the memory of a process.
KEYS_HELD_S = 60.0


class Keys(Protocol):
    """A random 16-byte key per leaf. Safe to call from several processes."""

    def ensure(self, leaves: Iterable[Leaf]) -> dict[Leaf, bytes]:
        """The leaves' keys, made where missing; new ones are on disk when this returns."""

    def get(self, leaf: Leaf) -> bytes | None:
        """The key, or None if there never was one or it was destroyed."""

    def destroy(self, leaves: Iterable[Leaf]) -> None:
        """Forget them for ever; what they sealed cannot be read again. Other processes hold them for `KEYS_HELD_S`."""


class Definition(msgspec.Struct, frozen=True):
    """One version of one definition."""

    kind: str  # "plan", "placement", "consent", "trait", "segment", "cluster", "key", "model"
    name: str
    version: int
    body: dict[str, Any]
    author: str
    at: int
    deleted: bool = False


DefinitionChange = tuple[str, str, Mapping[str, Any] | None]  # kind, name, the new body


class Definitions(Protocol):
    """Versioned documents. `version()` changes with any change, so that readers know when to look again."""

    def get(self, kind: str, name: str) -> Definition | None: ...

    def all(self, kind: str) -> list[Definition]:
        """The current versions that are not deleted, by name."""

    def put(self, kind: str, name: str, body: Mapping[str, Any], author: str) -> Definition:
        """A new version, or the present one if the body is equal."""

    def delete(self, kind: str, name: str, author: str) -> bool: ...

    def change(self, changes: Sequence[DefinitionChange], author: str, as_of: int | None = None) -> bool:
        """All of them in one step, None deletes: no reader ever sees a trait without the segment that goes with it.

        `as_of`: the version for which they were checked; False, and nothing is done, where it is not the present one.
        """

    def history(self, kind: str, name: str) -> list[Definition]:
        """All versions, newest first."""

    def revert(self, kind: str, name: str, version: int, author: str) -> Definition:
        """A new version with the body of an old one."""

    def version(self) -> int: ...


class Catalogue(Protocol):
    """Items by id, with search. Writes are durable when they return."""

    def upsert(self, items: Sequence[Item]) -> int:
        """Add or replace; how many changed."""

    def remove(self, ids: Sequence[str]) -> int: ...

    def get(self, item_id: str) -> Item | None: ...

    def search(self, query: str = "", category: str = "", limit: int = 20, offset: int = 0) -> tuple[list[Item], int]:
        """A page of matches, best first, and how many there are in all. Any text is a valid query."""

    def categories(self) -> list[tuple[str, int]]:
        """(category, items in it), most first."""

    def count(self) -> int: ...

    def version(self) -> int:
        """Grows with every change; cheap enough to ask at each decision."""

    def changes(self, since: int) -> Iterator[tuple[str, Item | None]]:
        """(id, item or None if removed) of all that changed after version `since`; 0 gives the whole catalogue."""
