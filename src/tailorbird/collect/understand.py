"""One item of the canonical shape becomes a `Draft`: who, when, what, and which half of it may be seen.

The canonical shape is Segment's; a dialect that differs brings its items into it first.
"""

from hashlib import blake2b
from typing import Any, get_args

from tailorbird.collect.dialects.segment import Posted
from tailorbird.collect.draft import Call, Draft, Refused
from tailorbird.collect.identifiers import known
from tailorbird.collect.kinds import storable
from tailorbird.collect.plan import TrackingPlan
from tailorbird.collect.times import corrected, parse_time
from tailorbird.events import EventType, Identifier, Secret

MAX_NAME = 200
_TYPES: dict[str, EventType] = {kind: kind for kind in get_args(EventType)}
_NAMED = ("page", "screen")

Json = dict[str, Any]
Pairs = tuple[tuple[str, Any], ...]
Who = tuple[list[Identifier], list[tuple[str, str]]]


class Understanding:
    """What all items of one call share, and how each becomes a draft."""

    def __init__(self, posted: Posted, call: Call, plan: TrackingPlan, site_key: bytes) -> None:
        self.call = call
        self.plan = plan
        self.site_key = site_key
        self.type = posted.type
        self.integrations = posted.integrations
        self.around: Json = {**_seen_by_shell(call), **posted.context}
        self.sent_at = sent_time(posted.sent_at)

    def draft(self, item: Json, raw: bytes, index: int) -> Draft:
        """The item as a draft; takes `item` apart, what is left of it is the envelope. Raises Refused."""
        call, plan, pop = self.call, self.plan, item.pop
        kind = self.type or _type(pop("type", None))
        context, traits, properties = self.context(item), pop("traits", None), _mapping(pop("properties", None))
        traits = _traits(kind, traits, context) if traits or kind == "identify" else {}
        event = _name(kind, item, properties)
        consent = _consent(event, context, properties)
        identifiers, readable = self.who(kind, item, context, traits, properties)
        message_id = pop("messageId", None)
        if message_id.__class__ is not str or not message_id:
            message_id = _message_id(message_id, raw, call, index)
        timestamp = self.when(item)
        for name, value in item.items():
            if value.__class__ is not str:
                item[name] = storable(value)
        if self.integrations:
            item["integrations"] = {**self.integrations, **_mapping(item.get("integrations"))}
        plain_properties, properties = plan.split_event(kind, event, properties)
        plain_context, context = plan.split_context(context)
        plain_traits, traits = plan.split_traits(kind, traits) if traits else ({}, {})
        return Draft(
            call.source, message_id, kind, event, identifiers[0].hash, identifiers, timestamp, call.received_at,
            plain_properties, plain_context, plain_traits, consent,
            Secret(readable, properties, context, traits, item), plan.version,
        )  # fmt: skip

    def context(self, item: Json) -> Json:
        """The item's context over the batch's over what the shell saw; taken out of the item."""
        context = item.pop("context", None)
        if context.__class__ is not dict:
            return dict(self.around)
        return {**self.around, **context} if self.around else context

    def who(self, kind: EventType, item: Json, context: Json, traits: Json, properties: Json) -> Who:
        """(hashed, readable) identifiers, strongest first, then what an alias says was the same person before."""
        pop, device, mail = item.pop, context.get("device"), _mail(kind, context, traits, properties)
        user, device_id = pop("userId", None), device.get("id") if device.__class__ is dict else None
        anonymous = pop("anonymousId", None)
        values: Pairs = (("userId", user), ("email", mail), ("deviceId", device_id), ("anonymousId", anonymous))
        if kind == "alias":
            values += _previous(item.get("previousId"), user)
        identifiers, readable = [], []
        for type, value in values:
            if value is not None and (one := known(self.site_key, type, value)):
                hashed, name = one
                identifiers.append(hashed)
                readable.append(name)
        if not identifiers:
            raise Refused("identifier", "", "The event names nobody; send a userId or an anonymousId.")
        return identifiers, readable

    def when(self, item: Json) -> int:
        """When it happened, by our clock; the envelope keeps what the client said."""
        original, given, sent = (
            item.pop("originalTimestamp", None),
            item.pop("timestamp", None),
            item.pop("sentAt", None),
        )
        if original is not None:
            given = original
        if given is None:
            return self.call.received_at
        try:
            at = parse_time(given)
        except ValueError:
            raise Refused(
                "timestamp", "timestamp", "The time cannot be read; send ISO 8601 or ms since 1970."
            ) from None
        item["originalTimestamp"] = given
        return corrected(at, self.sent_at if sent is None else sent_time(sent), self.call.received_at)


def sent_time(value: Any) -> int | None:
    """When the client sent it, by its clock; None where it does not say so readably: then no clock is corrected."""
    try:
        return None if value is None else parse_time(value)
    except ValueError:
        return None


def _seen_by_shell(call: Call) -> Json:
    """Address and browser as the server saw them: only where a browser called, not a server on a person's behalf."""
    seen: Json = {"gpc": True} if call.gpc else {}
    if call.user_agent.startswith("Mozilla/"):
        seen |= {"ip": call.ip, "userAgent": call.user_agent}
    return seen


def _mapping(value: Any) -> Json:
    return value if value.__class__ is dict else {}


def _type(named: Any) -> EventType:
    kind = _TYPES.get(named) if named.__class__ is str else None
    if kind is None:
        raise Refused("type", "type", f"An event's type must be one of {', '.join(_TYPES)}.")
    return kind


def _traits(kind: EventType, traits: Any, context: Json) -> Json:
    """An identify call may carry its traits in the context (RudderStack); elsewhere they only describe the context."""
    about = context.get("traits")
    if kind != "identify" or about.__class__ is not dict:
        return _mapping(traits)
    del context["traits"]
    return {**about, **_mapping(traits)}


def _name(kind: EventType, item: Json, properties: Json) -> str:
    """What happened: a track call's event, a page's or screen's name (or its category, where old clients put it)."""
    if kind == "track":
        name = item.pop("event", None)
        if name.__class__ is not str or not 0 < len(name) <= MAX_NAME:
            raise Refused("event", "event", f"A track call needs an event name of 1 to {MAX_NAME} characters.")
        return name
    if kind not in _NAMED:
        return ""
    name, category = item.pop("name", None), item.pop("category", None)
    if category is not None:
        properties.setdefault("category", category)
    name = name or properties.get("name") or category
    return name[:MAX_NAME] if name.__class__ is str else ""


def _mail(kind: EventType, context: Json, traits: Json, properties: Json) -> Any:
    """The person's own e-mail address; a group's traits describe the group."""
    about = context.get("traits")
    mail = traits.get("email") if traits and kind != "group" else None
    return mail or (about.get("email") if about.__class__ is dict else None) or properties.get("email")


def _previous(previous: Any, user: Any) -> Pairs:
    """A previousId may have been a userId or an anonymousId: the call does not say, so it stands for both."""
    return () if previous == user else (("userId", previous), ("anonymousId", previous))


def _consent(event: str, context: Json, properties: Json) -> dict[str, bool]:
    """The purposes that this event grants or withdraws."""
    said = context.get("consent")
    if said is None and event != "Consent Changed":
        return {}
    purposes = dict(_mapping(_mapping(said).get("categoryPreferences")))
    if event == "Consent Changed":
        purposes |= _mapping(properties.get("purposes"))
    return {purpose: granted for purpose, granted in purposes.items() if granted.__class__ is bool}


def _message_id(given: Any, raw: bytes, call: Call, index: int) -> str:
    if given.__class__ is int:
        return str(given)
    place = f"{call.source}:{call.received_at}:{index}:".encode()
    return blake2b(place + raw, digest_size=16).hexdigest()
