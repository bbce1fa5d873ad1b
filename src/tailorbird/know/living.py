"""The profiles at hand: fetched once a batch, opened, folded and closed again person by person.

Events are put down for their person first. At the end each person's profile is decoded, takes all its events and is
encoded while it is still in the processor's cache. Profiles that were used lately stay at hand in their encoded form:
a thousand small objects per person, kept decoded but out of the cache, cost more to walk through than to build anew
(docs/why/033-profiles-are-kept-encoded.md).
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from tailorbird.events import Event, Secret, decode_record
from tailorbird.know.fold import fold, hear
from tailorbird.know.heading import Heading
from tailorbird.know.merge import merge
from tailorbird.know.profile import Consent, Profile, decode_consent, decode_profile, encode_profile
from tailorbird.know.tables import PROFILE, Reader

HOT_BYTES = 64_000_000  # of encoded profiles
SMALLEST = 100  # bytes that even an empty one is taken to need
TELLING = frozenset({"identify", "alias", "group"})  # calls whose sealed part says something each time
SILENCE: Mapping[str, Consent] = {}

Unseal = Callable[[Event], Secret | None]  # opens the sealed part; None once its key is destroyed
Joined = tuple[int, ...]


class Living:
    """Profiles by person. `look_up` what a batch needs, `put_down` its events; `changed` is what to store."""

    def __init__(self, unseal: Unseal, hot_bytes: int = HOT_BYTES) -> None:
        self.unfolded = 0  # events of this batch that no profile could take
        self._unseal = unseal
        self._limit = hot_bytes
        self._size = 0
        self._hot: dict[bytes, bytes | None] = {}  # as in the store; the latest used at the end
        self._said: dict[bytes, Mapping[str, Consent]] = {}  # of those at hand who ever said yes or no
        self._pending: dict[bytes, list[tuple[bytes, Joined]]] = {}
        self._open: dict[bytes, Profile | None] = {}  # touched by this batch; None: handed over
        self._reader: Reader | None = None

    def look_up(self, reader: Reader, persons: Iterable[bytes]) -> None:
        """Fetch these profiles at once; `reader` serves until the next call."""
        self._reader = reader
        self.unfolded = 0
        self._cool()
        missing = [person for person in persons if person not in self._hot]
        for person, value in zip(missing, reader.get_many(PROFILE, missing), strict=True):
            self._keep(person, value)

    def said(self, person: bytes) -> Mapping[str, Consent]:
        """What the person said about purposes so far."""
        opened = self._open.get(person)
        return self._said.get(person, SILENCE) if opened is None else opened.consent

    def hear(self, person: bytes, event: Heading) -> None:
        """Fold what the event says about purposes, at once: the next event is judged by it."""
        hear(self._take(person), event)

    def put_down(self, person: bytes, payload: bytes, joined: Joined) -> None:
        """The encoded event is to be folded into the person's profile."""
        if person in self._pending:
            self._pending[person].append((payload, joined))
        else:
            self._pending[person] = [(payload, joined)]

    def hand_over(self, old: bytes, person: bytes) -> None:
        """All that is known of `old` is known of `person` from now on."""
        # Somebody of whom nothing is known leaves nothing to hand over, and must not become an empty profile.
        if old in self._pending or old in self._open or self._stored(old) is not None:
            merge(self._take(person), self._take(old))
            self._open[old] = None

    def changed(self) -> dict[bytes, bytes | None]:
        """What the batch changed, encoded for the store; None where a person was handed over."""
        rows: dict[bytes, bytes | None] = {}
        # Whoever only said yes or no, or was merged, is open without a pending event.
        for person in self._pending.keys() | self._open.keys():
            profile = self._take(person) if person in self._pending else self._open[person]
            rows[person] = encode_profile(profile) if profile else None
            self._open[person] = None  # lets its memory go to the next one, which is quick as long as it is warm
            self._forget(person)
            self._keep(person, rows[person], profile.consent if profile else SILENCE)
        self._open = {}
        return rows

    def _take(self, person: bytes) -> Profile:
        profile = self._open.get(person)
        if profile is None:
            value = self._stored(person)
            profile = self._open[person] = decode_profile(value) if value is not None else Profile(person)
        for payload, joined in self._pending.pop(person, ()):
            try:
                self._fold(profile, payload, joined)
            except (ArithmeticError, TypeError, ValueError):
                self.unfolded += 1  # it is stored all the same: one odd event must not stop everybody's stream
        return profile

    def _fold(self, profile: Profile, payload: bytes, joined: Joined) -> None:
        event = decode_record(payload)
        assert isinstance(event, Event)
        telling = joined or event.type in TELLING
        fold(profile, event, self._unseal(event) if telling else None, joined)

    def _stored(self, person: bytes) -> bytes | None:
        if person not in self._hot:
            assert self._reader is not None, "look_up comes first"
            self._keep(person, self._reader.get(PROFILE, person))
        return self._hot[person]

    def _keep(self, person: bytes, value: bytes | None, said: Mapping[str, Consent] | None = None) -> None:
        self._hot[person] = value
        self._size += len(value) if value else 0
        # The few who ever said something are kept by name, so that most events cost one lookup that fails.
        said = said if said is not None or value is None else decode_consent(value)
        if said:
            self._said[person] = said

    def _forget(self, person: bytes) -> None:
        value = self._hot.pop(person, None)
        self._size -= len(value) if value else 0
        self._said.pop(person, None)

    def _cool(self) -> None:
        # Between batches only, so that nothing a batch works on goes away under it; then a tenth at once, because
        # finding the first key of a dict is slow when many before it are gone.
        if self._size > self._limit or len(self._hot) > self._limit // SMALLEST:
            for person in list(islice(self._hot, len(self._hot) // 10 + 1)):
                self._forget(person)
