"""The stream process: folds the log into the state, and tells the log when time or definitions move people.
One a data folder.

python -m tailorbird.shell.processes.stream --data DIR
"""

import sys
import time
from collections.abc import Sequence

from tailorbird.consent.purpose import Policy
from tailorbird.errors import BadDefinition, TailorbirdError, Unavailable
from tailorbird.flow import Stepped
from tailorbird.shell.declared import policy_of
from tailorbird.shell.engines import Engines
from tailorbird.shell.native.native import native_of
from tailorbird.shell.ports import Definitions
from tailorbird.shell.processes.start import Process, begin
from tailorbird.shell.rebuild import catch_up
from tailorbird.shell.run import Worker, run
from tailorbird.shell.signalling import Signaller

_LOOK_EVERY_S = 0.25  # at the definitions: whoever applies a segment waits for this
_MEASURE_EVERY_S = 1.0
_ODD = {"unfolded", "unmoved", "foreign"}  # what no known record becomes (docs/why/035)


def main(argv: Sequence[str] | None = None) -> int:
    """Fold until SIGTERM; 1 if another process folds this folder already."""
    process = begin("stream", argv)
    engines = Engines(process.layout, writes_state=True)
    try:
        watch = _Watch(process, engines)
        worker = Worker(engines.log, engines.state, engines.keys, watch.policy(), engines.lake.sealed, _now)
        watch.worker = worker
        catch_up(worker, engines.lake)
    except Unavailable as error:
        process.logger.emit("worker_waits", detail=str(error))
        time.sleep(1)
        return 1  # the supervisor tries again
    process.logger.emit("started", offset=worker.offset)
    try:
        run(worker, watch.stopped, watch.stepped, watch.waits)
    finally:
        watch.close()  # whatever Python ends it with: a compiled program is none that it crashed with
    engines.close()
    process.metrics.write()
    process.logger.emit("stopped")
    return 0


def _now() -> int:
    return time.time_ns() // 1_000_000


class _Watch:
    """Looks after the worker between batches: the end, the consent policy and definitions in force, the metrics."""

    def __init__(self, process: Process, engines: Engines) -> None:
        self._process = process
        self._engines = engines
        self._definitions: Definitions = engines.definitions
        self._signaller = Signaller(engines.definitions, engines.log, engines.state, _now)
        self._version = -1
        self._look_at = self._measure_at = 0.0
        self._native = native_of(process.settings.stream.native, process.layout.native, self._told)
        self.worker: Worker | None = None

    def stopped(self) -> bool:
        """Whether to end; asked before each batch and at least twice a second."""
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + _LOOK_EVERY_S
            self._look()
            if self._native is not None and self.worker is not None:
                self._native.look(self.worker.fold.force.live)
        return self._process.stop.is_set()

    def close(self) -> None:
        if self._native is not None:
            self._native.close()

    def _told(self, event: str, detail: str) -> None:
        self._process.logger.emit(event, detail=detail)

    def stepped(self, stepped: Stepped) -> None:
        if self._native is not None:
            self._native.served(stepped.taken)
        for outcome, count in stepped.outcomes.items():
            self._process.metrics.add("tailorbird_records_folded", count, outcome)
        if stepped.moves:
            self._process.metrics.add("tailorbird_segment_moves", stepped.moves)
        for outcome in _ODD & stepped.outcomes.keys():
            self._process.logger.emit("not_counted", outcome=outcome, records=stepped.outcomes[outcome])

    def waits(self, cause: Unavailable) -> None:
        self._process.logger.emit("worker_waits", detail=str(cause))

    def policy(self) -> Policy:
        """The consent policy that the definitions declare; the built-in one if there is none."""
        return policy_of(self._definitions)

    def _look(self) -> None:
        worker = self.worker
        if worker is None:
            return
        try:
            self._obey(worker)
            if time.monotonic() >= self._measure_at:
                self._measure_at = time.monotonic() + _MEASURE_EVERY_S
                self._measure(worker)
        except TailorbirdError as error:
            self._process.logger.emit("worker_waits", detail=str(error))
        # Before, the state is of another day: definitions would be checked against events that are yet to be met.
        if worker.caught_up:
            self._signal(worker)

    def _obey(self, worker: Worker) -> None:
        """Go by the consent policy of the store's present version."""
        version = self._definitions.version()
        if version == self._version:
            return
        try:
            worker.fold.obey(self.policy())
        except BadDefinition as error:  # said once a version; the policy before stays in force
            self._process.logger.emit("definition_refused", kind="consent", detail=str(error))
        # Only now: where the store was busy the same version is tried again, or a stricter policy would be missed.
        self._version = version

    def _signal(self, worker: Worker) -> None:
        """Tell the log of definitions that changed."""
        try:
            if self._signaller.look(worker.fold.force.definitions.body):
                self._process.logger.emit("definitions_signalled")
        except Unavailable as error:
            self._process.logger.emit("worker_waits", detail=str(error))
        except TailorbirdError as error:
            self._process.logger.emit("definition_refused", kind="segment", detail=str(error))

    def _measure(self, worker: Worker) -> None:
        metrics = self._process.metrics
        metrics.set("tailorbird_lag_bytes", max(0, self._engines.log.end() - worker.offset))
        metrics.set("tailorbird_unsealed_bytes", max(0, worker.offset - self._engines.lake.sealed()))
        metrics.set("tailorbird_definitions_refused", int(bool(self._signaller.refused or worker.fold.force.refused)))
        metrics.write()


if __name__ == "__main__":
    sys.exit(main())
