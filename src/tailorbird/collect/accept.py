"""Step 1 of the loop: bytes become events, or are kept with the reason why not.

accept = unpack -> dialect -> for each item: read -> understand -> Draft
                              any step may refuse -> RejectedDraft
"""

from hashlib import blake2b

from tailorbird.collect.body import unpack
from tailorbird.collect.dialects import segment
from tailorbird.collect.draft import Accepted, Call, Draft, Refused, RejectedDraft
from tailorbird.collect.item import read_item
from tailorbird.collect.plan import TrackingPlan
from tailorbird.collect.understand import Understanding, mapping
from tailorbird.errors import BadRequest
from tailorbird.events import DAY_MS, Leaf


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
    understanding = Understanding(posted, call, plan, site_key)
    drafts: list[Draft] = []
    rejected: list[RejectedDraft] = []
    write_key = posted.write_key
    for index, item in enumerate(posted.items):
        raw = bytes(item)
        try:
            read, others = read_item(raw)
            write_key = write_key or read.writeKey
            drafts.append(understanding.draft(read, others, raw, index))
        except Refused as refusal:
            rejected.append(_rejected(path, posted, raw, index, refusal, understanding))
    return Accepted(drafts, rejected, write_key if isinstance(write_key, str) else None)


def _rejected(
    path: str, posted: segment.Posted, raw: bytes, index: int, refusal: Refused, understanding: Understanding
) -> RejectedDraft:
    """The item with its reason; raises BadRequest where the whole call is this one unreadable thing."""
    # No mended plan could save such a body, and its sender learns of the mistake at once: so it is not kept
    # (docs/why/014).
    if posted.type is not None and refusal.reason in ("json", "shape"):
        raise BadRequest("The body is not a JSON object; send one event as {...}.") from None
    place = f"batch[{index}]" if posted.type is None else ""
    where = ".".join(part for part in (place, refusal.where) if part)
    call, leaf = understanding.call, _leaf_of(raw, understanding)
    again = segment.alone(posted, raw)
    return RejectedDraft(call.source, refusal.reason, where, refusal.detail, leaf, call.received_at, again, path)


def _leaf_of(raw: bytes, understanding: Understanding) -> Leaf:
    """The leaf of a refused item where one can be read, so that forgetting the person forgets it too."""
    try:
        item, _ = read_item(raw)
        kind = understanding.type or ("group" if item.type == "group" else "track")
        about = understanding.about(item.context)
        identifiers, _ = understanding.who(kind, item, about, mapping(item.traits), mapping(item.properties))
    except Refused:
        return leaf_of_day(understanding.site_key, understanding.call.received_at)
    return identifiers[0].hash


def leaf_of_day(site_key: bytes, received_at: int) -> Leaf:
    """The leaf that stands for nobody: under its key lie the refused events of one day that name no person."""
    return blake2b(f"rejected:{received_at // DAY_MS}".encode(), digest_size=16, key=site_key).digest()
