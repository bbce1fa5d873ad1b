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
E = TypeVar("E")


@dataclass(slots=True)
class Room:
    """What is left of each quota while a page is filled."""

    quotas: tuple[tuple[Read, int], ...]  # how to read an item's topic, and how many of one there may be
    taken: dict[tuple[int, Any], int] = field(default_factory=dict)  # by quota and topic

    @classmethod
    def of(cls, placement: Placement, limit: int) -> "Room":
        """The quotas of `diversity: {most: ...}`; the category's share unless they name the category."""
        wished = placement.diversity.most if placement.diversity else {}
        quotas = [(_reader(name), most) for name, most in wished.items()]
        if "category" not in wished:
            quotas.append((_READERS["category"], max(1, ceil(limit * placement.per_category))))
        return cls(tuple(quotas))

    def admits(self, item: Item) -> bool:
        """Whether no quota is used up that the item falls under."""
        return all(self.taken.get((place, _topic(read, item)), 0) < most for place, (read, most) in self._asked(item))

    def take(self, item: Item) -> None:
        """Count it in."""
        for place, (read, _) in self._asked(item):
            key = place, _topic(read, item)
            self.taken[key] = self.taken.get(key, 0) + 1

    def _asked(self, item: Item) -> Iterable[tuple[int, tuple[Read, int]]]:
        return ((place, quota) for place, quota in enumerate(self.quotas) if _topic(quota[0], item) is not None)


def seated(
    candidates: Iterable[tuple[Item, E]], seats: int, room: Room
) -> tuple[list[tuple[Item, E]], list[tuple[Item, E]]]:
    """The first candidates that there is room for, and those before the last of them that there was none for."""
    chosen: list[tuple[Item, E]] = []
    surplus: list[tuple[Item, E]] = []
    if seats < 1:
        return chosen, surplus
    for item, proposal in candidates:
        if room.admits(item):
            room.take(item)
            chosen.append((item, proposal))
        else:
            surplus.append((item, proposal))
        if len(chosen) == seats or len(surplus) == PATIENCE:
            break
    return chosen, surplus


def _topic(read: Read, item: Item) -> Any:
    """None where the item does not say it: what is unknown is no topic. Lists and objects are told by their text."""
    value = read(item)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _reader(name: str) -> Read:
    if name in _READERS:
        return _READERS[name]
    path = tuple(name.removeprefix("attributes.").split("."))
    return lambda item: dig(item.attributes, path)


# An empty category is one, as everywhere; an empty brand is none.
_READERS: dict[str, Read] = {"category": lambda item: item.category, "brand": lambda item: item.brand or None}
