"""One item as it was sent: the fields that the tracking API names, and whatever else stood beside them."""

from typing import Any

import msgspec

from tailorbird.collect.body import MAX_EVENT_BYTES, read_json
from tailorbird.collect.draft import Refused

Json = dict[str, Any]


class Item(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """An item of the canonical shape, by the wire's own names. Nothing is checked yet; null and absent are the same."""

    context: Any = None  # a dict, or its raw JSON: most senders repeat it byte for byte
    type: Any = None
    event: Any = None
    name: Any = None
    category: Any = None
    userId: Any = None
    anonymousId: Any = None
    messageId: Any = None
    timestamp: Any = None
    originalTimestamp: Any = None
    sentAt: Any = None
    properties: Any = None
    traits: Any = None
    integrations: Any = None
    previousId: Any = None
    groupId: Any = None
    channel: Any = None
    _metadata: Any = None
    writeKey: Any = None


# Fails on purpose where an item has a field of its own: msgspec would drop it, and `_read_patiently` keeps it.
class _Wire(Item, gc=False, forbid_unknown_fields=True):
    # Not decoded: its bytes are what `Contexts` looks up (docs/why/013).
    context: msgspec.Raw = msgspec.Raw()


_NAMES = frozenset(Item.__struct_fields__)
_decode = msgspec.json.Decoder(_Wire).decode


def read_item(raw: bytes) -> tuple[Item, Json]:
    """The named fields of an item, and the others. Raises Refused: too large, no JSON, too deep, no object."""
    if len(raw) > MAX_EVENT_BYTES:
        raise Refused("size", "", f"The event is larger than {MAX_EVENT_BYTES:,} bytes; send less with it.")
    try:
        return _decode(raw), {}
    except (ValueError, RecursionError):
        return _read_patiently(raw)


def _read_patiently(raw: bytes) -> tuple[Item, Json]:
    """For items with fields of their own, and for those that only the lenient reader takes."""
    value = read_json(raw)
    if value.__class__ is not dict:
        raise Refused("shape", "", "An event must be a JSON object.")
    others = {name: inner for name, inner in value.items() if name not in _NAMES}
    return Item(**{name: inner for name, inner in value.items() if name in _NAMES}), others
