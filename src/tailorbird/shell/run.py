"""The stream worker: one loop for every engine.

    read a batch -> step -> commit changes and offset together

A crash at any instant leaves the state as of the last commit, and the loop continues behind its offset. When log or
state are away the loop waits and tries again; what was in memory is thrown away with the batch that failed.
"""

import gc
import logging
import time
from collections.abc import Callable
from itertools import islice

from tailorbird.collect.seal import open_sealed
from tailorbird.consent.purpose import Policy
from tailorbird.errors import Corrupt, Unavailable
from tailorbird.events import Event, Secret
from tailorbird.flow import Fold, Stepped
from tailorbird.know.seen import forgettable
from tailorbird.know.tables import DROPPED, LINKS, Writes, offset_key
from tailorbird.shell.ports import Batch, Keys, Log, State

BATCH_BYTES = 8_000_000
PRUNE_EVERY_S = 2.0
PRUNE_KEYS = 20_000  # at once, so that no commit gets long
BACK_OFF_S = (0.05, 0.2, 0.5, 1.0, 2.0)

logger = logging.getLogger(__name__)


def unsealer(keys: Keys) -> Callable[[Event], Secret | None]:
    """Opens an event's sealed part, or gives None once its key is destroyed."""
    return lambda event: opened(keys, event)


def opened(keys: Keys, event: Event) -> Secret | None:
    """The sealed part of an event; None where its key is destroyed, or replaced because the person came back."""
    key = keys.get(event.leaf)
    if key is None:
        return None
    try:
        return open_sealed(key, event.leaf, event.sealed)
    except Corrupt:
        return None


class Worker:
    """Folds a log into a state. `sealed` says how far the lake is, so that what only the lake needs can go."""

    def __init__(
        self, log: Log, state: State, keys: Keys, policy: Policy, sealed: Callable[[], int] = lambda: 0
    ) -> None:
        self.log = log
        self.state = state
        self.sealed = sealed
        self.fold = Fold(unsealer(keys), policy)
        self.offset = state.offset()
        self._day = 0
        self._pruned_at = 0.0

    def turn(self, timeout_s: float = 0.5) -> Stepped | None:
        """One batch folded and committed; None if nothing came within `timeout_s`."""
        self.prune()
        batch = self.log.read(self.offset, BATCH_BYTES)
        if batch.through == self.offset:
            if not self.log.wait(self.offset, timeout_s):
                return None
            batch = self.log.read(self.offset, BATCH_BYTES)
        return self.take(batch)

    def take(self, batch: Batch) -> Stepped:
        """Fold and commit a batch. If it raises, nothing has happened."""
        try:
            with self.state.snapshot() as snapshot:
                stepped = self.fold.step(snapshot, batch.records)
            self.state.commit(stepped.changes, batch.through)
        # Also for an interrupt between step and commit: memory is ahead of the store then.
        except BaseException:
            self.fold.forget()
            raise
        self.offset = batch.through
        self._next_day(stepped.day)
        return stepped

    def clear(self) -> None:
        """Forget everything: the next batch starts at offset 0."""
        self.state.clear()
        self.fold.forget()
        self.offset = self._day = 0

    def _next_day(self, day: int) -> None:
        if day > self._day:
            self._day = day
            self.state.clear(forgettable(day))

    def prune(self, now: float | None = None) -> None:
        """Drop what only the lake needed and now has."""
        now = time.monotonic() if now is None else now
        # Asking the lake means reading its manifest: every turn would be too often.
        if now - self._pruned_at < PRUNE_EVERY_S:
            return
        self._pruned_at = now
        stop = offset_key(self.sealed() + 1)
        with self.state.snapshot() as snapshot:
            changes: Writes = {table: {} for table in (DROPPED, LINKS)}
            for table, gone in changes.items():
                gone.update((key, None) for key, _ in islice(snapshot.scan(table, b"", stop), PRUNE_KEYS))
        if any(changes.values()):
            self.state.commit(changes, self.offset)


def run(worker: Worker, stopped: Callable[[], bool], each: Callable[[Stepped], None] = lambda stepped: None) -> None:
    """Turn until `stopped()`; `each` hears of every batch. Waits out what is unavailable."""
    tune_memory()
    failures = 0
    while not stopped():
        try:
            stepped = worker.turn()
            failures = 0
            if stepped is not None:
                each(stepped)
                _complain(stepped)
        except Unavailable as cause:
            logger.warning("the stream waits: %s", cause)
            # Short at first, because a store that is locked is free again soon; a full disk stays full.
            time.sleep(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])
            failures += 1


def _complain(stepped: Stepped) -> None:
    for outcome in ("unfolded", "foreign"):
        if stepped.outcomes[outcome]:
            logger.error("%d records were %s: kept where they are, but not counted", stepped.outcomes[outcome], outcome)


def tune_memory() -> None:
    """Keep the collector off what lives long: a worker's objects are mostly trees of plain data."""
    # What was imported lives to the end: frozen, no collection walks through it again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
