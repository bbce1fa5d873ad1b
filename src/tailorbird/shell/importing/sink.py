"""Into the log as a web process would: accept, seal, append. Works beside a server, for the log has many writers."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tailorbird.collect.accept import accept
from tailorbird.collect.draft import Call, RejectedDraft
from tailorbird.collect.plan import TrackingPlan
from tailorbird.collect.seal import seal
from tailorbird.events import Leaf, encode_record
from tailorbird.shell.ports import Keys, Log

_KEYS_HELD = 200_000


class Sent(NamedTuple):
    """What became of one batch."""

    offset: int  # of the log behind it
    taken: int
    refused: list[tuple[int, RejectedDraft]]  # (index in the batch, why)


class LogSink:
    """Sends batches of calls; what is refused comes back instead of going into quarantine, for the file is at hand."""

    def __init__(
        self, log: Log, keys: Keys, plan: TrackingPlan, site_key: bytes, source: str, clock: Callable[[], int]
    ) -> None:
        self._log, self._keys, self._plan, self._site_key = log, keys, plan, site_key
        self._source, self._clock = source, clock
        self._held: dict[Leaf, bytes] = {}

    def end(self) -> int:
        return self._log.end()

    def send(self, calls: Sequence[bytes]) -> Sent:
        """Durable when it returns. Raises LogUnavailable with nothing of it kept."""
        body = b'{"batch":[' + b",".join(calls) + b"]}"
        accepted = accept("/v1/batch", body, Call(self._clock(), self._source), self._plan, self._site_key)
        refused = [(_index(draft.where), draft) for draft in accepted.rejected]
        if not accepted.drafts:
            return Sent(self._log.end(), 0, refused)
        keys = self._keys_of({draft.leaf for draft in accepted.drafts})
        offset = self._log.append([encode_record(seal(draft, keys[draft.leaf])) for draft in accepted.drafts])
        return Sent(offset, len(accepted.drafts), refused)

    def _keys_of(self, leaves: set[Leaf]) -> dict[Leaf, bytes]:
        missing = leaves - self._held.keys()
        if missing:
            if len(self._held) > _KEYS_HELD:
                self._held.clear()
                missing = leaves
            self._held |= self._keys.ensure(missing)
        return self._held


def _index(where: str) -> int:
    """The place in the batch of a refusal.

    >>> _index("batch[17].timestamp")
    17
    """
    return int(where.removeprefix("batch[").partition("]")[0])
