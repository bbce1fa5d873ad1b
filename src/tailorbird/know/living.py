"""The profiles at hand: fetched once a batch, opened, folded and closed again person by person.

Events are put down for their person first. At the end each person's profile is decoded, takes all its events and is
encoded while it is still in the processor's cache. Profiles that were used lately stay at hand in their encoded form:
a thousand small objects per person, kept decoded but out of the cache, cost more to walk through than to build anew
(docs/why/033-profiles-are-kept-encoded.md).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, Protocol

from tailorbird.events import Event, Secret, decode_record
from tailorbird.know.fold import fold, hear
from tailorbird.know.heading import Deed, Heading, read_deed
from tailorbird.know.merge import merge
from tailorbird.know.profile import Consent, Profile, decode_consent, decode_profile, encode_profile
from tailorbird.know.tables import PROFILE, Reader

HOT_BYTES = 64_000_000  # of encoded profiles
SMALLEST = 100  # bytes that even an empty one is taken to need
# Calls whose sealed part says something each time.
TELLING = frozenset({"identify", "alias", "group"})
SILENCE: Mapping[str, Consent] = {}

Unseal = Callable[[Event], Secret | None]  # opens the sealed part; None once its key is destroyed
Joined = tuple[int, ...]
Read = Callable[[bytes], Any]  # gives at least a Deed


class Beside(Protocol):
    """Who else takes each event, while it is decoded and in the processor's cache."""

    def put_down(self, person: bytes, acts: list[Any]) -> None:
        """These events, each behind its offset, count for the person."""

    def let_pass(self, person: bytes) -> None:
        """The person has got all that the batch had for them."""


class Living:
    """Profiles by person. For each batch: `begin`, `look_up` and `put_down` its events; `changed` is what to store."""

    def __init__(self, unseal: Unseal, hot_bytes: int = HOT_BYTES) -> None:
        self.unfolded = 0  # events of this batch that no profile could take
        self._unseal = unseal
        self._limit = hot_bytes
        self._size = 0
        self._hot: dict[bytes, bytes | None] = {}  # as in the store; the latest used at the end
        self.said: dict[bytes, Mapping[str, Consent]] = {}  # about purposes, by those at hand who ever said yes or no
        self._pending: defaultdict[bytes, list[tuple[int, bytes, Joined | None]]] = defaultdict(list)
        self._open: dict[bytes, Profile | None] = {}  # needed before the batch ends; None: handed over
        self._reader: Reader | None = None
        self._read: Read = read_deed
        self._beside: Beside | None = None

    def begin(self, reader: Reader) -> None:
        """A new batch; `reader` serves until the next one."""
        self._reader = reader
        self._read, self._beside = read_deed, None
        self.unfolded = 0
        self._cool()

    def share(self, beside: Beside, read: Read = read_deed) -> None:
        """In this batch `read` decodes events, and `beside` takes each of them as well."""
        self._beside, self._read = beside, read

    def look_up(self, persons: Iterable[bytes]) -> None:
        """Fetch these profiles at once."""
        assert self._reader is not None, "begin comes first"
        missing = [person for person in persons if person not in self._hot]
        for person, value in zip(missing, self._reader.get_many(PROFILE, missing), strict=True):
            self._keep(person, value)

    def hear(self, person: bytes, event: Heading) -> None:
        """Fold what the event says about purposes, at once: the next event is judged by it."""
        profile = self._take(person)
        hear(profile, event)
        self._quote(person, profile.consent)

    def put_down(self, person: bytes, offset: int, payload: bytes, joined: Joined | None) -> None:
        """The encoded event is to be folded into the person's profile; with `joined` None it only counts beside it."""
        self._pending[person].append((offset, payload, joined))

    def hand_over(self, old: bytes, person: bytes) -> None:
        """All that is known of `old` is known of `person` from now on."""
        # Somebody of whom nothing is known leaves nothing to hand over, and must not become an empty profile.
        if old in self._pending or old in self._open or self._stored(old) is not None:
            profile = self._take(person)
            merge(profile, self._take(old))
            self._open[old] = None
            self._quote(old, SILENCE)
            self._quote(person, profile.consent)

    def changed(self) -> dict[bytes, bytes | None]:
        """What the batch changed, encoded for the store; None where a person was handed over."""
        rows: dict[bytes, bytes | None] = {}
        # Whoever only said yes or no, or was merged, is open without a pending event. In the order of the log, in which
        # their events lie in memory: the processor fetches ahead what is read in a row.
        for person in dict.fromkeys((*self._pending, *self._open)):
            # Not kept open: the memory of one profile goes to the next, which is quick as long as it is warm.
            profile = self._grown(person) if person in self._pending else self._open[person]
            rows[person] = encode_profile(profile) if profile else None
            self._keep(person, rows[person], profile.consent if profile else SILENCE)
            if self._beside is not None:
                self._beside.let_pass(person)
        self._open = {}
        return rows

    def _take(self, person: bytes) -> Profile:
        """The person's profile as of now, kept open until the batch ends."""
        profile = self._open[person] = self._grown(person)
        return profile

    def _grown(self, person: bytes) -> Profile:
        profile = self._open.get(person)
        if profile is None:
            value = self._stored(person)
            profile = decode_profile(value) if value is not None else Profile(person)
        read, acts = self._read, list[tuple[int, Deed]]()
        for offset, payload, joined in self._pending.pop(person, ()):
            try:
                deed: Deed = read(payload)
                acts.append((offset, deed))
                if joined is None:
                    continue
                # Most sealed parts repeat what is known by now; opening one costs a key and a decryption.
                secret = self._secret(payload) if joined or deed.type in TELLING else None
                fold(profile, deed, secret, joined)
            except (ArithmeticError, TypeError, ValueError):
                # It is stored all the same: one odd event must not stop everybody's stream.
                self.unfolded += 1
        if acts and self._beside is not None:
            self._beside.put_down(person, acts)
        return profile

    def _secret(self, payload: bytes) -> Secret | None:
        event = decode_record(payload)
        assert isinstance(event, Event)
        return self._unseal(event)

    def _stored(self, person: bytes) -> bytes | None:
        if person not in self._hot:
            assert self._reader is not None, "begin comes first"
            self._keep(person, self._reader.get(PROFILE, person))
        return self._hot[person]

    def _keep(self, person: bytes, value: bytes | None, said: Mapping[str, Consent] | None = None) -> None:
        # Popped first, so that the latest used stand at the end and the longest unused go first.
        before = self._hot.pop(person, None) or b""
        self._hot[person] = value
        self._size += len(value or b"") - len(before)
        self._quote(person, said if said is not None else decode_consent(value) if value else SILENCE)

    def _quote(self, person: bytes, said: Mapping[str, Consent]) -> None:
        # Only the few who ever said something are kept, so that most events cost one lookup that fails.
        if said:
            self.said[person] = said
        elif person in self.said:
            del self.said[person]

    def _forget(self, person: bytes) -> None:
        self._size -= len(self._hot.pop(person, None) or b"")
        self.said.pop(person, None)

    def _cool(self) -> None:
        # Between batches only, so that nothing a batch works on goes away under it; then a tenth at once, because
        # finding the first key of a dict is slow when many before it are gone.
        if self._size > self._limit or len(self._hot) > self._limit // SMALLEST:
            for person in list(islice(self._hot, len(self._hot) // 10 + 1)):
                self._forget(person)
