"""Into the log as a web process would: accept, seal, append. Works beside a server, for the log has many writers."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tailorbird.collect.accept import accept
from tailorbird.collect.draft import Accepted, Call, RejectedDraft
from tailorbird.collect.plan import BUILT_IN_PLAN, TrackingPlan
from tailorbird.collect.seal import let_go_of_keys, seal
from tailorbird.events import Leaf, encode_record
from tailorbird.shell.ports import KEYS_HELD_S, Definitions, Keys, Log

_KEYS_HELD = 200_000


class Sent(NamedTuple):
    """What became of one batch."""

    offset: int  # of the log behind it
    taken: int
    refused: list[tuple[int, RejectedDraft]]  # (index in the batch, why)


def plan_of(definitions: Definitions) -> TrackingPlan:
    """The tracking plan in force."""
    found = definitions.all("plan")
    return TrackingPlan.load(found[0].body, found[0].version) if found else BUILT_IN_PLAN


class LogSink:
    """Sends batches of calls; what is refused comes back instead of going into quarantine, for the file is at hand."""

    def __init__(
        self, log: Log, keys: Keys, plan: TrackingPlan, site_key: bytes, source: str, clock: Callable[[], int]
    ) -> None:
        self._log, self._keys, self.plan, self._site_key = log, keys, plan, site_key
        self._source, self._clock = source, clock
        self._held: dict[Leaf, bytes] = {}
        self._held_since = time.monotonic()

    def end(self) -> int:
        return self._log.end()

    def send(self, calls: Sequence[bytes]) -> Sent:
        """One batch of calls; durable when it returns. Raises LogUnavailable with nothing of it kept."""
        body = b'{"batch":[' + b",".join(calls) + b"]}"
        return self.put("/v1/batch", body, Call(self._clock(), self._source, may_derive=True))

    def put(self, path: str, body: bytes, call: Call) -> Sent:
        """One HTTP call's body, as if it had been posted to `path`."""
        return self.store(accept(path, body, call, self.plan, self._site_key))

    def store(self, accepted: Accepted) -> Sent:
        """What was accepted, sealed and durable when it returns."""
        refused = [(_index(draft.where), draft) for draft in accepted.rejected]
        if not accepted.drafts:
            return Sent(self._log.end(), 0, refused)
        keys = self._keys_of({draft.leaf for draft in accepted.drafts})
        offset = self._log.append([encode_record(seal(draft, keys[draft.leaf])) for draft in accepted.drafts])
        return Sent(offset, len(accepted.drafts), refused)

    def _keys_of(self, leaves: set[Leaf]) -> dict[Leaf, bytes]:
        if len(self._held) > _KEYS_HELD or time.monotonic() - self._held_since > KEYS_HELD_S:
            self._held_since = time.monotonic()
            self._held.clear()
            let_go_of_keys()
        missing = [leaf for leaf in leaves if leaf not in self._held]
        if missing:
            self._held |= self._keys.ensure(missing)
        return self._held


def _index(where: str) -> int:
    """The place in the batch of a refusal; a call that is no batch has one place.

    >>> _index("batch[17].timestamp"), _index("timestamp")
    (17, 0)
    """
    return int(where.removeprefix("batch[").partition("]")[0]) if where.startswith("batch[") else 0
