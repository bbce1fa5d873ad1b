"""From what was accepted to what is on disk: seal each record under its leaf's key, then one group commit."""

import os
import time
from collections.abc import Sequence

from tailorbird.collect.draft import Accepted
from tailorbird.collect.seal import seal_all, seal_rejected
from tailorbird.errors import LogUnavailable, Unavailable
from tailorbird.events import Leaf, encode_record
from tailorbird.shell.group_commit import GroupCommit
from tailorbird.shell.logs import Logger
from tailorbird.shell.metrics import Metrics
from tailorbird.shell.ports import Keys, Log

_KEYS_HELD = 200_000


class Ingest:
    """The one way into the log for a web process."""

    def __init__(self, log: Log, keys: Keys, metrics: Metrics, logger: Logger, max_waiting: int) -> None:
        self._log = log
        self._metrics = metrics
        self._logger = logger
        self._held: dict[Leaf, bytes] = {}
        self.failure: LogUnavailable | None = None  # the last write's
        self._ensure = GroupCommit(keys.ensure, name="keys")
        self._commit = GroupCommit(self._append, name="log", max_waiting=max_waiting)

    async def store(self, accepted: Accepted) -> int:
        """Write all of it durably; an offset at or behind its last record. Raises LogUnavailable: nothing is kept."""
        return await self.write(await self.seal(accepted))

    async def seal(self, accepted: Accepted) -> list[bytes]:
        """The records of a call as they will stand in the log. Raises LogUnavailable where a key cannot be made."""
        drafts, rejected = accepted.drafts, accepted.rejected
        keys = self._held
        # Mostly nobody is new: then nothing here waits, and the call goes straight on.
        missing = [leaf for leaf in _leaves(accepted) if leaf not in keys]
        if missing:
            keys = await self._with_keys_of(missing, accepted)
        payloads = [encode_record(event) for event in seal_all(drafts, keys, os.urandom)]
        payloads += [encode_record(seal_rejected(draft, keys[draft.leaf])) for draft in rejected]
        return payloads

    async def write(self, payloads: Sequence[bytes]) -> int:
        """Write these records durably, as `store` does."""
        return await self._commit.add(payloads, sum(map(len, payloads))) if payloads else self._log.end()

    def log_decisions(self, decided: Sequence[bytes]) -> None:
        """Write these records into the log, where they survive any killed process; what the log refuses is counted.

        Here and at once: nobody was promised the disk, and handing Python's lock to a thread and back for each step
        of a write costs a decision more than its share of the write (docs/why/059-decisions-are-written-at-once.md).
        """
        if not decided:
            return
        try:
            self._log.append(decided, durable=False)
        except Unavailable:
            self._metrics.add("tailorbird_decisions_unlogged", len(decided))

    def let_go_of_keys(self) -> None:
        """Ask the store for every key again; the web process calls it every `KEYS_HELD_S`, also where nobody calls."""
        self._held = {}  # calls that wait have taken theirs

    async def close(self) -> None:
        """Write what is under way."""
        await self._ensure.close()
        await self._commit.close()

    async def _with_keys_of(self, missing: list[Leaf], accepted: Accepted) -> dict[Leaf, bytes]:
        # Now: while this call waits for its new keys, another one may let go of all that it does not need itself.
        keys = {leaf: self._held[leaf] for leaf in _leaves(accepted) if leaf in self._held}
        try:
            # Each once: the events of a batch are mostly one person's.
            fresh = await self._ensure.add(list(dict.fromkeys(missing)))
        except Unavailable as error:
            failure = LogUnavailable(f"Nothing can be sealed: {error}")
            self._failed(failure)
            raise failure from None
        if len(self._held) > _KEYS_HELD:
            self.let_go_of_keys()
        self._held.update(fresh)
        return keys | fresh

    def _append(self, payloads: list[bytes]) -> int:
        started = time.perf_counter()
        try:
            offset = self._log.append(payloads)
        except LogUnavailable as error:
            self._failed(error)
            raise
        self._metrics.add("tailorbird_log_appends")
        self._metrics.took("tailorbird_log_append_seconds", time.perf_counter() - started)
        if self.failure is not None:
            self.failure = None
            self._logger.emit("log_available")
        return offset

    def _failed(self, error: LogUnavailable) -> None:
        self._metrics.add("tailorbird_log_failures")
        if self.failure is None:  # once, not for every call while it lasts
            self._logger.emit("log_unavailable", detail=str(error))
        self.failure = error


def _leaves(accepted: Accepted) -> list[Leaf]:
    return [draft.leaf for draft in accepted.drafts] + [draft.leaf for draft in accepted.rejected]
