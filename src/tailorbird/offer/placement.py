"""Placements: the named places of a page that ask for items, and what may stand in each.

Six are built in; a site overrides or adds its own in `site/placements.yaml`:

    home:
      title: Picked for you
      limit: 8
      rule: "in_stock and price < 100 and category <> 'TOBACCO'"
      boost: [{when: "brand = 'OWN'", by: 1.5}]
    pets:
      recipe: popular
      only: {category: [PET FOOD, CAT FOOD]}
"""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Literal, get_args

import msgspec

from tailorbird.errors import BadDefinition
from tailorbird.events import Item
from tailorbird.offer.question import Questions
from tailorbird.offer.rules.allowed import Allowed
from tailorbird.offer.rules.wishes import Boost, Diversity, check_wishes, with_plain_keys

Recipe = Literal["for_you", "goes_with", "similar", "popular", "buy_again", "ask"]
FROM_AN_ITEM = ("goes_with", "similar")  # recipes that start from what the page is about
Hidden = Literal["in_cart", "bought", "seen"]
MOST_ITEMS = 100
PLACE = "site/placements.yaml"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A condition on an item; every part that is given must hold, within a part any value will do.

    >>> Rule(category=("MILK",), max_price=2).matches(Item("1", category="MILK", price=1.5))
    True
    >>> Rule(category=("MILK",), max_price=2).matches(Item("1", category="MILK"))
    False
    """

    category: tuple[str, ...] = ()
    brand: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    min_price: float | None = None
    max_price: float | None = None

    def matches(self, item: Item) -> bool:
        """Whether the item fulfils every given part; a price bound never holds for an item without a price."""
        return (
            (not self.category or item.category in self.category)
            and (not self.brand or item.brand in self.brand)
            and (not self.tags or not set(self.tags).isdisjoint(item.tags))
            and (not self.id or item.id in self.id)
            and (self.min_price is None or (item.price is not None and item.price >= self.min_price))
            and (self.max_price is None or (item.price is not None and item.price <= self.max_price))
        )


class Placement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):  # a dict, for what is kept
    """One place of a page: which recipe fills it, and what may stand in it."""

    name: str
    recipe: Recipe = "for_you"
    title: str = ""
    limit: int = 12  # items when the request names no number; 1 to MOST_ITEMS
    only: Rule | None = None  # items must match
    never: Rule | None = None  # items must not match
    hide: tuple[Hidden, ...] = ("in_cart",)  # of this person: what lies in the cart, was ever bought, was seen lately
    per_category: float = 0.5  # largest share of one category, so that a page is not one topic; 1 for no cap
    rule: str = ""  # a condition that items must fulfil, in the language of segments
    exclude: tuple[str, ...] = ()  # ids that never stand here
    boost: tuple[Boost, ...] = ()  # factors on the score
    pin: Mapping[int, str] = {}  # ids by place, the first place is 1: there if the gate lets them out
    diversity: Diversity | None = None
    novelty: float = 0.0  # how far the score of the most popular item is held back: 0 not at all, 1 to nothing
    explore: float = 0.0  # share of places that are filled by chance among the next candidates
    interests: tuple[str, ...] = ("interests",)  # traits in which a person names categories: recommend/interests.py
    ask: Questions = {}  # recipe "ask": what to ask for each trait that is worth knowing
    again_days: float = 30.0  # how long who said "not now" is left in peace

    @cached_property
    def allowed(self) -> Allowed | None:
        """All conditions on an item in one; None for none."""
        if not (self.only or self.never or self.rule or self.exclude):
            return None
        return Allowed.of(self.only, self.never, self.rule, self.exclude)

    @cached_property
    def plain(self) -> bool:
        """Whether the ranking is taken as it is, but for the category's share."""
        return not (self.boost or self.pin or self.diversity or self.novelty or self.explore)


Placements = Mapping[str, Placement]

BUILT_IN: Placements = {
    placement.name: placement
    for placement in (
        Placement("home", "for_you", "Recommended for you"),
        Placement("product", "goes_with", "Goes with this"),
        Placement("similar", "similar", "Similar to this", per_category=1.0),
        Placement("cart", "goes_with", "Goes with your cart"),
        Placement("popular", "popular", "Popular now"),
        Placement("again", "buy_again", "Buy it again", per_category=1.0),
    )
}


def load_placements(bodies: Mapping[str, Mapping[str, Any]]) -> Placements:
    """All placements in force: the built-in ones, with the site's fields laid over them, and the site's own.

    Raises BadDefinition naming the placement, the value, the place and what to write instead.

    >>> load_placements({"home": {"limit": 4}})["home"].title
    'Recommended for you'
    >>> load_placements({"home": {"limit": 0}})
    Traceback (most recent call last):
    tailorbird.errors.BadDefinition: Placement 'home' has limit 0 (site/placements.yaml). Write a number from 1 to 100.
    """
    return {**BUILT_IN, **{name: _load(name, body) for name, body in bodies.items()}}


def _load(name: str, body: Mapping[str, Any]) -> Placement:
    if not isinstance(body, Mapping):
        raise BadDefinition(f"Placement {name!r} is {body!r} ({PLACE}). Write a mapping such as {{limit: 8}}.")
    # Laid over as plain data, so that a site names only what it changes.
    base = msgspec.to_builtins(BUILT_IN.get(name, Placement(name, title=name)))
    for field, value in body.items():
        _known(name, str(field), value)
    try:
        placement = msgspec.convert({**base, **with_plain_keys(body), "name": name}, Placement)
    except msgspec.ValidationError as error:
        raise BadDefinition(f"Placement {name!r} has {_culprit(error, body)} ({PLACE}): {error}.") from None
    _check_ranges(placement)
    return placement


def _known(name: str, field: str, value: object) -> None:
    fields = [known for known in Placement.__struct_fields__ if known != "name"]
    if field not in fields:
        near = [f"Did you mean {one!r}? " for one in get_close_matches(field, fields, n=1)]
        known = f"{''.join(near)}Known: {', '.join(fields)}."
        raise BadDefinition(f"Placement {name!r} has unknown field {field!r} ({PLACE}). {known}")
    if field == "recipe" and value not in get_args(Recipe):
        known = ", ".join(get_args(Recipe))
        raise BadDefinition(f"Placement {name!r} has recipe {value!r} ({PLACE}). Known: {known}.")


def _culprit(error: msgspec.ValidationError, body: Mapping[str, Any]) -> str:
    """The field that msgspec points at, as in "limit 'ten'"; the whole body where it points nowhere."""
    path = str(error).rpartition("`$.")[2].rstrip("`").split(".")[0].split("[")[0]
    return f"{path} {body[path]!r}" if path in body else f"body {dict(body)!r}"


def _check_ranges(placement: Placement) -> None:
    name, limit, share = placement.name, placement.limit, placement.per_category
    if not 1 <= limit <= MOST_ITEMS:
        raise BadDefinition(f"Placement {name!r} has limit {limit} ({PLACE}). Write a number from 1 to {MOST_ITEMS}.")
    if (placement.recipe == "ask") != bool(placement.ask):
        raise BadDefinition(
            f"Placement {name!r} has recipe {placement.recipe!r} and {len(placement.ask)} questions in ask "
            f"({PLACE}). Write both recipe: ask and ask: {{TRAIT: {{text: ..., options: [...]}}}}."
        )
    for trait, wanted in placement.ask.items():
        if not wanted.options or wanted.weight <= 0 or not wanted.text.strip():
            raise BadDefinition(
                f"Placement {name!r} asks for {trait!r} without text, options or a weight above 0 ({PLACE}). "
                "Write {text: Any pets?, options: [cat, dog, none], weight: 1}."
            )
    if not 0 < share <= 1:
        raise BadDefinition(f"Placement {name!r} has per_category {share} ({PLACE}). Write a share above 0, up to 1.")
    check_wishes(placement, MOST_ITEMS, PLACE)
