"""Which small files to join, so that a date has few files and no row is rewritten often."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tailorbird.shell.embedded.lake_manifest import LakeFile
from tailorbird.shell.embedded.lake_schema import TABLES

LARGE_BYTES = 64_000_000  # a file of this size is left alone
ORDERED_BY = {table.name: table.ordered_by for table in TABLES}


def joinable(files: Sequence[LakeFile]) -> list[LakeFile]:
    """The small files of one date that are worth joining, or none.

    From the smallest up, a file joins while it has at most twice the rows of those before it together. So each joining
    at least halves what is left to do: of n seals a row is rewritten about log2(n) times, and about log2(n) files stay.

    >>> def file(rows): return LakeFile("", "events", "", rows, 0, 0, rows * 300)
    >>> [f.rows for f in joinable([file(5_000), file(1), file(1), file(4)])]
    [1, 1, 4]
    >>> joinable([file(5_000), file(1)])
    []
    """
    run: list[LakeFile] = []
    for file in sorted(files, key=lambda file: file.rows):
        if file.bytes >= LARGE_BYTES or sum(f.bytes for f in run) >= LARGE_BYTES:
            break
        if run and file.rows > 2 * sum(f.rows for f in run):
            # A run of one joins nobody: begin again from this larger one.
            if len(run) > 1:
                break
            run = []
        run.append(file)
    return run if len(run) > 1 else []


def groups(files: Sequence[LakeFile]) -> Iterator[list[LakeFile]]:
    """All groups to join now, each of one table and date."""
    by_date: dict[tuple[str, str], list[LakeFile]] = defaultdict(list)
    for file in files:
        by_date[file.table, file.date].append(file)
    for dated in by_date.values():
        if group := joinable(dated):
            yield group


def joined(folder: Path, group: Sequence[LakeFile]) -> pa.Table:
    """The rows of all files of a group, in the table's order."""
    tables = [pq.read_table(folder / file.path, partitioning=None) for file in group]
    # Files differ in columns: each has only those that it fills.
    return pa.concat_tables(tables, promote_options="default").sort_by(ORDERED_BY[group[0].table])
