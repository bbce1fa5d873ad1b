"""From the body of a tracking plan, as read from YAML, to rules; every mistake is named with its place and value."""

from collections.abc import Mapping
from typing import Any, get_args

from tailorbird.collect.fields import Fields, Rule, Unknown, rule
from tailorbird.collect.kinds import Kind
from tailorbird.errors import BadDefinition

UNKNOWN = get_args(Unknown)
_KINDS = get_args(Kind)
_EVENT = ("properties", "unknown", "description")
_FIELD = ("type", "required", "personal", "items", "description")


def mapping(place: str, body: Any, known: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """`body` if it is a mapping (nothing at all is an empty one) with no key but the known."""
    if body is None:
        return {}
    if not isinstance(body, Mapping):
        raise BadDefinition(f"Tracking plan: {place} must be a mapping, not {body!r}.")
    for name in body if known else ():
        if name not in known:
            raise BadDefinition(f"Tracking plan: {place} has {name!r}, which means nothing. Known: {', '.join(known)}.")
    return body


def one_of(place: str, value: Any, known: tuple[Any, ...]) -> Any:
    """`value` if it is one of the known ones."""
    if value not in known:
        raise BadDefinition(f"Tracking plan: {place} is {value!r}. Known: {', '.join(known)}.")
    return value


def event_fields(place: str, body: Any, unknown: Unknown) -> Fields:
    """The declared properties of one event; `unknown` holds where it says nothing of its own."""
    event = mapping(place, body, _EVENT)
    rules = rules_of(f"{place}.properties", event.get("properties"))
    return Fields(rules, one_of(f"{place}.unknown", event.get("unknown", unknown), UNKNOWN))


def rules_of(place: str, body: Any) -> dict[str, Rule]:
    """The rule of each named field."""
    return {str(name): _rule(f"{place}.{name}", field) for name, field in mapping(place, body).items()}


def paths_of(place: str, body: Any) -> dict[str, Rule]:
    """The rule of each dotted path; a path cannot be a value and hold others at once."""
    rules = rules_of(place, body)
    for path in rules:
        parents = [path[:at] for at, mark in enumerate(path) if mark == "."]
        if not all(path.split(".")) or any(parent in rules for parent in parents):
            raise BadDefinition(
                f"Tracking plan: {place}.{path} is no path, or a part of it is itself declared a value."
            )
    return rules


def over(base: Any, body: Any) -> Any:
    """`body` laid over `base`, mapping by mapping.

    The short form `field: type` changes the type alone: what was declared personal stays so until a site says
    `personal: false` in so many words.
    """
    if isinstance(base, Mapping) and isinstance(body, str):
        return {**base, "type": body, "items": base.get("items") if body == "array" else None}
    if not (isinstance(base, Mapping) and isinstance(body, Mapping)):
        return base if body is None else body
    return {**base, **{name: over(base.get(name), value) for name, value in body.items()}}


def _rule(place: str, field: Any) -> Rule:
    if field is None:
        raise BadDefinition(f"Tracking plan: {place} has no type. Known: {', '.join(_KINDS)}.")
    body = mapping(place, {"type": field} if isinstance(field, str) else field, _FIELD)
    kind = one_of(f"{place}.type", body.get("type", "string"), _KINDS)
    items = body.get("items")
    if items is not None and kind != "array":
        raise BadDefinition(f"Tracking plan: {place} has items but type {kind}; only an array has items.")
    fields = None if items is None else Fields(rules_of(f"{place}.items", items))
    return rule(kind, _flag(place, body, "personal"), _flag(place, body, "required"), fields)


def _flag(place: str, body: Mapping[str, Any], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise BadDefinition(f"Tracking plan: {place}.{name} is {value!r}; it must be true or false.")
    return value
