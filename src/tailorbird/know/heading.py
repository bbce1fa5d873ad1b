"""What the steps look at of an event, each decoding only that much of it.

    Heading    whose it is and when: for once, consent, identity and index
    Deed       what was done: for the profile

Decoding an event twice in parts, each time right before it is used, takes less than decoding all of it once for later:
ten thousand decoded events are out of the processor's cache when the profiles take them
(docs/why/033-profiles-are-kept-encoded.md).
"""

from collections.abc import Sequence
from typing import Any, TypedDict

import msgspec

from tailorbird.events import Decided, EventType, Identifier, Rejected, Signal


class Heading(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="e", gc=False):
    """The first fields of `tailorbird.events.Event` in their order; those that are Raw are not looked into."""

    source: str
    message_id: str
    type: EventType
    event: str
    leaf: bytes
    identifiers: list[Identifier]
    timestamp: int
    received_at: int
    plain_properties: msgspec.Raw
    plain_context: msgspec.Raw
    plain_traits: msgspec.Raw
    consent: dict[str, bool]


class Facts(TypedDict, total=False):
    """The properties that a profile is made of (know.items, orders, predictions); all others are skipped, not built."""

    # Any: the plan is the site's, and one that declares a text as "total" must not make the event unreadable.
    product_id: Any
    sku: Any
    category: Any
    brand: Any
    products: Any
    revenue: Any
    total: Any
    value: Any
    model: Any  # these three of a prediction
    label: Any
    version: Any


class Deed(msgspec.Struct, frozen=True, array_like=True, tag_field="k", tag="e", gc=False):
    """The first fields of `tailorbird.events.Event` in their order, as far as `know.fold` asks for them."""

    source: msgspec.Raw
    message_id: msgspec.Raw
    type: EventType
    event: str
    leaf: msgspec.Raw
    identifiers: msgspec.Raw
    timestamp: int
    received_at: int
    plain_properties: Facts
    plain_context: msgspec.Raw
    plain_traits: dict[str, Any]


_decode = msgspec.msgpack.Decoder(Heading | Rejected | Decided | Signal).decode
_decode_deed = msgspec.msgpack.Decoder(Deed).decode


def read_heading(payload: bytes) -> Heading | Rejected | Decided | Signal | None:
    """The heading of an event, or another record as it is; None for bytes that are no record.

    >>> from tailorbird.events import Event, encode_record
    >>> event = Event("web", "m1", "page", "", b"L" * 16, [], 5, 6, {"a": 1}, {}, {}, {}, b"")
    >>> read_heading(encode_record(event)).message_id
    'm1'
    """
    try:
        return _decode(payload)  # type: ignore[no-any-return]
    except msgspec.DecodeError:
        return None


def read_headings(payloads: Sequence[bytes]) -> list[Heading | Rejected | Decided | Signal | None]:
    """`read_heading` of each."""
    try:
        return list(map(_decode, payloads))  # in half the time: no call of ours for each
    except msgspec.DecodeError:
        return [read_heading(payload) for payload in payloads]


def read_deed(payload: bytes) -> Deed:
    """What an encoded event says was done; raises msgspec.DecodeError (a ValueError) where it is no event.

    >>> from tailorbird.events import Event, encode_record
    >>> event = Event("web", "m1", "page", "", b"L" * 16, [], 5, 6, {"sku": "tea", "a": 1}, {}, {}, {}, b"")
    >>> read_deed(encode_record(event)).plain_properties
    {'sku': 'tea'}
    """
    return _decode_deed(payload)
