"""The Segment HTTP tracking API: every route in its long and its one-letter form, and the settings of a browser.

Spoken by all Segment libraries, RudderStack's and many more. Each call becomes a `Posted`: raw items of one canonical
shape, which `accept` understands, and what the batch says for all of them.
"""

import base64
import binascii
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tailorbird.collect.body import read_json, slices, unpack
from tailorbird.collect.draft import Refused
from tailorbird.collect.kinds import storable
from tailorbird.errors import BadRequest, TooLarge
from tailorbird.events import EventType

MAX_BATCH_EVENTS = 2_500
TYPES: dict[str, EventType] = {
    "track": "track", "t": "track", "identify": "identify", "i": "identify", "page": "page", "p": "page",
    "screen": "screen", "s": "screen", "group": "group", "g": "group", "alias": "alias", "a": "alias",
}  # fmt: skip
BATCHES = ("batch", "b", "import")
ROUTES = tuple(f"/v1/{name}" for name in (*TYPES, *BATCHES))


class Posted(msgspec.Struct, frozen=True, gc=False):
    """One call, taken apart but not yet understood."""

    type: EventType | None  # given by the route; None: each item says
    items: list[Any]  # the raw JSON of each event, bytes-like
    context: dict[str, Any] = {}
    integrations: dict[str, Any] = {}
    sent_at: Any = None
    write_key: Any = None


# All raw: what a batch says for its items is read leniently afterwards, so that a broken context costs no event.
class _Envelope(msgspec.Struct, gc=False):
    batch: list[msgspec.Raw]
    context: msgspec.Raw = msgspec.Raw()
    integrations: msgspec.Raw = msgspec.Raw()
    sentAt: msgspec.Raw = msgspec.Raw()
    writeKey: msgspec.Raw = msgspec.Raw()


_open = msgspec.json.Decoder(_Envelope).decode


def read(path: str, body: bytes) -> Posted:
    """The call posted to `path`. Raises BadRequest for other paths and for what is no batch; TooLarge for too many."""
    route = path.rstrip("/").rpartition("/")[2]
    if route in TYPES:
        return Posted(TYPES[route], [body])
    if route not in BATCHES:
        raise BadRequest(f"No tracking call is taken at this path; known: {', '.join(ROUTES)}.")
    envelope = _envelope(body)
    if len(envelope.batch) > MAX_BATCH_EVENTS:
        raise TooLarge(f"The batch has {len(envelope.batch):,} events; send at most {MAX_BATCH_EVENTS:,} in one call.")
    return Posted(
        None,
        envelope.batch,
        _mapping(envelope.context),
        _mapping(envelope.integrations),
        _value(envelope.sentAt),
        _value(envelope.writeKey),
    )


def alone(posted: Posted, raw: bytes) -> bytes:
    """A body that brings this one item again, with all that its batch said for it."""
    if posted.type is not None:
        return raw
    rest = {"context": posted.context, "integrations": posted.integrations, "sentAt": posted.sent_at}
    tail = b"".join(b',"%s":%s' % (name.encode(), msgspec.json.encode(value)) for name, value in rest.items() if value)
    # As it came, not read and written anew: it may be the very thing that no reader takes.
    return b'{"batch":[' + raw + b"]" + tail + b"}"


def write_key_of(headers: Iterable[tuple[bytes, bytes]], body: bytes) -> str | None:
    """The write key of a call: Basic user name, Bearer token, `X-Api-Key`; else `writeKey` in body or first item.

    `headers` as ASGI gives them. Never raises: a body that cannot be read names no key.
    """
    named = dict(headers)
    return _of_headers(named) or _of_body(body)


def settings_answer(key: str, host: str) -> dict[str, Any]:
    """What `GET /v1/projects/{key}/settings` answers so that analytics.js sends to `host` ("http://127.0.0.1:8700").

    The browser library then uses this `apiKey` in place of the page's own, so it must be the key that was asked for.
    """
    try:
        address = urlsplit(host if "//" in host else f"//{host}")
    except ValueError:
        raise BadRequest("The Host header names no address, such as shop.example:8700.") from None
    return {
        "integrations": {
            "Segment.io": {
                "apiKey": key,
                "apiHost": f"{address.netloc}{address.path.rstrip('/')}/v1",
                "protocol": address.scheme or "https",
                "unbundledIntegrations": [],
                "addBundledMetadata": True,
                "maybeBundledConfigIds": {},
                "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
            }
        },
        "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }


def _envelope(body: bytes) -> _Envelope:
    try:
        return _open(body)
    # Before ValueError, of which it is one: this is JSON, only no batch, and there is nothing to rescue.
    except msgspec.ValidationError:
        raise BadRequest('A batch must be a JSON object {"batch": [...]}.') from None
    except (ValueError, RecursionError):
        return _rescued(body)


def _rescued(body: bytes) -> _Envelope:
    """A batch that no strict reader takes, by its brackets alone: one broken event must not cost its neighbours."""
    members: dict[str, bytes] = {}
    for member in slices(body) or ():
        name, _, value = member.partition(b":")
        members[name.strip().strip(b'"').decode("utf-8", "replace")] = value.strip()
    batch = members.get("batch", b"")
    if not batch.startswith(b"["):
        raise BadRequest('The body is not JSON; a batch must be a JSON object {"batch": [...]}.')
    raw = {name: msgspec.Raw(members.get(name, b"")) for name in ("context", "integrations", "sentAt", "writeKey")}
    return _Envelope([msgspec.Raw(item) for item in slices(batch) or ()], **raw)


def _value(raw: msgspec.Raw) -> Any:
    """What the batch says for all its items; None where it cannot be read, so that it does not cost them all."""
    try:
        return storable(read_json(bytes(raw))) if bytes(raw) else None
    except Refused:
        return None


def _mapping(raw: msgspec.Raw) -> dict[str, Any]:
    value = _value(raw)
    return value if isinstance(value, dict) else {}


def _of_headers(named: dict[bytes, bytes]) -> str | None:
    scheme, _, credentials = named.get(b"authorization", b"").partition(b" ")
    # Segment's libraries send the write key as the user name and leave the password empty.
    if scheme.lower() == b"basic":
        try:
            return base64.b64decode(credentials).partition(b":")[0].decode() or None
        except (binascii.Error, ValueError):
            return None
    token = credentials if scheme.lower() == b"bearer" else named.get(b"x-api-key", b"")
    return token.strip().decode("ascii", "replace") or None


def _of_body(body: bytes) -> str | None:
    try:
        root = read_json(unpack(body))
    except (BadRequest, Refused):
        return None
    if not isinstance(root, dict):
        return None
    batch = root.get("batch")
    first = batch[0] if isinstance(batch, list) and batch and isinstance(batch[0], dict) else {}
    key = root.get("writeKey") or first.get("writeKey")
    return key if isinstance(key, str) else None
