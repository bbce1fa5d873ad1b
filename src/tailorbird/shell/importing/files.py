"""Opening a file of rows: which format it is, and one stream of `Row` for each."""

import gzip
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from tailorbird.errors import BadRequest
from tailorbird.shell.importing.row import Row

_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
_BOM = b"\xef\xbb\xbf"

FORMATS = ("jsonl", "csv", "parquet")
_ENDINGS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}


class RowFile:
    """A file that gives rows. `done()` says how much of it was read, from 0 to 1, for a progress bar."""

    def __init__(self, path: Path, format: str | None = None) -> None:
        self.path = path
        self.format = format or guess_format(path)
        self._fraction: Callable[[], float] = lambda: 0.0

    def rows(self, after_row: int = 0, after: int = 0) -> Iterator[Row]:
        """All rows behind row number `after_row`, whose `end` was `after`; raises BadRequest for another format."""
        read = {"jsonl": self._jsonl, "csv": self._csv, "parquet": self._parquet}[self.format]
        return read(after_row, after)

    def done(self) -> float:
        return min(self._fraction(), 1.0)

    def _open(self) -> tuple[IO[bytes], bool]:
        """The unpacked bytes, and whether they were packed; progress counts the bytes on disk either way."""
        # Progress is told by the position in the file on disk: what is in there unpacked, nobody knows beforehand.
        raw = self.path.open("rb")
        size = max(self.path.stat().st_size, 1)
        self._fraction = lambda: 0.0 if raw.closed else raw.tell() / size
        # By its first bytes: what a file is called says little about how it was packed.
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        return (io.BufferedReader(gzip.GzipFile(fileobj=raw), 1 << 20) if packed else raw), packed

    def _jsonl(self, after_row: int, after: int) -> Iterator[Row]:
        stream, packed = self._open()
        with stream:
            # What is packed has no middle to start from.
            first, end = (1, 0) if packed else (after_row + 1, after)
            stream.seek(end)
            for number, line in enumerate(_lines(self.path, stream), first):
                end += len(line)
                if number > after_row and not line.isspace():
                    yield Row(number, number, line.removeprefix(_BOM) if number == 1 else line, end)

    def _csv(self, after_row: int, after: int) -> Iterator[Row]:
        import csv

        stream, _ = self._open()
        with stream, io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="") as text:
            # The default of 128 kB is less than a long text or a large JSON cell.
            csv.field_size_limit(1 << 24)
            reader = csv.reader(text, _dialect(self.path, text))
            names = next(reader, None)
            if names is None or len(set(names)) != len(names):
                raise BadRequest(f"{self.path.name}: the first line must name the columns, each once; it has {names}.")
            for number, cells in enumerate(_records(self.path, reader), 1):
                if number > after_row and cells:
                    yield Row(number, reader.line_num, _record(names, cells), number)

    def _parquet(self, after_row: int, after: int) -> Iterator[Row]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            file = pq.ParquetFile(self.path)
        except (pa.ArrowInvalid, OSError) as error:
            raise BadRequest(f"{self.path.name} is not a Parquet file that can be read: {error}") from None
        total, read = max(file.metadata.num_rows, 1), 0
        self._fraction = lambda: read / total
        with file:
            for batch in file.iter_batches(4096):
                first, read = read + 1, read + batch.num_rows
                # What lies before the ledger's row is skipped a batch at a time, without making Python objects of it.
                values = batch.to_pylist() if read > after_row else []
                for number, value in enumerate(values, first):
                    if number > after_row:
                        yield Row(number, number, value, number)


def guess_format(path: Path) -> str:
    """The format by the first bytes and the ending; raises BadRequest if neither says it.

    >>> guess_format(Path("orders.jsonl.gz"))
    'jsonl'
    """
    if path.is_file():
        with path.open("rb") as file:
            if file.read(4) == _PARQUET:
                return "parquet"
    endings = [ending for ending in path.suffixes if ending != ".gz"]
    if not endings or endings[-1].lower() not in _ENDINGS:
        known = ", ".join(FORMATS)
        raise BadRequest(f"{path.name}: the ending does not say what is in the file. Say it with --format ({known}).")
    return _ENDINGS[endings[-1].lower()]


def _lines(path: Path, stream: IO[bytes]) -> Iterator[bytes]:
    try:
        yield from stream
    except (EOFError, OSError) as error:
        raise BadRequest(f"{path.name} is packed with gzip and broken: {error}. Pack it again.") from None


def _records(path: Path, reader: Iterator[list[str]]) -> Iterator[list[str]]:
    import csv

    try:
        yield from reader
    except (csv.Error, EOFError, OSError) as error:
        raise BadRequest(f"{path.name} cannot be read as CSV: {error}.") from None


def _dialect(path: Path, text: io.TextIOWrapper) -> str:
    return "excel-tab" if ".tsv" in path.suffixes else "excel"


def _record(names: list[str], cells: list[str]) -> dict[str, str]:
    """By column; a cell without a column is kept under None's place, so that the row is refused and not shortened."""
    record = {name: cell for name, cell in zip(names, cells, strict=False) if cell != ""}
    if len(cells) > len(names):
        record[""] = f"{len(cells)} cells for {len(names)} columns"
    return record
