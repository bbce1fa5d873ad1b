"""From what a caller names a person by to their profile, in one read of the state."""

import time
from collections.abc import Iterator, Mapping

import msgspec

from tailorbird.collect.identifiers import known
from tailorbird.errors import BadRequest
from tailorbird.events import IDENTIFIER_TYPES, Identifier
from tailorbird.know.component import decode_component, node_of
from tailorbird.know.profile import Profile, decode_profile
from tailorbird.know.segment.standing import decode_head
from tailorbird.know.tables import NODE, PERSON, PROFILE, STANDING
from tailorbird.offer.recommend.person import Person
from tailorbird.shell.ports import Snapshot, State

_CACHED = 10_000
_LOOK_EVERY_S = 1.0
_NONE: frozenset[str] = frozenset()

Named = Mapping[str, object] | str | None


class Found(msgspec.Struct, frozen=True, gc=False):
    """Whom the state knows by the identifiers, as of its offset."""

    person: bytes | None
    known: Person | None  # what is known of them, for `decide`
    offset: int
    hashes: tuple[bytes, ...] = ()  # of all identifiers of the person, if they were asked for

    @property
    def profile(self) -> Profile | None:
        return self.known.profile if self.known is not None else None


class Lookup:
    """Profiles, and the segments people are in, by identifiers. What has not changed is decoded once."""

    def __init__(self, state: State, site_key: bytes) -> None:
        self._state = state
        self._site_key = site_key
        self._decoded: dict[bytes, tuple[bytes, Person]] = {}
        self._stood: dict[bytes, tuple[bytes, frozenset[str]]] = {}
        self._any_standing, self._look_at = False, 0.0

    def identifiers(self, named: Named) -> list[Identifier]:
        """The identifiers of `{"userId": "42"}` or `"userId:42"`, strongest first; blocked and unknown ones left out.

        Raises BadRequest for text that names no identifier.
        """
        return [one.hashed for type, value in _pairs(named) if (one := known(self._site_key, type, value))]

    def find(self, identifiers: list[Identifier], *, with_hashes: bool = False) -> Found:
        """The person of the strongest identifier that the state knows. Raises StateUnavailable.

        Where the others belong to somebody else, as on a shared device, any "no" among them counts (law 7).
        """
        with self._state.snapshot() as snapshot:
            get = snapshot.get
            met = [person for one in identifiers if (person := get(NODE, node_of(one))) is not None]
            if not met:
                return Found(None, None, snapshot.offset)
            person = met[0]
            who = self._known(person, get(PROFILE, person))
            for other in set(met) - {person} if len(met) > 1 else ():
                who = _obeying(who, self._known(other, get(PROFILE, other)))
            if who is not None and self._segmented(snapshot):
                who.segments = self._segments(person, get(STANDING, person))
            hashes = _hashes(snapshot.get(PERSON, person)) if with_hashes else ()
            return Found(person, who, snapshot.offset, hashes)

    def _segmented(self, snapshot: Snapshot) -> bool:
        """Whether anybody is in segments here; asked once a second, so that a site without them pays nothing."""
        if (now := time.monotonic()) >= self._look_at:
            self._look_at = now + _LOOK_EVERY_S
            self._any_standing = snapshot.count(STANDING) > 0
        return self._any_standing

    def _segments(self, person: bytes, data: bytes | None) -> frozenset[str]:
        if data is None:
            return _NONE
        held = self._stood.get(person)
        if held is None or held[0] != data:
            if len(self._stood) >= _CACHED:
                self._stood.clear()
            held = self._stood[person] = (data, frozenset(decode_head(data).members))
        return held[1]

    def _known(self, person: bytes, data: bytes | None) -> Person | None:
        if data is None:
            return None
        held = self._decoded.get(person)
        if held is not None and held[0] == data:
            return held[1]
        if len(self._decoded) >= _CACHED:
            self._decoded.clear()
        who = Person(decode_profile(data))
        self._decoded[person] = (data, who)
        return who


def _obeying(who: Person | None, other: Person | None) -> Person | None:
    """Who, with every purpose withdrawn that the other withdrew."""
    if who is None or other is None:
        return who
    refused = {purpose: said for purpose, said in other.profile.consent.items() if not said.granted}
    if not refused:
        return who
    return Person(msgspec.structs.replace(who.profile, consent={**who.profile.consent, **refused}))


def _hashes(component: bytes | None) -> tuple[bytes, ...]:
    return tuple(node[1:] for node in decode_component(component).nodes) if component else ()


def _pairs(named: Named) -> Iterator[tuple[str, object]]:
    if isinstance(named, str):
        type, colon, value = named.partition(":")
        if not colon or type not in IDENTIFIER_TYPES:
            raise BadRequest(
                f"A person is named as TYPE:VALUE, such as userId:42. Types: {', '.join(IDENTIFIER_TYPES)}."
            )
        yield type, value
    elif named:
        for type in IDENTIFIER_TYPES:
            if named.get(type) is not None:
                yield type, named[type]
