"""What a file gives, row by row."""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """One row. `end` is where to continue behind it (bytes of a plain JSONL file, else rows)."""

    number: int  # 1 is the first record of the file
    line: int  # where a person finds it: the line in an editor; the row's number in Parquet
    value: bytes | dict[str, Any]  # JSON as it stands in a JSONL file; fields by column otherwise
    end: int


class Problem(NamedTuple):
    """Why a row was not taken, as the report says it."""

    line: int
    reason: str  # a stable code: "json", "identifier", "timestamp" ...
    where: str
    detail: str  # what to do
