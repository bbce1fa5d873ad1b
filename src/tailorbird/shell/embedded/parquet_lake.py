"""Every event once, for ever: Parquet files by date, and a manifest that says which of them count.

    seal      write files aside -> sync -> give them their names -> replace the manifest        (the commit)
    compact   write the joined file -> sync -> name it -> replace the manifest                  (the commit)
    crash     before the commit: files that no manifest names, swept away by the next sealer; behind it: done

One process seals and compacts, and becomes the sealer by doing so; all others read. Files that were joined stay for
`grace_s`, for the sake of readers that still hold the manifest of before.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tailorbird.errors import BadRequest, StateUnavailable
from tailorbird.events import Record
from tailorbird.shell.embedded.files import FileLock, replace_file
from tailorbird.shell.embedded.lake_columns import Columns
from tailorbird.shell.embedded.lake_manifest import Manifest, ManifestFile, Retired
from tailorbird.shell.embedded.lake_schema import TABLES
from tailorbird.shell.ports import LinkChange

if TYPE_CHECKING:
    from tailorbird.shell.embedded.lake_query import LakeQuery

_JOINS_AT_ONCE = 32
_TABLE = {table.name: table for table in TABLES}


class ParquetLake:
    """`tailorbird.shell.ports.Lake` in a folder. pyarrow and DuckDB are loaded at the first use that needs them."""

    def __init__(self, folder: Path, *, grace_s: float = 600.0) -> None:
        self._folder = folder.absolute()
        self._grace_s = grace_s
        self._mutex = threading.RLock()
        self._manifest_file = ManifestFile(self._folder)
        self._sealer: FileLock | None = None
        self._query: LakeQuery | None = None

    def sealed(self) -> int:
        return self._manifest_file.load().sealed

    def seal(self, records: Sequence[tuple[int, Record]], links: Sequence[LinkChange], through: int) -> None:
        from tailorbird.shell.embedded.lake_write import Drafts, add_links, add_records

        with self._sealing() as manifest:
            _refuse_repeats(manifest, records, through)
            columns = Columns(manifest.columns)
            with Drafts(self._folder, manifest.next_file) as drafts:
                add_records(drafts, records, columns)
                add_links(drafts, links, manifest.next_link, columns)
                drafts.place()
                self._commit(
                    msgspec.structs.replace(
                        manifest,
                        sealed=through,
                        next_file=drafts.next_file,
                        next_link=manifest.next_link + len(links),
                        files=[*manifest.files, *drafts.files],
                        columns=columns.place_of,
                    )
                )

    def compact(self) -> int:
        from tailorbird.shell.embedded.lake_compact import groups, joined
        from tailorbird.shell.embedded.lake_write import Drafts

        gone = 0
        with self._sealing() as manifest:
            todo = groups(manifest.files)
            while batch := list(islice(todo, _JOINS_AT_ONCE)):
                with Drafts(self._folder, manifest.next_file) as drafts:
                    for group in batch:
                        table, date = _TABLE[group[0].table], group[0].date
                        drafts.add(table, date, joined(self._folder, group), Columns(manifest.columns))
                    drafts.place()
                    old = {file.path for group in batch for file in group}
                    manifest = self._commit(_replaced(manifest, old, drafts))
                gone += len(old)
            self._forget_retired(manifest)
        return gone

    def read(self, after: int = 0) -> Iterator[list[tuple[int, Record]]]:
        from tailorbird.shell.embedded.lake_read import in_order

        return in_order(self._folder, self._manifest_file.load(), after)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> Sequence[dict[str, Any]]:
        with self._mutex:
            if self._query is None:
                from tailorbird.shell.embedded.lake_query import LakeQuery

                self._query = LakeQuery(self._folder)
        return self._query.rows(self._manifest_file.load(), sql, parameters)

    def close(self) -> None:
        with self._mutex:
            for part in (self._query, self._sealer):
                if part is not None:
                    part.close()
            self._query = self._sealer = None

    # -- sealing

    @contextmanager
    def _sealing(self) -> Iterator[Manifest]:
        with self._mutex:
            try:
                if self._sealer is None:
                    self._become_sealer()
                yield self._manifest_file.load()
            except OSError as error:
                raise StateUnavailable(
                    f"The lake {self._folder} cannot be written: {error}. Free some space."
                ) from error

    def _become_sealer(self) -> None:
        from tailorbird.shell.embedded.lake_write import sweep

        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / "lock")
        if not lock.try_acquire():
            lock.close()
            raise StateUnavailable(f"Another process seals the lake {self._folder}: stop it first.")
        sweep(self._folder, self._manifest_file.load())
        self._sealer = lock

    def _commit(self, manifest: Manifest) -> Manifest:
        from tailorbird.shell.embedded.lake_views import view_statements

        self._manifest_file.store(manifest)
        with suppress(OSError):  # a convenience for people; the change itself stands
            replace_file(self._folder / "views.sql", "".join(view_statements(self._folder, manifest)).encode())
        return manifest

    def _forget_retired(self, manifest: Manifest) -> None:
        before = int((time.time() - self._grace_s) * 1000)
        due = [old for old in manifest.retired if old.at <= before]
        if due:
            kept = [old for old in manifest.retired if old.at > before]
            self._commit(msgspec.structs.replace(manifest, retired=kept))
        for old in due:
            (self._folder / old.path).unlink(missing_ok=True)


def _replaced(manifest: Manifest, old: set[str], drafts: Any) -> Manifest:
    now = time.time_ns() // 1_000_000
    return msgspec.structs.replace(
        manifest,
        next_file=drafts.next_file,
        files=[file for file in manifest.files if file.path not in old] + drafts.files,
        retired=[*manifest.retired, *(Retired(path, now) for path in sorted(old))],
    )


def _refuse_repeats(manifest: Manifest, records: Sequence[tuple[int, Record]], through: int) -> None:
    offsets = [offset for offset, _ in records]
    if through < manifest.sealed or (offsets and not manifest.sealed < min(offsets) <= max(offsets) <= through):
        raise BadRequest(
            f"The lake is sealed up to offset {manifest.sealed}; records must lie behind it and up to {through}. "
            "Read `sealed()` again and go on from there."
        )
