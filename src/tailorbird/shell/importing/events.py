"""Importing events: rows in, batches through accept into the log, a ledger that survives kill -9."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tailorbird.shell.importing.event_row import EventShape
from tailorbird.shell.importing.files import RowFile
from tailorbird.shell.importing.ledger import Ledger
from tailorbird.shell.importing.report import Report
from tailorbird.shell.importing.row import Problem, Row
from tailorbird.shell.importing.sink import LogSink

BATCH_ROWS = 1_000
BATCH_BYTES = 400_000  # below the 500 KB of a call
SAVE_EVERY_S = 1.0

Tell = Callable[[Ledger, float], None]  # (how far it came, the part of the file that is read)


class _Batch:
    """Rows on their way. `rows` run parallel to `calls`; `last` is the row up to which everything is decided."""

    def __init__(self) -> None:
        self.calls: list[bytes] = []
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self.size = 0
        self.repeats = 0
        self.last: Row | None = None

    def full(self) -> bool:
        return len(self.calls) + len(self.problems) >= BATCH_ROWS or self.size >= BATCH_BYTES


class Importing(NamedTuple):
    """One import of events, ready to run."""

    file: RowFile
    shape: EventShape
    ledger: Ledger
    sink: LogSink
    folder: Path

    def run(self, already: set[str], tell: Tell) -> Ledger:
        """Send every row behind the ledger, except the messageIds that are in the log `already`. The finished ledger.

        Raises LogUnavailable; the ledger then stands at what is done, and the next import goes on from there.
        """
        report = Report(report_path(self.folder, self.ledger), self.ledger.report_bytes)
        saved_at = 0.0
        for batch in self._batches(already):
            self._send(batch, report)
            # Not with each batch: a saved ledger is two syncs, and what it does not know yet `resume` finds in the log.
            if time.monotonic() - saved_at > SAVE_EVERY_S:
                self.ledger.save(self.folder)
                saved_at = time.monotonic()
            tell(self.ledger, self.file.done())
        self.ledger.finished = True
        self.ledger.save(self.folder)
        return self.ledger

    def _batches(self, already: set[str]) -> Iterator[_Batch]:
        batch = _Batch()
        for row in self.file.rows(self.ledger.rows, self.ledger.position):
            call = self.shape.call(row)
            batch.last = row
            if isinstance(call, Problem):
                batch.problems.append(call)
            elif call[0] in already:  # the run before was killed between the append and the note of it
                # A second row with this id is the file's own repeat, and the fold's to drop.
                already.discard(call[0])
                batch.repeats += 1
            else:
                batch.calls.append(call[1])
                batch.rows.append(row)
                batch.size += len(call[1]) + 1
            if batch.full():
                yield batch
                batch = _Batch()
        if batch.last is not None:
            yield batch

    def _send(self, batch: _Batch, report: Report) -> None:
        assert batch.last is not None
        ledger = self.ledger
        if batch.calls:
            sent = self.sink.send(batch.calls)
            ledger.offset = sent.offset
            ledger.taken += sent.taken
            for index, draft in sent.refused:
                where = draft.where.partition("].")[2]
                batch.problems.append(Problem(batch.rows[index].line, draft.reason, where, draft.detail))
        ledger.taken += batch.repeats
        report.add(sorted(batch.problems))
        ledger.refused += len(batch.problems)
        ledger.report_bytes = report.size
        # Last, when everything above is on its way: a ledger must never say more than what was done.
        ledger.rows, ledger.position = batch.last.number, batch.last.end


def report_path(folder: Path, ledger: Ledger) -> Path:
    """Where the rows that were not taken are listed."""
    return folder / f"{Path(ledger.path).name}.{ledger.file_id[:6]}.rejected.csv"
