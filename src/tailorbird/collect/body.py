"""From the bytes of a call to JSON: gzip, size limits, and rescue of what strict JSON readers give up on."""

import json
import re
import zlib
from typing import Any

import msgspec

from tailorbird.collect.draft import Refused
from tailorbird.errors import BadRequest, TooLarge

MAX_BODY_BYTES = 500 * 1024
MAX_EVENT_BYTES = 32 * 1024
# The first two bytes of every gzip member (RFC 1952).
_GZIP = b"\x1f\x8b"
_decode = msgspec.json.Decoder().decode


def unpack(body: bytes) -> bytes:
    """The body without gzip, whatever its headers say; raises TooLarge beyond 500 KB unpacked, BadRequest if torn.

    Clients send gzip as `application/x-www-form-urlencoded` or with no `Content-Encoding`, so the first bytes decide.
    """
    if body[:2] == _GZIP:
        body = _gunzip(body)
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge(f"The body is larger than {MAX_BODY_BYTES:,} bytes; send smaller batches.")
    # A byte order mark, as some tools write one in front of UTF-8: no strict JSON reader takes it.
    return body.removeprefix(b"\xef\xbb\xbf")


def _gunzip(body: bytes) -> bytes:
    # 31: gzip's own header and checksum, and no bare zlib stream.
    stream = zlib.decompressobj(wbits=31)
    try:
        # One byte more than is allowed and no further: a few kB of gzip can unpack to gigabytes.
        content = stream.decompress(body, MAX_BODY_BYTES + 1)
    except zlib.error as error:
        raise BadRequest("The body starts like gzip but cannot be unpacked; send it whole.") from error
    # Cut short by our own limit is not torn: `unpack` says then that it is too large.
    if not stream.eof and len(content) <= MAX_BODY_BYTES:
        raise BadRequest("The gzip body ends too early; send it whole.")
    return content


def read_json(raw: bytes) -> Any:
    """The value of one event's bytes. Raises Refused with reason "json" or "depth".

    `NaN` and `Infinity` (Python's own json module writes them) become null, lone surrogates and bytes that are not
    UTF-8 become the replacement character: one spoilt field does not cost the event.
    """
    try:
        return _decode(raw)
    except (ValueError, RecursionError):
        return _read_leniently(raw)


def _read_leniently(raw: bytes) -> Any:
    try:
        return _mended(json.loads(raw.decode("utf-8", "replace"), parse_constant=lambda _: None, strict=False))
    except RecursionError:
        raise Refused("depth", "", "The event is nested too deep to be read.") from None
    except ValueError:
        raise Refused("json", "", "The event is not JSON.") from None


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        # Half an emoji, as old JavaScript cuts them, is a lone surrogate: UTF-8, and so msgpack and the log, cannot
        # hold it.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float):
        # 1e999 is valid JSON and overflows; neither JSON nor a column can say infinity.
        return value if abs(value) < float("inf") else None
    if isinstance(value, list):
        return [_mended(inner) for inner in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(inner) for name, inner in value.items()}
    return value


# Possessive, so that an unclosed string of a million escaped quotes still takes one pass.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[{}\[\],]', re.DOTALL)


def slices(raw: bytes) -> list[bytes] | None:
    """The members of a JSON array or object as written, by its brackets alone; None where those do not match up.

    For batches that no reader takes as a whole: what is broken in one event then stays in that event. An object gives
    `"name": value` slices.
    """
    members: list[bytes] = []
    depth = start = 0
    for token in _TOKEN.finditer(raw):
        mark = token.group()
        # Whole strings are tokens too: brackets and commas within them are none.
        if mark in b"{[":
            depth += 1
            start = token.end() if depth == 1 else start
        elif depth == 1 and mark in b",]}":
            members.append(raw[start : token.start()].strip())
            start = token.end()
        depth -= mark in b"]}"
        if depth == 0:
            break
    return [member for member in members if member] if depth == 0 and members else None
