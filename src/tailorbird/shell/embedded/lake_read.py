"""Everything in the lake in the order of the log, a window at a time, however the files overlap."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tailorbird.errors import Corrupt
from tailorbird.events import Record
from tailorbird.shell.embedded.lake_manifest import LakeFile, Manifest, ManifestFile
from tailorbird.shell.embedded.lake_rows import record_rows
from tailorbird.shell.embedded.lake_schema import RECORD_TABLES

WINDOW_ROWS = 20_000


def in_order(folder: Path, manifest_file: ManifestFile, after: int) -> Iterator[list[tuple[int, Record]]]:
    """Lists of (offset, record) behind `after`, ascending; memory stays with about `WINDOW_ROWS` records.

    A long reading goes on with the new manifest when files it was to read have been joined and are gone.
    """
    manifest = manifest_file.load()
    while True:
        try:
            for through, rows in _by_window(folder, manifest, after):
                after = through
                if rows:
                    yield rows
            return
        except FileNotFoundError as error:
            before, manifest = manifest, manifest_file.load()
            if manifest is before:
                raise Corrupt(f"The lake misses {error.filename}. Restore it from a backup.") from error
        except pa.ArrowInvalid as error:
            raise Corrupt(f"A file of the lake {folder} is damaged: {error} Restore it from a backup.") from error


def _by_window(folder: Path, manifest: Manifest, after: int) -> Iterator[tuple[int, list[tuple[int, Record]]]]:
    tables = {table.name: table for table in RECORD_TABLES}
    files = [file for file in manifest.files if file.table in tables and file.last > after]
    for start, stop in windows(files, after):
        rows: list[tuple[int, Record]] = []
        for file in files:
            if file.first <= stop and file.last > start:
                data = _part(folder / file.path, file, start, stop)
                rows += record_rows(tables[file.table], data, manifest.columns)
        yield stop, sorted(rows, key=itemgetter(0))


def windows(files: Sequence[LakeFile], after: int, rows: int = WINDOW_ROWS) -> Iterator[tuple[int, int]]:
    """Ranges (start, stop] of offsets that cover all files and hold about `rows` records each.

    Takes the records of a file as spread evenly between its ends; adds the files up along the log, and cuts the sum.

    >>> halves = [LakeFile("", "events", "", 100, 1, 1000, 0), LakeFile("", "events", "", 100, 1, 1000, 0)]
    >>> list(windows(halves, after=0, rows=100))
    [(0, 500), (500, 1000)]
    """
    if not files:
        return
    starts = np.array([file.first - 1 for file in files], dtype=np.int64)
    stops = np.array([file.last for file in files], dtype=np.int64)
    # Records per offset; files of several dates overlap, since each holds what a seal brought for its date.
    density = np.array([file.rows for file in files]) / (stops - starts)
    edges = np.unique(np.concatenate([starts, stops]))
    changes = np.zeros(len(edges))
    np.add.at(changes, np.searchsorted(edges, starts), density)
    np.add.at(changes, np.searchsorted(edges, stops), -density)
    total = np.concatenate([[0.0], np.cumsum(np.cumsum(changes)[:-1] * np.diff(edges))])
    cuts = np.interp(np.arange(rows, total[-1], rows), total, edges.astype(float)).astype(np.int64).tolist()
    # A set: where files hold many rows between few offsets, several cuts may fall on one.
    bounds = sorted({max(after, int(edges[0])), *(cut for cut in cuts if cut > after), int(edges[-1])})
    yield from pairwise(bounds)


def _part(path: Path, file: LakeFile, start: int, stop: int) -> pa.Table:
    """The rows in (start, stop]; a file that lies wholly within is read without looking at each."""
    if start < file.first and file.last <= stop:
        return pq.ParquetFile(path).read()
    return pq.read_table(path, partitioning=None, filters=[("log_offset", ">", start), ("log_offset", "<=", stop)])
