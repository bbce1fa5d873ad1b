"""The batch process: seals the log into the lake, joins small files, trains. One a data folder.

    python -m tailorbird.shell.processes.batch --data DIR

Whoever wants a training now makes the file DIR/run/train, for the clusters DIR/run/clusters, for
predictions DIR/run/predictions: it is done next.
"""

import sys
import time
from collections.abc import Sequence

from tailorbird.errors import TailorbirdError
from tailorbird.shell.engines import Engines
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
        self._jobs = [
            Job(
                "train",
                "tailorbird.shell.training",
                ("trained", "training_failed"),
                process.layout,
                0,  # only when asked: by a person, or by the watch
                now,
            ),
            Job(
                "refit",
                "tailorbird.shell.training",
                ("trained", "training_failed"),
                process.layout,
                0,
                now,
                ("--refit",),
            ),
            # It looks every hour whether a training is due, first soon after the start.
            Job(
                "watch",
                "tailorbird.shell.training.watching",
                ("watched", "watching_failed"),
                process.layout,
                1 if self._settings.train_every_h else 0,
                now - _HOUR_S + _SOON_S,
            ),
            Job(
                "clusters",
                "tailorbird.shell.clustering.nightly",
                ("clustered", "clustering_failed"),
                process.layout,
                self._settings.cluster_every_h,
                now,
            ),
            Job(
                "predictions",
                "tailorbird.shell.predicting.nightly",
                ("predicted", "predicting_failed"),
                process.layout,
                self._settings.predict_every_h,
                now,
            ),
            # It looks every hour, first soon after the start, and weighs once a day.
            Job(
                "baseline",
                "tailorbird.shell.weighing",
                ("weighed", "weighing_failed"),
                process.layout,
                1,
                now - _HOUR_S + _SOON_S,
            ),
        ]

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

    def _try(self, failed: str, task: object) -> None:
        try:
            task()  # type: ignore[operator]
        except (TailorbirdError, OSError) as error:
            self._process.logger.emit(failed, detail=f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    sys.exit(main())
