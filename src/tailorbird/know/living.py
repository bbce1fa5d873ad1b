"""The profiles at hand: hot ones stay decoded, changed ones are folded and encoded once a batch.

Events are put down for their person first and folded person by person at the end: then a profile passes through the
processor's cache once a batch instead of once an event, which is most of what folding costs.
"""

from collections.abc import Callable, Iterable

from tailorbird.events import Event, Secret
from tailorbird.know.fold import fold
from tailorbird.know.merge import merge
from tailorbird.know.profile import Profile, decode_profile, encode_profile
from tailorbird.know.tables import PROFILE, Reader

HOT_BYTES = 24_000_000  # of encoded profiles; decoded ones take about eight times as much memory
TELLING = frozenset({"identify", "alias", "group"})  # calls whose sealed part says something each time

Unseal = Callable[[Event], Secret | None]  # opens the sealed part; None once its key is destroyed
Joined = tuple[int, ...]


class Living:
    """Profiles by person. `look_up` what a batch needs, `put_down` its events; `changed` is what to store."""

    def __init__(self, unseal: Unseal, hot_bytes: int = HOT_BYTES) -> None:
        self.unfolded = 0  # events of this batch that no profile could take
        self._unseal = unseal
        self._hot: dict[bytes, Profile | None] = {}  # the latest used at the end; None: the store has none
        self._sizes: dict[bytes, int] = {}
        self._size = 0
        self._limit = hot_bytes
        self._pending: dict[bytes, list[tuple[Event, Joined]]] = {}
        self._changed: set[bytes] = set()
        self._reader: Reader | None = None

    def look_up(self, reader: Reader, persons: Iterable[bytes]) -> None:
        """Fetch these profiles at once; `reader` serves until the next call."""
        self._reader = reader
        self._changed = set()
        self.unfolded = 0
        self._cool()
        missing = [person for person in persons if person not in self._hot]
        for person, value in zip(missing, reader.get_many(PROFILE, missing), strict=True):
            self._keep(person, value)

    def peek(self, person: bytes) -> Profile | None:
        """The profile without what is put down for it: what the person said is in it, the latest counts are not."""
        if person not in self._hot:
            assert self._reader is not None, "look_up comes first"
            self._keep(person, self._reader.get(PROFILE, person))
        return self._hot[person]

    def put_down(self, person: bytes, event: Event, joined: Joined) -> None:
        """The event is to be folded into the person's profile."""
        if person in self._pending:
            self._pending[person].append((event, joined))
        else:
            self._pending[person] = [(event, joined)]

    def take(self, person: bytes) -> Profile:
        """The profile to be changed, with all that was put down for it folded in."""
        profile = self.peek(person)
        if profile is None:
            profile = self._hot[person] = Profile(person)
        self._changed.add(person)
        for event, joined in self._pending.pop(person, ()):
            self._fold(profile, event, joined)
        return profile

    def _fold(self, profile: Profile, event: Event, joined: Joined) -> None:
        telling = joined or event.type in TELLING
        try:
            fold(profile, event, self._unseal(event) if telling else None, joined)
        except (ArithmeticError, TypeError, ValueError):
            self.unfolded += 1  # it is stored all the same: one odd event must not stop everybody's stream

    def hand_over(self, old: bytes, person: bytes) -> None:
        """All that is known of `old` is known of `person` from now on."""
        if old in self._pending or self.peek(old):
            merge(self.take(person), self.take(old))
            self._hot[old] = None

    def changed(self) -> dict[bytes, bytes | None]:
        """What the batch changed, encoded for the store; None where a person was handed over."""
        hot, rows = self._hot, dict[bytes, bytes | None]()
        for person in self._changed | self._pending.keys():
            profile = self.take(person) if person in self._pending else hot[person]
            rows[person] = value = encode_profile(profile) if profile else None
            hot[person] = hot.pop(person)  # to the end: used last
            self._weigh(person, value)
        return rows

    def _keep(self, person: bytes, value: bytes | None) -> None:
        self._hot[person] = decode_profile(value) if value is not None else None
        self._weigh(person, value)

    def _weigh(self, person: bytes, value: bytes | None) -> None:
        size = 100 + len(value) if value else 100  # an empty one takes room as well
        self._size += size - self._sizes.get(person, 0)
        self._sizes[person] = size

    def _cool(self) -> None:
        # Between batches only, so that nothing a batch works on goes away under it.
        while self._size > self._limit and self._hot:
            person = next(iter(self._hot))
            del self._hot[person]
            self._size -= self._sizes.pop(person, 0)
