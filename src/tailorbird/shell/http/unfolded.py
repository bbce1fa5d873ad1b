"""What people said about consent in the part of the log that the state has not folded yet.

A decision may be asked for while the stream worker lags. What was clicked may count a moment later; a withdrawn
consent may not (law 7). So before a profile that is behind `after` is used, the records in between are read, each once
a process.
"""

from collections.abc import Iterable

import msgspec

from tailorbird.errors import TailorbirdError
from tailorbird.events import Event, decode_record
from tailorbird.know.fold import when
from tailorbird.know.profile import Consent
from tailorbird.know.traits import say
from tailorbird.shell.ports import Log

MOST_BYTES = 4_000_000  # behind that far we say that we do not know
_READ_BYTES = 256_000
_MOST_PEOPLE = 100_000

Said = dict[str, Consent]


class Unfolded:
    """Consents by hashed identifier, from the state's offset on."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._through = 0
        self._said: dict[bytes, Said] = {}

    def said(self, folded: int, through: int, hashes: Iterable[bytes]) -> Said | None:
        """What was said in (folded, through] under any of these identifiers; None if that cannot be known."""
        try:
            # A token of a log that was lost lies behind its end; nobody can read that far.
            through = min(through, self._log.end())
            # What is folded stands in the profile: to keep it here would only cost memory.
            if self._through < folded or len(self._said) > _MOST_PEOPLE:
                self._said.clear()
                self._through = folded
            if through - self._through > MOST_BYTES:
                return None
            self._read(through)
        except TailorbirdError:
            return None
        found: Said = {}
        # By the fold's own rule: of what was said under two identifiers of one person the later word holds.
        for key in hashes:
            for purpose, word in self._said.get(key, {}).items():
                say(found, purpose, word)
        return found

    def _read(self, through: int) -> None:
        while self._through < through:
            batch = self._log.read(self._through, _READ_BYTES)
            if batch.through == self._through:
                return
            for _, payload in batch.records:
                self._hear(payload)
            self._through = batch.through

    def _hear(self, payload: bytes) -> None:
        try:
            record = decode_record(payload)
        # Bytes that are no record are the fold's business to note (docs/why/035).
        except msgspec.DecodeError:
            return
        if not isinstance(record, Event):
            return
        for purpose, granted in record.consent.items():
            word = Consent(granted, when(record), record.source)
            for identifier in record.identifiers:
                say(self._said.setdefault(identifier.hash, {}), purpose, word)
