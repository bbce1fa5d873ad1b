"""What is known of one person, as a fold of their events."""

from typing import Any, Never

import msgspec

from tailorbird.errors import Corrupt

RECENT_ITEMS = 50
BOUGHT_ITEMS = 200
SESSION_SPANS = 10


class Touch(msgspec.Struct, array_like=True, gc=False):
    """One contact with one item."""

    item: str
    kind: str  # "viewed", "clicked", "added", "removed", "bought"
    at: int


class Counter(msgspec.Struct, array_like=True, gc=False):
    """How often, in all and by day (days since 1970 in UTC), so that any window of whole days can be answered."""

    total: int = 0
    first_at: int = 0
    last_at: int = 0
    days: dict[int, int] = {}


class Bought(msgspec.Struct, array_like=True, gc=False):
    """How often one item was bought, and when."""

    times: int
    first_at: int
    last_at: int


class Consent(msgspec.Struct, array_like=True, gc=False):
    """What the person said about one purpose, last."""

    granted: bool
    at: int
    source: str


class Prediction(msgspec.Struct, array_like=True, gc=False):
    """What a model said of the person last."""

    value: float  # a chance, or an amount
    label: str  # a category
    version: str  # of the model
    at: int


class Profile(msgspec.Struct, array_like=True):
    """One person. `version` counts the events folded in."""

    person: bytes
    version: int = 0
    consent: dict[str, Consent] = {}
    first_seen_at: int = 0
    last_seen_at: int = 0
    identifiers: dict[str, list[str]] = {}  # readable: {"userId": ["42"], "email": ["a@example.com"]}
    traits: dict[str, Any] = {}  # as said last, by the time of the event
    trait_at: dict[str, int] = {}
    counters: dict[str, Counter] = {}  # by event name; page and screen under "page", "screen"
    orders: int = 0
    revenue: float = 0.0
    first_order_at: int = 0
    last_order_at: int = 0
    revenue_days: dict[int, float] = {}
    categories: dict[str, float] = {}  # decayed: read them with `know.affinity`
    brands: dict[str, float] = {}
    recent: list[Touch] = []  # oldest first, at most RECENT_ITEMS
    bought: dict[str, Bought] = {}  # at most BOUGHT_ITEMS
    sessions: int = 0
    session_started_at: int = 0
    session_last_at: int = 0
    groups: list[str] = []
    spans: list[tuple[int, int]] = []  # (start, last) of the latest SESSION_SPANS sessions, oldest first
    predictions: dict[str, Prediction] = {}  # by model: the call that names it


class _Head(msgspec.Struct, array_like=True, gc=False):
    """The first fields of a Profile, which is all that has to be decoded to know what the person said."""

    person: bytes
    version: int
    consent: dict[str, Consent]


# Encoders are made once: making one costs more than using it.
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Profile).decode
_decode_head = msgspec.msgpack.Decoder(_Head).decode


def encode_profile(profile: Profile) -> bytes:
    """The bytes of a profile as the state keeps them."""
    return _encode(profile)


def decode_profile(value: bytes) -> Profile:
    """The profile back from `encode_profile`; raises Corrupt on foreign bytes.

    >>> decode_profile(encode_profile(Profile(b"p" * 16, version=3))).version
    3
    """
    try:
        return _decode(value)
    except msgspec.DecodeError as error:
        _refuse(value, error)


def decode_consent(value: bytes) -> dict[str, Consent]:
    """What the person of an encoded profile said about purposes; raises Corrupt on foreign bytes.

    >>> decode_consent(encode_profile(Profile(b"p" * 16, consent={"messaging": Consent(False, 5, "web")})))
    {'messaging': Consent(granted=False, at=5, source='web')}
    """
    try:
        return _decode_head(value).consent
    except msgspec.DecodeError as error:
        _refuse(value, error)


def _refuse(value: bytes, error: msgspec.DecodeError) -> Never:
    # Only where it is broken, never what it holds: the message goes to logs.
    raise Corrupt(
        f"A profile of {len(value)} bytes in the state is not one: {error}. "
        "Stop the server and run `tailorbird rebuild`; lake and log have all that it takes."
    ) from error
