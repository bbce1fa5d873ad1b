"""What a bare name means in a rule on items: a property of the item, one of its tags, or an attribute.

price, category, in_stock          what every item has
tags.organic                       whether it has the tag; tags."new in" for one with a blank
roast, attributes.roast            an attribute; the long form for one that is called as a property is
"""

from difflib import get_close_matches

from tailorbird.know.language.kinds import OPEN
from tailorbird.know.language.mistake import Mistake, instead, shown
from tailorbird.know.language.tree import Kind, Property

TAGS, ATTRIBUTES = "tags", "attributes"
PROPERTIES: dict[str, Kind] = {
    "id": "text",
    "name": "text",
    "category": "text",
    "brand": "text",
    "price": "number",
    "currency": "text",
    "available": "boolean",
    "available_from": "time",
    "available_until": "time",
}
ALIASES = {"title": "name", "in_stock": "available"}
KNOWN = (*PROPERTIES, *ALIASES, TAGS)
_NEAR = 0.75  # how alike a name must be to count as a slip of the pen rather than as an attribute


class OneItem:
    """Names of the properties, tags and attributes of one item."""

    of = "an item"
    statistics = False

    def name(self, path: tuple[str, ...], at: int | None) -> Property:
        """The property; raises Mistake for what looks like another one misspelled: an attribute that no item has would
        be NULL for ever, and a rule that hides the whole shop.

        >>> OneItem().name(("in_stock",), 0).path, OneItem().name(("roast",), 0).path
        (('available',), ('attributes', 'roast'))
        """
        name = ".".join(path)
        own = ALIASES.get(name, name)
        if own in PROPERTIES:
            return Property("properties", (own,), PROPERTIES[own])
        if path[0] == TAGS:
            return _tag(path, at)
        if path[0] == ATTRIBUTES and len(path) > 1:
            return Property("properties", path, OPEN)
        if name == "text":
            raise Mistake("The long text of an item is not held in memory.", "Give the items a tag or attribute.", at)
        if get_close_matches(name.lower(), KNOWN, n=1, cutoff=_NEAR):
            hint = f"{instead(name, KNOWN)} An attribute of that name is attributes.{name}."
            raise Mistake(f"{shown(name)} is no property of an item.", hint, at)
        return Property("properties", (ATTRIBUTES, *path), OPEN)


def _tag(path: tuple[str, ...], at: int | None) -> Property:
    if len(path) != 2:
        raise Mistake(
            f"{shown('.'.join(path))} is no one tag.", 'Write tags.organic, or tags."new in" for one with a blank.', at
        )
    return Property("properties", path, "boolean")
