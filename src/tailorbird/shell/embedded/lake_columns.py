"""Names for the columns of what a site itself declares: `properties_revenue`, `context_page_path`, `traits_plan`.

A column has one name and one type for ever, so that files of years ago and of today are one table. A value of another
kind than its column's gets a sibling (`properties_size__text` beside `properties_size`), so nothing is bent to fit.
"""

import re
from typing import Any, Literal, NamedTuple

import msgspec

from tailorbird.shell.embedded.lake_schema import SqlType

Group = Literal["properties", "context", "traits"]
Kind = Literal["text", "number", "integer", "flag", "json", "null"]

SQL_OF_KIND: dict[Kind, SqlType] = {
    "text": "VARCHAR",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "flag": "BOOLEAN",
    "json": "VARCHAR",
    "null": "BOOLEAN",
}
_KIND_OF_TYPE: dict[type, Kind] = {
    str: "text",
    float: "number",
    int: "integer",
    bool: "flag",
    list: "json",
    dict: "json",
    type(None): "null",
}
_BIGINT = 1 << 63


class Place(NamedTuple):
    """What a column holds: the values of one kind under one key of one part of the event."""

    group: Group
    key: str
    kind: Kind


def kind_of(value: Any) -> Kind:
    """The kind of column that takes this value as it is.

    >>> kind_of(9.5), kind_of(True), kind_of(2**70)
    ('number', 'flag', 'json')
    """
    # No column of integers takes it, and as a float it would lose digits.
    if type(value) is int and not -_BIGINT <= value < _BIGINT:
        return "json"
    return _KIND_OF_TYPE[type(value)]


def to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


from_json = msgspec.json.decode


class Columns:
    """The names given so far; `place_of` is what a manifest keeps.

    >>> columns = Columns({})
    >>> columns.name_of(Place("context", "page.path", "text")), columns.name_of(Place("context", "page_path", "text"))
    ('context_page_path', 'context_page_path_2')
    >>> columns.name_of(Place("context", "page.path", "number"))
    'context_page_path__number'
    """

    def __init__(self, place_of: dict[str, Place]) -> None:
        self.place_of = dict(place_of)
        self._names = {place: name for name, place in place_of.items()}
        self._taken = {name.lower() for name in place_of}  # SQL does not tell Revenue from revenue

    def name_of(self, place: Place) -> str:
        """The column of this place, named now if it is new."""
        name = self._names.get(place)
        return name if name is not None else self._give_name(place)

    def _give_name(self, place: Place) -> str:
        plain = f"{place.group}_{re.sub(r'[^A-Za-z0-9_]', '_', place.key)}"
        # The first kind that comes has the plain name for ever, so that queries that were written then stay right.
        siblings = [p for p in self._names if p.group == place.group and p.key == place.key]
        wanted = f"{plain}__{place.kind}" if siblings else plain
        name, number = wanted, 2
        while name.lower() in self._taken:
            name, number = f"{wanted}_{number}", number + 1
        self.place_of[name] = place
        self._names[place] = name
        self._taken.add(name.lower())
        return name


_PROPERTIES: dict[Kind, str] = {
    "text": "affiliation brand campaign_id campaign_type cart_id category checkout_id coupon currency decision_id "
    "image_url list_id name order_id placement product_id query sku url variant",
    "number": "discount price quantity revenue shipping subtotal tax total value",
    "integer": "position",
    "json": "items products",
}
_CONTEXT = (
    "campaign.content campaign.medium campaign.name campaign.source campaign.term device.type library.name "
    "library.version locale os.name page.path page.title timezone"
)


def well_known() -> dict[str, Place]:
    """The columns of a new lake: they exist before the first value, so that a report runs on an empty one."""
    columns = Columns({})
    for kind, keys in _PROPERTIES.items():
        for key in keys.split():
            columns.name_of(Place("properties", key, kind))
    for key in _CONTEXT.split():
        columns.name_of(Place("context", key, "text"))
    return columns.place_of
