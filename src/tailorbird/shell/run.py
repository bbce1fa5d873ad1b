"""The stream worker: one loop for every engine.

    read a batch -> step -> commit changes and offset together

Time comes into the log here: when somebody is due by the clock a tick is appended, and the fold moves whom it reaches.

A crash at any instant leaves the state as of the last commit, and the loop continues behind its offset. When log or
state are away the loop waits and tries again; what was in memory is thrown away with the batch that failed.
"""

import gc
import time
from collections.abc import Callable, Sequence
from itertools import islice

from tailorbird.collect.seal import open_sealed
from tailorbird.consent.purpose import Policy
from tailorbird.errors import Corrupt, Unavailable
from tailorbird.events import Event, Secret, Signal, encode_record
from tailorbird.flow import Fold, Stepped
from tailorbird.know.seen import forgettable
from tailorbird.know.tables import DROPPED, LINKS, MOVED, Writes, offset_key
from tailorbird.know.timers import earliest
from tailorbird.shell.ports import Batch, Keys, Log, State

# When it is behind, at once: about a second's work, for which it needs some 150 MB of memory. Who comes twice in it is
# decoded and encoded once, and neighbours share a page that is written once.
BATCH_BYTES = 48_000_000
PRUNE_EVERY_S = 2.0
PRUNE_KEYS = 20_000  # at once, so that no commit gets long
TICK_EVERY_S = 0.25
MOVES_KEPT = 1_000_000  # of everybody's stream; a person's own history stays
BACK_OFF_S = (0.05, 0.2, 0.5, 1.0, 2.0)


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
        self,
        log: Log,
        state: State,
        keys: Keys,
        policy: Policy,
        sealed: Callable[[], int] = lambda: 0,
        now: Callable[[], int] | None = None,  # ms; None: nobody tells the time, as in a replay
    ) -> None:
        self.log = log
        self.state = state
        self.sealed = sealed
        self.fold = Fold(unsealer(keys), policy)
        self.offset = state.offset()
        self.now = now
        self.more = self.offset > 0  # whether people wait, though nothing new comes; a first step will tell
        self.caught_up = False  # whether it ever came to the end of the log: before, the state is of another day
        self._day = 0
        self._pruned_at = 0.0
        self._tick_at = 0.0

    def turn(self, timeout_s: float = 0.5) -> Stepped | None:
        """One batch folded and committed; None if nothing came within `timeout_s`."""
        self.prune()
        batch = self.log.read(self.offset, BATCH_BYTES)
        # Within a batch of the end, not at it: where something new comes all the time nobody ever is.
        self.caught_up = self.caught_up or self.log.end() - batch.through < BATCH_BYTES
        if batch.through == self.offset and not self.more:
            if not self.log.wait(self.offset, self.tick(timeout_s)):
                return None
            batch = self.log.read(self.offset, BATCH_BYTES)
        elif self.caught_up:
            self.tick(timeout_s)  # time passes as well where there is always something new
        return self.take(batch)

    def take(self, batch: Batch) -> Stepped:
        """Fold and commit a batch, in as many steps as its signals need. What raises was not committed."""
        stepped = self._step(batch.records, batch.through)
        taken, outcomes, moves = stepped.taken, stepped.outcomes, stepped.moves
        while taken < len(batch.records):
            stepped = self._step(batch.records[taken:], batch.through)
            taken, outcomes, moves = taken + stepped.taken, outcomes + stepped.outcomes, moves + stepped.moves
        return stepped._replace(taken=taken, outcomes=outcomes, moves=moves)

    def finish(self) -> None:
        """Work until nobody waits any more, though nothing new comes."""
        while self.more:
            self.take(Batch([], self.offset))

    def tick(self, timeout_s: float) -> float:
        """Append a tick if somebody is due by the clock; how long to wait for news at most."""
        if self.now is None or not self.fold.force.works:
            return timeout_s
        with self.state.snapshot() as snapshot:
            due = earliest(snapshot)
        now, wait_s = self.now(), self._tick_at - time.monotonic()
        if due is None or due > now:
            return timeout_s if due is None else min(timeout_s, (due - now) / 1000)
        if wait_s > 0:
            return min(timeout_s, wait_s)
        self._tick_at = time.monotonic() + TICK_EVERY_S
        self.log.append([encode_record(Signal("tick", now, 0))])
        return timeout_s

    def _step(self, records: Sequence[tuple[int, bytes]], through: int) -> Stepped:
        try:
            with self.state.snapshot() as snapshot:
                stepped = self.fold.step(snapshot, records)
            if stepped.taken < len(records):
                through = records[stepped.taken - 1][0] if stepped.taken else self.offset
            self.state.commit(stepped.changes, through)
        # Also for an interrupt between step and commit: memory is ahead of the store then.
        except BaseException:
            self.fold.forget()
            raise
        self.offset, self.more = through, stepped.more
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
        """Drop what only the lake needed and now has, and moves that everybody had time to read."""
        now = time.monotonic() if now is None else now
        # Asking the lake means reading its manifest: every turn would be too often.
        if now - self._pruned_at < PRUNE_EVERY_S:
            return
        self._pruned_at = now
        sealed = offset_key(self.sealed() + 1)
        oldest = offset_key(max(0, self.fold.force.emitted - MOVES_KEPT + 1))
        changes: Writes = {}
        with self.state.snapshot() as snapshot:
            for table, stop in ((DROPPED, sealed), (LINKS, sealed), (MOVED, oldest)):
                changes[table] = {key: None for key, _ in islice(snapshot.scan(table, b"", stop), PRUNE_KEYS)}
        if any(changes.values()):
            self.state.commit(changes, self.offset)


def run(
    worker: Worker,
    stopped: Callable[[], bool],
    each: Callable[[Stepped], None] = lambda stepped: None,
    waits: Callable[[Unavailable], None] = lambda cause: None,
) -> None:
    """Turn until `stopped()`; `each` hears of every batch. Waits out what is unavailable, of which `waits` hears."""
    tune_memory()
    failures = 0
    while not stopped():
        try:
            stepped = worker.turn()
            failures = 0
            if stepped is not None:
                each(stepped)
        except Unavailable as cause:
            waits(cause)
            # Short at first, because a store that is locked is free again soon; a full disk stays full.
            time.sleep(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])
            failures += 1


def tune_memory() -> None:
    """Keep the collector off what lives long: a worker's objects are mostly trees of plain data."""
    # What was imported lives to the end: frozen, no collection walks through it again.
    gc.collect()
    gc.freeze()
    # So many that most batches see no collection: what they make dies with them, and none of it lies in a circle.
    gc.set_threshold(500_000, 20, 100)
