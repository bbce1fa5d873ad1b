"""Step 1 of the loop: bytes become events, or are kept with the reason why not.

accept = unpack -> dialect -> for each item: read -> who -> when -> split by the plan -> Draft
                                              any step may refuse -> RejectedDraft
"""

from hashlib import blake2b
from typing import Any, get_args

from tailorbird.collect.body import MAX_EVENT_BYTES, read_json, unpack
from tailorbird.collect.dialects import segment
from tailorbird.collect.draft import Accepted, Call, Draft, Refused, RejectedDraft
from tailorbird.collect.identifiers import Known, known
from tailorbird.collect.plan import TrackingPlan
from tailorbird.collect.times import corrected, parse_time
from tailorbird.errors import BadRequest
from tailorbird.events import DAY_MS, EventType, Leaf, Secret

MAX_NAME = 200
_TYPES: dict[str, EventType] = {kind: kind for kind in get_args(EventType)}


def accept(path: str, body: bytes, call: Call, plan: TrackingPlan, site_key: bytes) -> Accepted:
    """Every event of a call, split by the plan; what cannot be taken stands beside them with its reason.

    Raises BadRequest (TooLarge among them) where the call as a whole is none: unknown path, no JSON object, over
    500 KB or 2,500 events. A bad event never harms its neighbours.

    >>> from tailorbird.collect.plan import BUILT_IN_PLAN
    >>> body = b'{"userId": 42, "event": "Product Viewed", "properties": {"price": 5, "mood": "good"}}'
    >>> draft = accept("/v1/track", body, Call(1_000, "web"), BUILT_IN_PLAN, b"k" * 32).drafts[0]
    >>> draft.event, draft.plain_properties, draft.secret.properties, draft.secret.identifiers
    ('Product Viewed', {'price': 5.0}, {'mood': 'good'}, [('userId', '42')])
    """
    posted = segment.read(path, unpack(body))
    drafts: list[Draft] = []
    rejected: list[RejectedDraft] = []
    reading = _Reading(posted, call, plan, site_key)
    for index, raw in enumerate(posted.items):
        try:
            drafts.append(reading.draft(raw, index))
        except Refused as refusal:
            rejected.append(reading.rejected(raw, index, refusal, path))
    return Accepted(drafts, rejected, reading.write_key())


class _Reading:
    """What the items of one call have in common."""

    def __init__(self, posted: segment.Posted, call: Call, plan: TrackingPlan, site_key: bytes) -> None:
        self.posted = posted
        self.call = call
        self.plan = plan
        self.site_key = site_key
        self.sent_at = _sent_at(posted.sent_at)
        self.item_key: Any = None
        self.seen = _seen_by_shell(call)

    def write_key(self) -> str | None:
        key = self.posted.write_key or self.item_key
        return key if isinstance(key, str) else None

    def draft(self, raw: Any, index: int) -> Draft:
        """One item as a draft; raises Refused."""
        item = self._item(raw)
        pop = item.pop
        kind = self._type(pop("type", None))
        context = self._context(pop("context", None))
        traits = _traits(kind, _mapping(pop("traits", None)), context)
        properties = _mapping(pop("properties", None))
        event = _name(kind, item, properties)
        who = self._who(kind, item, context, traits, properties)
        timestamp = self._when(item)
        consent = _consent(event, context, properties)
        message_id = _message_id(pop("messageId", None), raw, self.call, index)
        if self.posted.integrations:
            item["integrations"] = {**self.posted.integrations, **_mapping(item.get("integrations"))}
        plain_properties, secret_properties = self.plan.split_event(kind, event, properties)
        plain_context, secret_context = self.plan.split_context(context)
        plain_traits, secret_traits = self.plan.traits.split(traits, "traits") if traits else ({}, {})
        return Draft(
            self.call.source,
            message_id,
            kind,
            event,
            who[0].hashed.hash,
            [one.hashed for one in who],
            timestamp,
            self.call.received_at,
            plain_properties,
            plain_context,
            plain_traits,
            consent,
            Secret([one.readable for one in who], secret_properties, secret_context, secret_traits, item),
            self.plan.version,
        )

    def rejected(self, raw: Any, index: int, refusal: Refused, path: str) -> RejectedDraft:
        """The item with its reason; raises BadRequest where the whole call is this one unreadable thing."""
        where = ".".join(part for part in (self._place(index), refusal.where) if part)
        if self.posted.type is not None and refusal.reason in ("json", "shape"):
            raise BadRequest("The body is not a JSON object; send one event as {...}.")
        return RejectedDraft(
            self.call.source,
            refusal.reason,
            where,
            refusal.detail,
            self._leaf_of(raw),
            self.call.received_at,
            segment.alone(self.posted, bytes(raw)),
            path,
        )

    def _place(self, index: int) -> str:
        return f"batch[{index}]" if self.posted.type is None else ""

    def _leaf_of(self, raw: Any) -> Leaf:
        """The leaf of a refused item, so that erasing the person erases it too; else a key of the day."""
        try:
            item = self._item(raw)
            context = self._context(item.get("context"))
            return self._who("track", item, context, _mapping(item.get("traits")), _mapping(item.get("properties")))[
                0
            ].hashed.hash
        except Refused:
            day = self.call.received_at // DAY_MS
            return blake2b(f"rejected:{day}".encode(), digest_size=16, key=self.site_key).digest()

    def _item(self, raw: Any) -> dict[str, Any]:
        if len(raw_bytes := bytes(raw)) > MAX_EVENT_BYTES:
            raise Refused("size", "", f"The event is larger than {MAX_EVENT_BYTES:,} bytes; send less with it.")
        item = read_json(raw_bytes)
        if item.__class__ is not dict:
            raise Refused("shape", "", "An event must be a JSON object.")
        key = item.pop("writeKey", None)
        self.item_key = self.item_key or key
        return item

    def _type(self, named: Any) -> EventType:
        if self.posted.type is not None:
            return self.posted.type
        kind = _TYPES.get(named) if named.__class__ is str else None
        if kind is None:
            raise Refused("type", "type", f"An event's type must be one of {', '.join(_TYPES)}.")
        return kind

    def _context(self, given: Any) -> dict[str, Any]:
        context = given if given.__class__ is dict else {}
        if self.posted.context:
            context = {**self.posted.context, **context}
        if self.seen:
            context = {**self.seen, **context}
        return context

    def _who(
        self,
        kind: EventType,
        item: dict[str, Any],
        context: dict[str, Any],
        traits: dict[str, Any],
        properties: dict[str, Any],
    ) -> list[Known]:
        """Strongest first; behind them what an alias says was the same person before."""
        site_key = self.site_key
        device = context.get("device")
        values = (
            ("userId", item.pop("userId", None)),
            ("email", _mail(kind, context, traits, properties)),
            ("deviceId", device.get("id") if device.__class__ is dict else None),
            ("anonymousId", item.pop("anonymousId", None)),
        )
        who = [one for type, value in values if value is not None and (one := known(site_key, type, value))]
        if kind == "alias":
            who += _previous(site_key, item.get("previousId"), who)
        if not who:
            raise Refused("identifier", "", "The event names nobody; send a userId or an anonymousId.")
        return who

    def _when(self, item: dict[str, Any]) -> int:
        original, plain = item.pop("originalTimestamp", None), item.pop("timestamp", None)
        given = plain if original is None else original
        sent = item.pop("sentAt", None)
        if given is None:
            return self.call.received_at
        try:
            at = parse_time(given)
        except ValueError:
            raise Refused(
                "timestamp", "timestamp", "The time cannot be read; send ISO 8601 or ms since 1970."
            ) from None
        item["originalTimestamp"] = given
        return corrected(at, _sent_at(sent) if sent is not None else self.sent_at, self.call.received_at)


def _sent_at(value: Any) -> int | None:
    try:
        return None if value is None else parse_time(value)
    except ValueError:
        return None


def _seen_by_shell(call: Call) -> dict[str, Any]:
    """Address and browser as the server saw them: only where a browser called, not a server on a person's behalf."""
    seen: dict[str, Any] = {"gpc": True} if call.gpc else {}
    if call.user_agent.startswith("Mozilla/"):
        seen |= {"ip": call.ip, "userAgent": call.user_agent}
    return seen


def _mapping(value: Any) -> dict[str, Any]:
    return value if value.__class__ is dict else {}


def _traits(kind: EventType, traits: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    """An identify call may carry its traits in the context (RudderStack); elsewhere they only describe the context."""
    if kind != "identify" or context.get("traits").__class__ is not dict:
        return traits
    return {**context.pop("traits"), **traits}


def _name(kind: EventType, item: dict[str, Any], properties: dict[str, Any]) -> str:
    """What happened: a track call's event, a page's or screen's name (or its category, where old clients put it)."""
    if kind == "track":
        name = item.pop("event", None)
        if name.__class__ is not str or not 0 < len(name) <= MAX_NAME:
            raise Refused("event", "event", f"A track call needs an event name of 1 to {MAX_NAME} characters.")
        return name
    if kind not in ("page", "screen"):
        return ""
    name, category = item.pop("name", None), item.pop("category", None)
    if category is not None:
        properties.setdefault("category", category)
    name = name or properties.get("name") or category
    return name[:MAX_NAME] if name.__class__ is str else ""


def _mail(kind: EventType, context: dict[str, Any], traits: dict[str, Any], properties: dict[str, Any]) -> Any:
    """The person's own e-mail address; a group's traits describe the group."""
    if kind != "group" and (mail := traits.get("email")):
        return mail
    about = context.get("traits")
    return (about.get("email") if about.__class__ is dict else None) or properties.get("email")


def _previous(site_key: bytes, previous: Any, who: list[Known]) -> list[Known]:
    """A previousId may have been a userId or an anonymousId: the call does not say, so it stands for both."""
    both = [one for type in ("userId", "anonymousId") if (one := known(site_key, type, previous))]
    names = {one.readable[1] for one in who}
    return [one for one in both if one.readable[1] not in names]


def _consent(event: str, context: dict[str, Any], properties: dict[str, Any]) -> dict[str, bool]:
    """The purposes that this event grants or withdraws."""
    said = context.get("consent")
    if said is None and event != "Consent Changed":
        return {}
    preferences = _mapping(_mapping(said).get("categoryPreferences"))
    if event == "Consent Changed":
        preferences = {**preferences, **_mapping(properties.get("purposes"))}
    return {purpose: granted for purpose, granted in preferences.items() if isinstance(granted, bool)}


def _message_id(given: Any, raw: Any, call: Call, index: int) -> str:
    if given.__class__ is str and given:
        return given
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    place = f"{call.source}:{call.received_at}:{index}:".encode()
    return blake2b(place + bytes(raw), digest_size=16).hexdigest()
