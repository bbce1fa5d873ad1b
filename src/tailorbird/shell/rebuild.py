"""The state again, from the lake and what the log still has behind it (law 3: replay is live)."""

from collections.abc import Callable

from tailorbird.errors import Corrupt
from tailorbird.events import encode_record
from tailorbird.shell.ports import Batch, Lake
from tailorbird.shell.run import Worker

Progress = Callable[[int, int], None]  # (offset so far, offset at the end)


def rebuild(worker: Worker, lake: Lake, progress: Progress = lambda offset, end: None) -> int:
    """Empty the worker's state and fold everything into it again; how many records were folded.

    The lake gives all that it has sealed, each record once; the log gives the rest. The state answers readers
    meanwhile with what it has so far. A crash leaves a part of it: start again.
    """
    worker.clear()
    count = from_lake(worker, lake, progress) + from_log(worker, progress)
    worker.finish()  # the last signals may still sweep over everyone
    return count


def from_lake(worker: Worker, lake: Lake, progress: Progress = lambda offset, end: None) -> int:
    """Fold what the lake has behind the worker's offset."""
    count, sealed = 0, lake.sealed()
    for records in lake.read(worker.offset):
        # Encoded again to take the one path that all events take; it costs a tenth of folding them.
        payloads = [(offset, encode_record(record)) for offset, record in records]
        worker.take(Batch(payloads, payloads[-1][0] if payloads else worker.offset))
        count += len(payloads)
        progress(worker.offset, sealed)
    # The last records before `sealed` were repeats, which the lake does not hold.
    if worker.offset < sealed:
        worker.take(Batch([], sealed))
    return count


def from_log(worker: Worker, progress: Progress = lambda offset, end: None) -> int:
    """Fold what stands in the log behind the worker's offset."""
    count, end = 0, worker.log.end()
    while worker.offset < end:
        before = worker.offset
        stepped = worker.turn(timeout_s=0.0)
        count += stepped.outcomes.total() if stepped else 0
        # Else a log that lost its end would be waited for without end.
        if worker.offset == before:
            raise Corrupt(f"The log ends at {end} but gives nothing behind {before}; `tailorbird doctor` looks closer.")
        progress(worker.offset, end)
    return count


def catch_up(worker: Worker, lake: Lake, progress: Progress = lambda offset, end: None) -> int:
    """What a worker does at its start: if the state lies behind what the log still has, take it from the lake.

    So it is after a power cut, when the state was thrown away, and after `rebuild` was interrupted.
    """
    return from_lake(worker, lake, progress) if worker.offset < lake.sealed() else 0
