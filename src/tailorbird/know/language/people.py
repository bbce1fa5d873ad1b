"""Builders of the functions that ask who a person is: segments, lists, consent, leanings, chance."""

from collections.abc import Callable
from typing import Literal, cast

from tailorbird.know.language.call import Call
from tailorbird.know.language.dialect import place
from tailorbird.know.language.lengths import DAY
from tailorbird.know.language.mistake import Mistake, instead, shown
from tailorbird.know.language.tree import (
    Affinity,
    Aggregate,
    And,
    Compare,
    Consented,
    Constant,
    Events,
    Expression,
    IsNull,
    Not,
    Or,
    Property,
    RandomBucket,
)

HALF_LIFE = 30 * DAY
JOINED, LEFT = "List Joined", "List Left"
_LEANINGS = ("category", "brand")


def _segment(call: Call) -> Expression:
    return call.reader.around.segments.member(call.words("name"), place(call.only("name")))


def _in_list(call: Call) -> Expression:
    """The last word about the list is that the person joined; of two at once joining counts."""
    # Two statistics that every engine has, in place of one of its own: lists need no state, no table and no merge.
    name = Compare("=", Property("properties", ("list",), "text"), Constant(call.words("name"), "text"))
    joined, left = (Aggregate("last_at", Events(event, name), None, None, "time") for event in (JOINED, LEFT))
    return And((Not(IsNull(joined)), Or((IsNull(left), Compare(">=", joined, left)))))


def _consent(call: Call) -> Expression:
    name, purposes = call.words("purpose"), call.reader.schema.purposes
    if name not in purposes:
        raise Mistake(f"{shown(name)} is no purpose.", instead(name, purposes), place(call.only("purpose")))
    return Consented(name, purposes[name].default, purposes[name].lasts)


def _affinity(call: Call) -> Expression:
    of = call.words("of")
    if of not in _LEANINGS:
        raise Mistake(f"Nobody leans to a {shown(of)}.", instead(of, _LEANINGS), place(call.only("of")))
    half_life = call.length("half_life") if call.has("half_life") else HALF_LIFE
    return Affinity(cast("Literal['category', 'brand']", of), call.words("value"), half_life)


def _random_bucket(call: Call) -> Expression:
    return RandomBucket(call.words("salt"))


BUILDERS: dict[str, Callable[[Call], Expression]] = {
    "segment": _segment,
    "in_list": _in_list,
    "consent": _consent,
    "affinity": _affinity,
    "random_bucket": _random_bucket,
}
