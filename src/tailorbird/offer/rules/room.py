"""How many items of one topic a page takes: quotas by attribute, and the share of one category that holds anyway."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil
from typing import Any, TypeVar

from tailorbird.events import Item
from tailorbird.know.segment.kinds import dig
from tailorbird.offer.placement import Placement

PATIENCE = 1000  # items without room that are looked at before the page is filled with them
Read = Callable[[Item], Any]
Topics = list[tuple[int, Any]]  # an item's quotas, each with its topic there
P = TypeVar("P")
Entries = list[tuple[Item, P]]


@dataclass(slots=True)
class Room:
    """What is left of each quota while a page is filled."""

    reads: tuple[Read, ...]  # how to read an item's topic, by quota
    most: tuple[int, ...]  # how many of one topic there may be, by quota
    taken: dict[tuple[int, Any], int] = field(default_factory=dict)  # by quota and topic

    @classmethod
    def of(cls, placement: Placement, limit: int) -> "Room":
        """The quotas of `diversity: {most: ...}`; the category's share unless they name the category."""
        most = dict(placement.diversity.most) if placement.diversity else {}
        # At least one: a share of a very short page would else round to none, and the page be empty.
        most.setdefault("category", max(1, ceil(limit * placement.per_category)))
        return cls(tuple(map(_reader, most)), tuple(most.values()))

    def topics(self, item: Item) -> Topics:
        """Which quotas it falls under: what an item does not say is no topic."""
        return [(quota, topic) for quota, read in enumerate(self.reads) if (topic := read(item)) is not None]

    def admits(self, topics: Topics) -> bool:
        """Whether none of these quotas is used up."""
        return all(self.taken.get(key, 0) < self.most[key[0]] for key in topics)

    def take(self, topics: Topics) -> None:
        """Count one item in."""
        for key in topics:
            self.taken[key] = self.taken.get(key, 0) + 1


def seated(candidates: Iterable[tuple[Item, P]], seats: int, room: Room) -> tuple[Entries[P], Entries[P]]:
    """The first candidates that there is room for, and those before the last of them that there was none for."""
    chosen: Entries[P] = []
    surplus: Entries[P] = []
    for entry in candidates if seats > 0 else ():
        topics = room.topics(entry[0])
        if room.admits(topics):
            room.take(topics)
            chosen.append(entry)
        else:
            surplus.append(entry)
        if len(chosen) == seats or len(surplus) == PATIENCE:
            break
    return chosen, surplus


def _reader(name: str) -> Read:
    if name in _READERS:
        return _READERS[name]
    path = tuple(name.removeprefix("attributes.").split("."))
    return lambda item: _plain(dig(item.attributes, path))


def _plain(value: Any) -> Any:
    """Lists and objects are told by their text."""
    return value if value is None or isinstance(value, str | int | float) else str(value)


# An empty category is one, as everywhere; an empty brand is none.
_READERS: dict[str, Read] = {"category": lambda item: item.category, "brand": lambda item: item.brand or None}
