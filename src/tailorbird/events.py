"""The shared words: what flows through the loop, from an accepted event to a decision.

Everything here is plain data. Times are whole milliseconds since 1970 in UTC (`*_at`, `timestamp`); hashes have
16 bytes.
A `Record` is what stands in the log, one of

    Event         something a person did (law 1: acknowledged means this is on disk)
    Rejected      a call that could not be understood, kept with its reason
    Decided       what was offered to whom, why and with what probability (law 9)
    Signal        what the engine told itself: time came to an instant, definitions came into force (law 3)

An `Event` never knows its person: it carries its `leaf`, the keyed hash of its strongest identifier, and whoever wants
the person joins through `links`. What identifies somebody, and all that nobody declared, lies in `sealed`.
"""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

EventType = Literal["track", "identify", "page", "screen", "group", "alias"]
Right = Literal["collect", "decide", "read", "admin"]
Leaf = bytes
PersonId = bytes

# Strongest first: the first one present names the leaf, and the person (docs/words.md, "identifier").
IDENTIFIER_TYPES = ("userId", "email", "deviceId", "anonymousId")

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


class Identifier(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One identifier of one type, as its keyed hash; the readable value is in the sealed part."""

    type: str
    hash: bytes


class Event(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="e", gc=False):
    """One thing a person did, as it stands in the log and in the lake.

    `plain_*` hold the declared, non-personal fields (typed by the tracking plan); `sealed` is nonce + AES-GCM of a
    `Secret` under the key of `leaf`.
    """

    source: str  # name of the key that sent it; with message_id the identity of the event (law 2)
    message_id: str
    type: EventType
    event: str  # "Order Completed" for track; the page's or screen's name; "" otherwise
    leaf: Leaf
    identifiers: list[Identifier]  # strongest first; identifiers[0].hash == leaf
    timestamp: int  # when it happened, by a corrected clock
    received_at: int  # when it reached us
    plain_properties: dict[str, Any]
    plain_context: dict[str, Any]  # dotted paths: {"page.path": "/", "campaign.source": "news"}
    plain_traits: dict[str, Any]
    consent: dict[str, bool]  # purposes that this very event grants or withdraws; {} says nothing
    sealed: bytes
    plan_version: int = 0


class Secret(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The sealed half of an event: who it was, and everything that the plan does not declare as plain."""

    identifiers: list[tuple[str, str]]  # (type, readable value), same order as Event.identifiers
    properties: dict[str, Any] = {}
    context: dict[str, Any] = {}
    traits: dict[str, Any] = {}
    envelope: dict[str, Any] = {}  # groupId, previousId, integrations, originalTimestamp and unknown root fields


class Rejected(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="r", gc=False):
    """A call, or one event of a batch, that could not be understood; kept sealed so that it can be replayed."""

    source: str
    reason: str  # a stable code: "json", "type", "identifier", "timestamp", "size", "required", ...
    where: str  # "batch[3].timestamp"
    detail: str  # for people: thing, value's kind, next step; never a personal value
    leaf: Leaf  # whose key seals it; a key of the day where no identifier could be read
    received_at: int
    sealed: bytes  # the raw JSON of the event, sealed
    path: str = "/v1/batch"  # where it was posted


class Reason(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Why an item was offered: a term of its score, in words and as data."""

    # "history", "bought_before", "goes_with", "similar", "category", "interest", "content", "segment",
    # "circumstance", "popular", "catalogue", "pinned"
    kind: str
    text: str  # "because you bought Whole Milk"
    item: str = ""  # the history or context item that caused it
    value: float = 0.0  # its part of the score


class Choice(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One item of a decision."""

    id: str
    score: float
    reasons: list[Reason]
    # name, price, image ... for rendering: JSON, written once for all pages. (A schema can show no Raw as a default.)
    item: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"{}"))
    probability: float = 1.0  # that this item stands in this place, given the policy and its chance


class Question(msgspec.Struct, frozen=True, gc=False):
    """One thing to ask a person; their answer comes as a trait of an identify call."""

    trait: str
    text: str
    options: list[str | int | float | bool]
    skip: str  # the button of who does not want to say


class Decision(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What to show in one placement, and why."""

    id: str
    placement: str
    items: list[Choice]
    # Of the cold-start chain: "history", "context", "content", "interests", "segment", "circumstances", "popular",
    # "catalogue", "empty"; "question".
    link: str
    probability: float  # of this choice, given the policy and its chance
    model: str  # name and version, "" before the first training
    title: str = ""
    why: str = ""  # one sentence: consent withheld, unknown person, no model yet ...
    steps: list[dict[str, Any]] = []  # with debug: what each step took in and let out
    ask: Question | None = None  # in place of items, where the placement asks


class Decided(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="d", gc=False):
    """A decision as it stands in the log: enough to join exposures and outcomes to it, nothing personal."""

    id: str
    at: int
    leaf: Leaf  # of the identifiers in the request; b"" when there were none
    placement: str
    items: list[str]
    reasons: list[str]  # the first reason's kind of each item
    scores: list[float]
    link: str
    probability: float  # of the page
    model: str
    propensities: list[float] = []  # of each item: the probability with which it came to its place; empty: 1 for all


SignalKind = Literal["tick", "definitions", "baseline"]


class Signal(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="s", gc=False):
    """What moves people although they did nothing. In the log, so that a replay moves them alike.

    tick         time has come to `at`; the body is empty
    definitions  traits, segments and what they were checked against, as `know.language.program.load` reads them
    baseline     what everyone leans to: {"category": {value: share}, "brand": {value: share}}
    """

    kind: SignalKind
    at: int  # ms, by the clock of whoever appended it
    version: int  # of the definitions, or of the baseline; 0 for a tick
    body: dict[str, Any] = {}


Record = Event | Rejected | Decided | Signal


class Item(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One thing of the catalogue that can be offered."""

    id: str
    name: str = ""
    category: str = ""
    brand: str = ""
    price: float | None = None
    currency: str = ""
    available: bool = True
    available_from: int | None = None  # ms; None: always has been
    available_until: int | None = None
    url: str = ""
    image_url: str = ""
    text: str = ""
    tags: list[str] = []
    attributes: dict[str, Any] = {}  # typed attributes of the site's own


_encode = msgspec.msgpack.Encoder().encode
_decode: Callable[[bytes], Record] = msgspec.msgpack.Decoder(Record).decode


def encode_record(record: Record) -> bytes:
    """The bytes of a record as the log, the leaf index and the lake keep them.

    >>> event = Event("web", "m1", "track", "Order Completed", b"L" * 16, [], 5, 6, {"revenue": 9.5}, {}, {}, {}, b"")
    >>> decode_record(encode_record(event)) == event
    True
    """
    return _encode(record)


def decode_record(payload: bytes) -> Record:
    """The record back from `encode_record`; raises msgspec.DecodeError (a ValueError) on foreign bytes."""
    return _decode(payload)
