"""The profiles at hand: hot ones stay decoded, changed ones are encoded once a batch."""

from collections.abc import Iterable

from tailorbird.know.merge import merge
from tailorbird.know.profile import Profile, decode_profile, encode_profile
from tailorbird.know.tables import PROFILE, Reader

HOT_BYTES = 24_000_000  # of encoded profiles; decoded ones take about eight times as much memory


class Living:
    """Profiles by person. `look_up` what a batch needs, `take` what it changes, then `changed` is what to store."""

    def __init__(self, hot_bytes: int = HOT_BYTES) -> None:
        self._hot: dict[bytes, Profile | None] = {}  # the latest used at the end; None: the store has none
        self._sizes: dict[bytes, int] = {}
        self._size = 0
        self._limit = hot_bytes
        self._dirty: dict[bytes, Profile | None] = {}
        self._reader: Reader | None = None

    def look_up(self, reader: Reader, persons: Iterable[bytes]) -> None:
        """Fetch these profiles at once; `reader` serves until the next call."""
        self._reader = reader
        self._dirty = {}
        self._cool()
        missing = [person for person in persons if person not in self._hot]
        for person, value in zip(missing, reader.get_many(PROFILE, missing), strict=True):
            self._keep(person, value)

    def peek(self, person: bytes) -> Profile | None:
        """The profile as it stands, to be read only."""
        if person not in self._hot:
            assert self._reader is not None, "look_up comes first"
            self._keep(person, self._reader.get(PROFILE, person))
        return self._hot[person]

    def take(self, person: bytes) -> Profile:
        """The profile to be changed; a new one for a person not met before."""
        profile = self._dirty.get(person)
        if profile is None:
            profile = self.peek(person) or Profile(person)
            self._hot[person] = self._dirty[person] = profile
        return profile

    def hand_over(self, old: bytes, person: bytes) -> None:
        """All that is known of `old` is known of `person` from now on."""
        theirs = self.peek(old)
        if theirs is not None:
            merge(self.take(person), theirs)
            self._hot[old] = self._dirty[old] = None

    def changed(self) -> dict[bytes, bytes | None]:
        """What the batch changed, encoded for the store; None where a person was handed over."""
        encoded = {person: encode_profile(profile) if profile else None for person, profile in self._dirty.items()}
        hot = self._hot
        for person, value in encoded.items():
            hot[person] = hot.pop(person)  # to the end: used last
            self._weigh(person, value)
        return encoded

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
