"""New files of the lake: written aside, synced, and only then given their names. Until a manifest names them they are
orphans, and `sweep` takes them away."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tailorbird.events import Record
from tailorbird.shell.embedded.files import sync_file, sync_folder
from tailorbird.shell.embedded.lake_columns import Columns, to_json
from tailorbird.shell.embedded.lake_manifest import LakeFile, Manifest
from tailorbird.shell.embedded.lake_rows import record_table
from tailorbird.shell.embedded.lake_schema import LINKS, RECORD_TABLES, TABLES, LakeTable, date_of
from tailorbird.shell.ports import LinkChange

ROW_GROUP = 20_000
_ASIDE = ".draft"
# A dictionary of these would only cost.
_ALL_DIFFERENT = {"message_id", "sealed", "log_offset", "id", "sequence"}


class Drafts:
    """Files on their way into the lake; `place` names them all."""

    def __init__(self, folder: Path, next_file: int) -> None:
        self._folder = folder
        self._numbers = count(next_file)
        self._aside = folder / _ASIDE
        self._aside.mkdir(exist_ok=True)
        self.files: list[LakeFile] = []
        self.next_file = next_file

    def add(self, table: LakeTable, date: str, data: pa.Table, columns: Columns) -> None:
        """Write one file aside and sync it."""
        number = next(self._numbers)
        self.next_file = number + 1
        data = _without_empty(data, columns)
        path = self._aside / f"{number:010d}.parquet"
        dictionaries = [name for name in data.column_names if name not in _ALL_DIFFERENT]
        pq.write_table(data, path, compression="zstd", row_group_size=ROW_GROUP, use_dictionary=dictionaries)
        # Before it gets its name: a name that points to unwritten bytes is what a power cut must not leave.
        sync_file(path)
        order = data.column(table.ordered_by)
        self.files.append(
            LakeFile(
                path="/".join((table.name, *([f"date={date}"] if date else []), path.name)),
                table=table.name,
                date=date,
                rows=len(data),
                first=order[0].as_py(),
                last=order[-1].as_py(),
                bytes=path.stat().st_size,
            )
        )

    def place(self) -> None:
        """Give all of them their names, durably."""
        targets = [self._folder / file.path for file in self.files]
        changed = {target.parent for target in targets}
        for folder in changed.copy():
            if not folder.exists():
                folder.mkdir(parents=True)
                # A new folder is a name in its parent, which has to be synced as well.
                changed |= {folder.parent, self._folder}
        for target in targets:
            (self._aside / target.name).rename(target)
        for folder in changed:
            sync_folder(folder)


def add_records(drafts: Drafts, records: Iterable[tuple[int, Record]], columns: Columns) -> None:
    """One file for each table and date among the records."""
    by_type: dict[type, list[tuple[int, Any]]] = {table.record: [] for table in RECORD_TABLES}
    for row in records:
        by_type[type(row[1])].append(row)
    for table in RECORD_TABLES:
        for date, rows in _by_date(table, by_type[table.record]):
            drafts.add(table, date, record_table(table, rows, columns), columns)


def add_links(drafts: Drafts, links: Sequence[LinkChange], first: int, columns: Columns) -> None:
    if links:
        drafts.add(LINKS, "", record_table(LINKS, list(enumerate(links, first)), columns), columns)


def sweep(folder: Path, manifest: Manifest) -> int:
    """Remove what no manifest names, the leftovers of a crash; how many files went."""
    named = {file.path for file in manifest.files}
    found = [path for table in TABLES for path in (folder / table.name).rglob("*.parquet")]
    orphans = [path for path in found if path.relative_to(folder).as_posix() not in named]
    orphans += (folder / _ASIDE).glob("*")
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _by_date(table: LakeTable, rows: list[tuple[int, Any]]) -> Iterator[tuple[str, list[tuple[int, Any]]]]:
    def date(row: tuple[int, Any]) -> str:
        return date_of(getattr(row[1], table.dated_by))

    # Stable: the log's order stays within a date.
    for day, group in groupby(sorted(rows, key=date), key=date):
        yield day, list(group)


def _without_empty(data: pa.Table, columns: Columns) -> pa.Table:
    """Leave out the site's columns that nothing of this file fills, and note in the file what the others mean."""
    own = [name for name in data.column_names if name in columns.place_of]
    data = data.drop_columns([name for name in own if data.column(name).null_count == len(data)])
    meaning = {name: columns.place_of[name] for name in own if name in data.column_names}
    return data.replace_schema_metadata({"tailorbird": to_json({"format": 1, "columns": meaning})})
