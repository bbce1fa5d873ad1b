"""The report of rows that were not taken: one CSV line each, with what to do; nothing personal in it."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from tailorbird.shell.importing.row import Problem

_HEAD = ("line", "reason", "where", "what_to_do")


class Report:
    """Append-only; on resume it is cut to where the ledger stood, so that no row is reported twice."""

    def __init__(self, path: Path, size: int) -> None:
        self.path = path
        self.size = size
        if path.exists() and path.stat().st_size > size:
            # What stands behind the ledger's size belongs to rows that are looked at again.
            with path.open("r+b") as file:
                file.truncate(size)

    def add(self, problems: Sequence[Problem]) -> None:
        """Write these; the file comes to be with the first."""
        if not problems:
            return
        text = io.StringIO()
        writer = csv.writer(text)
        if self.size == 0:
            writer.writerow(_HEAD)
        writer.writerows(problems)
        data = text.getvalue().encode()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(data)
        self.size += len(data)
