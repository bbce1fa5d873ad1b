"""Opening the sealed part of one record, because somebody in the console asked for it."""

from typing import Any

import msgspec
from markupsafe import Markup

from tailorbird.collect.seal import open_bytes, open_sealed
from tailorbird.errors import TailorbirdError
from tailorbird.events import Event, Rejected
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.markup import div, pairs, span, tag
from tailorbird.shell.console.mask import DOTS

FORGOTTEN = "The key of this leaf was destroyed: the person was forgotten, and nobody can read this again."


def secret_of(desk: Desk, record: Event | Rejected) -> dict[str, Any] | str:
    """The sealed values by section, or a sentence that says why they cannot be read.

    That somebody looked is logged, with the leaf and nothing else.
    """
    desk.logger.emit("unsealed", leaf=record.leaf.hex())
    try:
        key = desk.engines.keys.get(record.leaf)
        if key is None:
            return FORGOTTEN
        if isinstance(record, Rejected):
            return {"as received": _json(open_bytes(key, record.leaf, record.sealed))}
        secret = open_sealed(key, record.leaf, record.sealed)
    except TailorbirdError as error:
        return str(error)
    sections = {name: getattr(secret, name) for name in ("properties", "traits", "context", "envelope")}
    return {"identifiers": dict(secret.identifiers), **{name: value for name, value in sections.items() if value}}


def masked_secret() -> Markup:
    """What stands in the place of sealed values."""
    return pairs((name, span(DOTS, cls="tb-quiet")) for name in ("identifiers", "properties", "context"))


def opened_secret(secret: dict[str, Any] | str) -> Markup:
    """The opened values, readable."""
    if isinstance(secret, str):
        return div(secret, cls="tb-quiet")
    return pairs((name, tag("pre", _text(value), cls="tb-pre")) for name, value in secret.items())


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_flat(inner)}" for name, inner in value.items())
    return str(value)


def _flat(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _json(raw: bytes) -> Any:
    try:
        return msgspec.json.format(raw, indent=2).decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return raw.decode("utf-8", "replace")
