"""What a training says about how good its model is, as it stands in the manifest."""

from typing import NamedTuple

import msgspec

EVERYONE = "everyone"
NEW_PEOPLE = "new people"
NEW_ITEMS = "new items"


class Difference(NamedTuple):
    """How much more one model scores than another, and the 95 % interval; None where too few people were asked."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def better(self) -> bool:
        """Beyond noise."""
        return self.low is not None and self.low > 0

    @property
    def worse(self) -> bool:
        """Beyond noise."""
        return self.high is not None and self.high < 0


class Part(msgspec.Struct, frozen=True):
    """A part of the test moments: everyone, a segment, new people, or new items."""

    name: str
    moments: int
    people: int
    scores: dict[str, dict[str, float]]  # model ("blend", "popular", "champion") -> measure -> mean
    against: dict[str, dict[str, Difference]]  # "popular" or "champion" -> measure -> blend minus that one


class Report(msgspec.Struct, frozen=True):
    """The parts, everyone first. `champion`: what was judged beside it, "" where nothing served."""

    parts: list[Part] = []
    champion: str = ""
    as_it_serves: bool = True  # False: its recipe, learned anew without the test part, which its own tables have seen
    since: int = 0  # ms: the test part
    until: int = 0

    def part(self, name: str) -> Part | None:
        """The part of this name."""
        return next((part for part in self.parts if part.name == name), None)
