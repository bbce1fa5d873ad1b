"""One item of the canonical shape becomes a `Draft`: who, when, what, and which half of it may be seen.

The canonical shape is Segment's; a dialect that differs brings its items into it first.
"""

from functools import lru_cache
from hashlib import blake2b
from typing import Any, get_args

import msgspec

from tailorbird.collect.about import About, contexts_under, read_about
from tailorbird.collect.body import read_json
from tailorbird.collect.dialects.segment import Posted
from tailorbird.collect.draft import Call, Draft, Refused
from tailorbird.collect.identifiers import known
from tailorbird.collect.item import Item, Json
from tailorbird.collect.kinds import storable
from tailorbird.collect.plan import TrackingPlan
from tailorbird.collect.times import corrected, parse_time
from tailorbird.events import EventType, Identifier, Secret

MAX_NAME = 200
# Tailorbird's own words about people: a key that stands in a web page must not put them into its mouth.
DERIVED = frozenset({"Prediction Made", "Segment Entered", "Segment Left"})
_TYPES: dict[str, EventType] = {kind: kind for kind in get_args(EventType)}
# As they came, in the envelope.
_KEPT = ("integrations", "groupId", "previousId", "channel", "_metadata")

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
        # The batch over what the shell saw: a server that sends on somebody's behalf knows their address better than we
        # do.
        self.around: Json = {**_seen_by_shell(call), **posted.context}
        self.contexts = contexts_under(plan)
        self.sent_at = sent_time(posted.sent_at)

    def draft(self, item: Item, others: Json, raw: bytes, index: int) -> Draft:
        """The item as a draft; `others` are the fields it brought beside the named ones. Raises Refused."""
        call, plan = self.call, self.plan
        kind = self.type or _type(item.type)
        about = self.about(item.context)
        properties = mapping(item.properties)
        event = _name(kind, item, properties)
        if event in DERIVED and kind == "track" and not call.may_derive:
            raise Refused(
                "derived", "event", f"'{event}' is for Tailorbird to say; send it with a key that may 'admin'."
            )
        traits = _traits(kind, item.traits, about)
        identifiers, readable = self.who(kind, item, about, traits, properties)
        said_at = item.timestamp if item.originalTimestamp is None else item.originalTimestamp
        timestamp = self.when(said_at, item.sentAt)
        plain_properties, secret_properties = plan.split_event(kind, event, properties)
        plain_traits, secret_traits = plan.split_traits(kind, traits) if traits else ({}, {})
        return Draft(
            call.source,
            _message_id(item.messageId, raw, call, index),
            kind,
            event,
            identifiers[0].hash,
            identifiers,
            timestamp,
            call.received_at,
            plain_properties,
            about.plain,
            plain_traits,
            _consent(event, about, properties),
            Secret(readable, secret_properties, about.secret, secret_traits, self.envelope(item, others, said_at)),
            plan.version,
        )

    def about(self, context: Any) -> About:
        """The item's context, over the batch's, over what the shell saw."""
        # Nothing to mix in: then equal bytes mean an equal context, and it is read once (docs/why/013).
        if not self.around:
            raw = context.__class__ is msgspec.Raw
            return self.contexts.read(bytes(context)) if raw else read_about(mapping(context), self.plan)
        if context.__class__ is msgspec.Raw:
            context = read_json(bytes(context)) if bytes(context) else {}
        return read_about({**self.around, **mapping(context)}, self.plan)

    def who(self, kind: EventType, item: Item, about: About, traits: Json, properties: Json) -> Who:
        """(hashed, readable) identifiers, strongest first, then what an alias says was the same person before."""
        # A group's traits describe a company: its e-mail is nobody's.
        mail = (traits.get("email") if traits and kind != "group" else None) or about.traits.get("email")
        values: Pairs = (
            ("userId", item.userId),
            ("email", mail or properties.get("email")),
            ("deviceId", about.device_id),
            ("anonymousId", item.anonymousId),
        )
        if kind == "alias" and item.previousId != item.userId:
            # The call does not say which of the two it was.
            values += (("userId", item.previousId), ("anonymousId", item.previousId))
        identifiers, readable = [], []
        for type, value in values:
            if value is not None and (one := known(self.site_key, type, value)):
                hashed, name = one
                identifiers.append(hashed)
                readable.append(name)
        if not identifiers:
            raise Refused("identifier", "", "The event names nobody; send a userId or an anonymousId.")
        return identifiers, readable

    def when(self, said_at: Any, sent_at: Any) -> int:
        """When it happened, by our clock; what an item says of it is by the client's."""
        if said_at is None:
            return self.call.received_at
        try:
            at = parse_time(said_at)
        except ValueError:
            raise Refused(
                "timestamp", "timestamp", "The time cannot be read; send ISO 8601 or ms since 1970."
            ) from None
        return corrected(at, self.sent_at if sent_at is None else sent_time(sent_at), self.call.received_at)

    def envelope(self, item: Item, others: Json, said_at: Any) -> Json:
        """What is left of the item: kept, sealed, for whoever must know exactly what was sent."""
        envelope = {name: storable(value) for name, value in others.items()} if others else {}
        if said_at is not None:
            envelope["originalTimestamp"] = said_at
        for name in _KEPT:
            value = getattr(item, name)
            if value is not None:
                envelope[name] = storable(value)
        if self.integrations:
            envelope["integrations"] = {**self.integrations, **mapping(envelope.get("integrations"))}
        return envelope


def sent_time(value: Any) -> int | None:
    """When the client sent it, by its clock; None where it does not say so readably: then no clock is corrected."""
    try:
        return _sent_text(value) if value.__class__ is str else None if value is None else parse_time(value)
    except ValueError:
        return None


_sent_text = lru_cache(256)(parse_time)  # all items of a batch, and all retries, repeat it


def _seen_by_shell(call: Call) -> Json:
    """Address and browser as the server saw them: only where a browser called, not a server on a person's behalf."""
    seen: Json = {"gpc": True} if call.gpc else {}
    if call.user_agent.startswith("Mozilla/"):
        seen |= {"ip": call.ip, "userAgent": call.user_agent}
    return seen


def mapping(value: Any) -> Json:
    """The value if it is an object, else an empty one: a wrong shape there does not cost the event."""
    return value if value.__class__ is dict else {}


def _type(named: Any) -> EventType:
    kind = _TYPES.get(named) if named.__class__ is str else None
    if kind is None:
        raise Refused("type", "type", f"An event's type must be one of {', '.join(_TYPES)}.")
    return kind


def _traits(kind: EventType, traits: Any, about: About) -> Json:
    """An identify call may carry its traits in the context (RudderStack); elsewhere they only describe the context."""
    own = mapping(traits)
    return {**about.traits, **own} if kind == "identify" and about.traits else own


def _name(kind: EventType, item: Item, properties: Json) -> str:
    """What happened: a track call's event, a page's or screen's name (or its category, where old clients put it)."""
    if kind == "track":
        event = item.event
        if event.__class__ is not str or not 0 < len(event) <= MAX_NAME:
            raise Refused("event", "event", f"A track call needs an event name of 1 to {MAX_NAME} characters.")
        return event
    if kind not in ("page", "screen"):
        return ""
    if item.category is not None:
        properties.setdefault("category", item.category)
    name = item.name or properties.get("name") or item.category
    return name[:MAX_NAME] if name.__class__ is str else ""


def _consent(event: str, about: About, properties: Json) -> dict[str, bool]:
    """The purposes that this event grants or withdraws."""
    if about.consent is None and event != "Consent Changed":
        return {}
    purposes = dict(mapping(about.consent))
    if event == "Consent Changed":
        purposes |= {**properties, **mapping(properties.get("purposes"))}
    return {purpose: granted for purpose, granted in purposes.items() if granted.__class__ is bool}


def _message_id(given: Any, raw: bytes, call: Call, index: int) -> str:
    if given.__class__ is str and given:
        return given
    if given.__class__ is int:
        return str(given)
    # With its place in this call: two equal events of one batch are two events.
    place = f"{call.source}:{call.received_at}:{index}:".encode()
    return blake2b(place + raw, digest_size=16).hexdigest()
