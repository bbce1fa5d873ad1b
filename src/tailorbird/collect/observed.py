"""What arrives though nobody declared it, and the declaration to propose for it.

An undeclared field is kept, but sealed: no column, no segment, no report sees it. Listing such fields beside a proposal
turns the slow part of a tracking plan into reading and copying.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from tailorbird.collect.fields import Fields
from tailorbird.collect.kinds import Kind, kind_of
from tailorbird.collect.plan import TrackingPlan
from tailorbird.events import EventType, Secret

Problem = Literal["undeclared", "kind"]
# A field so named most likely tells who somebody is: proposed as personal, for a human to say otherwise.
_TELLING = (
    "name", "mail", "phone", "mobile", "address", "street", "zip", "postal", "birth", "gender", "age", "ip", "user",
    "customer", "recipient", "message", "comment", "note", "body", "token", "iban", "card", "lat", "lon", "location",
)  # fmt: skip
_HARMLESS = ("product_name", "item_name", "category_name", "coupon_name", "page", "image", "usage", "language")


class Observed(msgspec.Struct, frozen=True):
    """One field that does not fit the plan; never its value."""

    place: str  # where the plan would declare it: "events.Quiz Done.properties", "traits", "context"
    name: str
    kind: Kind  # of the value seen
    problem: Problem  # undeclared, or declared with another kind


def observe(type: EventType, event: str, secret: Secret, plan: TrackingPlan) -> Iterator[Observed]:
    """The fields of one event's secret half that are there only because the plan does not know or fit them."""
    place = f"events.{event}.properties" if type == "track" else f"{type}.properties"
    yield from _fields(place, secret.properties, plan.fields(type, event))
    if type != "group":
        yield from _fields("traits", secret.traits, plan.traits)
    yield from _context(secret.context, plan, "")


def propose(seen: Mapping[Observed, int]) -> dict[str, Any]:
    """A body to lay over `site/events.yaml` that declares all that was seen undeclared, with counts as description.

    Kinds that differ are joined (integer and number: number; else any); a telling name proposes `personal: true`.

    >>> seen = {Observed("events.Quiz Done.properties", "score", "integer", "undeclared"): 7}
    >>> propose(seen)
    {'events': {'Quiz Done': {'properties': {'score': {'type': 'integer', 'description': 'seen 7 times'}}}}}
    """
    kinds: dict[tuple[str, str], set[Kind]] = defaultdict(set)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    undeclared = {one: count for one, count in seen.items() if one.problem == "undeclared"}
    for one, count in undeclared.items():
        kinds[one.place, one.name].add(one.kind)
        counts[one.place, one.name] += count
    body: dict[str, Any] = {}
    for (place, name), found in kinds.items():
        field: dict[str, Any] = {"type": _joined(found), "description": f"seen {counts[place, name]} times"}
        _section(body, place)[name] = field | ({"personal": True} if _is_telling(name) else {})
    return body


def _fields(place: str, values: Mapping[str, Any], fields: Fields) -> Iterator[Observed]:
    for name, value in values.items():
        declared = fields.rules.get(name)
        if declared is None:
            yield Observed(place, name, kind_of(value), "undeclared")
        # What is declared personal is sealed because of that; lists with declared items hold the sealed halves of their
        # rows.
        elif not declared.personal and declared.items is None:
            yield Observed(place, name, kind_of(value), "kind")


def _context(values: Mapping[str, Any], plan: TrackingPlan, parent: str) -> Iterator[Observed]:
    for name, value in values.items():
        path = f"{parent}{name}"
        declared = plan.context.get(path)
        if isinstance(value, dict) and declared is None and not parent:
            yield from _context(value, plan, f"{path}.")
        elif declared is None or not declared.personal:
            yield Observed("context", path, kind_of(value), "kind" if declared else "undeclared")


def _joined(kinds: set[Kind]) -> Kind:
    if len(kinds) == 1:
        return next(iter(kinds))
    return "number" if kinds == {"integer", "number"} else "string" if kinds == {"string", "datetime"} else "any"


def _section(body: dict[str, Any], place: str) -> dict[str, Any]:
    """The mapping of `body` at `place`, made where missing. An event's name may hold dots."""
    head, _, rest = place.partition(".")
    steps = [head, rest.removesuffix(".properties"), "properties"] if head == "events" else place.split(".")
    for step in steps:
        body = body.setdefault(step, {})
    return body


def _is_telling(name: str) -> bool:
    lowered = name.lower()
    return any(word in lowered for word in _TELLING) and not any(word in lowered for word in _HARMLESS)
