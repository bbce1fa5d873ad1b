"""How records lie in the log: length, checksum, payload. Pure bytes; the files are `shell/embedded/segment_log.py`.

u32 length | u32 CRC-32 of the payload | payload          both little-endian
"""

import struct
import zlib
from collections.abc import Iterable, Iterator

_HEAD = struct.Struct("<II")
HEAD_BYTES = _HEAD.size


def frame(payloads: Iterable[bytes]) -> bytes:
    """The bytes to append for these payloads, in order. Payloads must not be empty.

    >>> list(frames(frame([b"one", b"two"])))
    [(11, b'one'), (22, b'two')]
    """
    parts: list[bytes] = []
    for payload in payloads:
        if not payload:
            raise ValueError("An empty record cannot be told from the zeros after a power cut; log at least one byte.")
        parts.append(_HEAD.pack(len(payload), zlib.crc32(payload)))
        parts.append(payload)
    return b"".join(parts)


def frames(buffer: bytes | memoryview, base: int = 0) -> Iterator[tuple[int, bytes]]:
    """(offset behind the record, payload) of each whole record; `base` is the offset of the buffer's first byte.

    Stops without an error at a torn tail: too few bytes, a wrong checksum, or the zeros a power cut may leave.
    """
    view = memoryview(buffer)
    size, start = len(view), 0
    while start + HEAD_BYTES <= size:
        length, crc = _HEAD.unpack_from(view, start)
        start += HEAD_BYTES
        payload = bytes(view[start : start + length])
        if not length or len(payload) < length or zlib.crc32(payload) != crc:
            return
        start += length
        yield base + start, payload
