"""The batch process: seals the log into the lake, joins small files, trains. One a data folder.

    python -m tailorbird.shell.processes.batch --data DIR

Whoever wants a training now makes the file DIR/run/train: it is done at the next turn.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence

from tailorbird.errors import TailorbirdError
from tailorbird.shell.children import die_with_parent
from tailorbird.shell.engines import Engines
from tailorbird.shell.processes.start import Process, begin
from tailorbird.shell.sealing import seal_once

_LOOK_EVERY_S = 0.5
_HOUR_S = 3600.0


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
        self._train_at = now + self._settings.train_every_h * _HOUR_S
        self._training: subprocess.Popen[bytes] | None = None

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
        self._end_training()
        if self._training_is_due(now):
            self._train_at = now + settings.train_every_h * _HOUR_S
            self._start_training()

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

    def _training_is_due(self, now: float) -> bool:
        wanted = self._process.layout.run / "train"
        if self._training is not None:
            return False
        if wanted.exists():
            wanted.unlink(missing_ok=True)
            return True
        return self._settings.train_every_h > 0 and now >= self._train_at

    def _start_training(self) -> None:
        # A process of its own: its memory goes back, and a crash in it harms nothing here.
        command = [sys.executable, "-m", "tailorbird.shell.training", "--data", str(self._process.layout.root)]
        self._training = subprocess.Popen(  # noqa: S603  # our own module
            command, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent(os.getpid())
        )

    def _end_training(self) -> None:
        if self._training is None or (code := self._training.poll()) is None:
            return
        self._training = None
        if code:
            self._process.logger.emit("training_failed", detail=f"the training process ended with {code}")
        else:
            self._process.logger.emit("trained")

    def _try(self, failed: str, task: object) -> None:
        try:
            task()  # type: ignore[operator]
        except (TailorbirdError, OSError) as error:
            self._process.logger.emit(failed, detail=f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    sys.exit(main())
