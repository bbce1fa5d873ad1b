"""The batch process: seals the log into the lake, joins small files, trains. One a data folder.

    python -m tailorbird.shell.processes.batch --data DIR

Whoever wants a training now makes the file DIR/run/train, for the clusters DIR/run/clusters, for
predictions DIR/run/predictions: it is done next.
"""

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from tailorbird.errors import TailorbirdError
from tailorbird.shell.config import Batch as Settings
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.processes.job import Job
from tailorbird.shell.processes.start import Process, begin
from tailorbird.shell.sealing import seal_once

_LOOK_EVERY_S = 0.5
_HOUR_S, _SOON_S = 3600.0, 30.0


def main(argv: Sequence[str] | None = None) -> int:
    """Work until SIGTERM."""
    process = begin("batch", argv)
    engines = Engines(process.layout)
    batch = Batch(process, engines)
    process.logger.emit("started")
    while not process.stop.wait(_LOOK_EVERY_S):
        batch.turn(time.monotonic())
    batch.seal()
    engines.close()
    process.metrics.write()
    process.logger.emit("stopped")
    return 0


class Batch:
    """What is due when, and doing it. A task that fails is logged and tried again at its next turn."""

    def __init__(self, process: Process, engines: Engines) -> None:
        self._process = process
        self._engines = engines
        self._settings = process.settings.batch
        now = time.monotonic()
        self._seal_at = self._write_at = now
        self._compact_at = now + self._settings.compact_every_s
        self._jobs = _jobs(process.layout, self._settings, now)

    def turn(self, now: float) -> None:
        """Do what is due."""
        settings = self._settings
        if now >= self._seal_at or self._unsealed_bytes() >= settings.seal_bytes:
            self._seal_at = now + settings.seal_every_s
            self.seal()
        if now >= self._compact_at:
            self._compact_at = now + settings.compact_every_s
            self._try("seal_failed", self._compact)
        if now >= self._write_at:
            self._write_at = now + 1
            self._process.metrics.write()
        for job in self._jobs:
            job.turn(now, self._process.logger)

    def seal(self) -> None:
        """Seal all that the state has folded, a piece at a time."""
        self._try("seal_failed", self._seal)

    def _seal(self) -> None:
        engines = self._engines
        # In pieces: one of them fits into memory, and what is sealed stays sealed if the next fails.
        while engines.state.offset() > engines.lake.sealed():
            count = seal_once(engines.log, engines.state, engines.lake, self._settings.seal_bytes)
            self._process.logger.emit("sealed", records=count, through=engines.lake.sealed())

    def _compact(self) -> None:
        if count := self._engines.lake.compact():
            self._process.logger.emit("compacted", files=count)

    def _unsealed_bytes(self) -> int:
        try:
            return self._engines.state.offset() - self._engines.lake.sealed()
        except TailorbirdError:
            return 0

    def _try(self, failed: str, task: Callable[[], None]) -> None:
        try:
            task()
        except (TailorbirdError, OSError) as error:
            self._process.logger.emit(failed, detail=f"{type(error).__name__}: {error}")


def _jobs(layout: Layout, settings: Settings, now: float) -> list[Job]:
    """What runs in a process of its own, and how often in hours; never by itself where that is 0."""
    home = "tailorbird.shell"
    asked = 0  # only when a person asks, or the watch does
    looks = 1 if settings.train_every_h or settings.train_on_change or settings.refit_every_h else 0
    # The watch and the baseline look every hour whether anything is due, and first soon after the start: what fell
    # due while nothing ran need not wait another hour.
    soon = now - _HOUR_S + _SOON_S
    trained, watched = ("trained", "training_failed"), ("watched", "watching_failed")
    clustered, predicted = ("clustered", "clustering_failed"), ("predicted", "predicting_failed")
    weighed = ("weighed", "weighing_failed")
    job = partial(Job, layout=layout, nice=settings.job_nice)
    return [
        job("train", f"{home}.training", trained, asked, now),
        job("refit", f"{home}.training", trained, asked, now, more=("--refit",)),
        job("watch", f"{home}.training.watching", watched, looks, soon),
        job("clusters", f"{home}.clustering.nightly", clustered, settings.cluster_every_h, now),
        job("predictions", f"{home}.predicting.nightly", predicted, settings.predict_every_h, now),
        job("baseline", f"{home}.weighing", weighed, 1, soon),
    ]


if __name__ == "__main__":
    sys.exit(main())
