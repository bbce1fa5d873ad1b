"""What a placement wishes beyond its recipe: boosts, pins, diversity, novelty, exploration. Checked when loaded."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from tailorbird.errors import BadDefinition
from tailorbird.know.language.mistake import Mistake, instead

if TYPE_CHECKING:
    from tailorbird.offer.rules.condition import Condition

MOST_FACTOR = 100.0
TOPICS = ("category", "brand")  # what every item has that a page can be too much of


class Boost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A factor on the score of items that fulfil a condition."""

    when: str
    by: float

    @property
    def condition(self) -> "Condition":
        """`when`, compiled; raises Mistake where it cannot be read."""
        return compiled(self.when)


class Diversity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Against a page of one topic: either a weight for being unlike the rest, or at most so many of each value."""

    mmr: float | None = None
    most: Mapping[str, int] = {}  # by attribute: category, brand, or one of the site's own


class Wishes(Protocol):
    """The fields of a placement that are checked here."""

    @property
    def name(self) -> str: ...
    @property
    def recipe(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def exclude(self) -> tuple[str, ...]: ...
    @property
    def boost(self) -> tuple[Boost, ...]: ...
    @property
    def pin(self) -> Mapping[int, str]: ...
    @property
    def diversity(self) -> Diversity | None: ...
    @property
    def novelty(self) -> float: ...
    @property
    def explore(self) -> float: ...


def with_plain_keys(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as YAML or JSON gives it, with places as numbers and ids as text.

    >>> with_plain_keys({"pin": {"1": 42}, "exclude": [7, "b"]})
    {'pin': {1: '42'}, 'exclude': ['7', 'b']}
    """
    found = dict(body)
    if isinstance(found.get("pin"), Mapping):
        found["pin"] = {_number(place): _id(item) for place, item in found["pin"].items()}
    if isinstance(found.get("exclude"), list):
        found["exclude"] = [_id(item) for item in found["exclude"]]
    return found


def _number(place: Any) -> Any:
    return int(place) if isinstance(place, str) and place.isdecimal() else place


def _id(item: Any) -> Any:
    return str(item) if isinstance(item, int) and not isinstance(item, bool) else item


def check_wishes(wishes: Wishes, most_items: int, place: str) -> None:
    """Raise BadDefinition for the first that cannot be granted: placement, field, value, place and next step."""
    # Ranges before texts: they need no parser, and name the plainer mistake.
    for problem in _problems(wishes, most_items):
        raise BadDefinition(f"Placement {wishes.name!r} has {problem.replace(' | ', f' ({place}). ')}")
    conditions = [("rule", wishes.rule)] if wishes.rule else []
    conditions += [(f"boost {number}", one.when) for number, one in enumerate(wishes.boost, 1)]
    for field, text in conditions:
        _check_condition(f"Placement {wishes.name!r}, {field} ({place})", text)


def compiled(text: str) -> "Condition":
    """The condition of a text; raises Mistake where it cannot be read."""
    # sqlglot: who has no rule need not wait for it.
    from tailorbird.offer.rules.condition import condition

    return condition(text)


def _check_condition(definition: str, text: str) -> None:
    try:
        compiled(text)
    except Mistake as wrong:
        # Another one, as the same text may stand in several places.
        told = Mistake(wrong.problem, wrong.hint)
        told.definition, told.line, told.column = definition, wrong.line, wrong.column
        raise told from None


def _problems(wishes: Wishes, most_items: int) -> Iterator[str]:
    """Each with " | " before what to write instead."""
    for one in wishes.boost:
        if not 0 < one.by <= MOST_FACTOR:
            yield f"boost by {one.by:g} | Write a factor above 0, up to {MOST_FACTOR:g}; what shall go stands in rule."
    for place, item in wishes.pin.items():
        if not 1 <= place <= most_items:
            yield f"pin at place {place} | Write a place from 1 to {most_items}."
        if item in wishes.exclude:
            yield f"{item!r} in pin and in exclude | Take it out of one of them."
    if len(set(wishes.pin.values())) < len(wishes.pin):
        yield f"pin {dict(wishes.pin)} | Pin each item at one place."
    yield from _problems_of_diversity(wishes.diversity)
    for field, share in (("novelty", wishes.novelty), ("explore", wishes.explore)):
        if not 0 <= share <= 1:
            yield f"{field} {share:g} | Write a share from 0 to 1."
    if wishes.explore == 1:
        yield "explore 1 | Write a share below 1: of a page that is all chance nothing is learned about the ranking."


def _problems_of_diversity(diversity: Diversity | None) -> Iterator[str]:
    if diversity is None:
        return
    if (diversity.mmr is None) == (not diversity.most):
        yield "diversity with both or none of mmr and most | Write {mmr: 0.3}, or {most: {category: 2}}."
    if diversity.mmr is not None and not 0 <= diversity.mmr <= 1:
        yield f"diversity mmr {diversity.mmr:g} | Write a weight from 0, only the score, to 1, only being unlike."
    for name, most in diversity.most.items():
        if most < 1:
            yield f"diversity most {name} {most} | Write a whole number from 1."
        if name not in TOPICS and instead(name, TOPICS).startswith("Did"):
            yield f"diversity most {name!r} | {instead(name, TOPICS)} An attribute of that name is attributes.{name}."
