"""Where a person stands: the segments they are in, since when, and until when that holds without another event."""

from typing import Never

import msgspec

from tailorbird.errors import Corrupt


class Standing(msgspec.Struct, array_like=True, gc=False):
    """One person's segments as of `at`. A program's own standing (`Live.new`) has the slots of its statistics behind.

    The bytes are an array that starts with these fields, so whoever only wants them decodes no more (`decode_head`).
    """

    at: int = -1  # the instant `members` is true for; it never goes back. -1: of whom nothing is known
    members: dict[str, int] = {}  # segment -> since when (ms)
    due: int = 0  # until when that holds if nothing happens; 0: for ever
    key: bytes = b""  # of the program that the slots belong to
    baseline: int = 0  # version of the baseline that it was last evaluated with


# A function of generated code: what a statistic says may end sooner than was known; see what it says now, and until
# when. Where `at` is not known yet, all that somebody ever did is counted at once, and looked at behind it.
SOONER = """\
def sooner(p, x):
    if p.at >= 0:
        if x.until <= p.at: x.roll(p.at)
        if x.until < (p.due or FAR): p.due = x.until
"""


_encode = msgspec.msgpack.Encoder().encode
_decode_head = msgspec.msgpack.Decoder(Standing).decode


def encode_standing(standing: Standing) -> bytes:
    """The bytes of a standing, slots and all."""
    return _encode(standing)


def decode_head(value: bytes) -> Standing:
    """The segments and times of an encoded standing, without its slots; raises Corrupt on foreign bytes.

    >>> decode_head(encode_standing(Standing(5, {"loyal": 3}))).members
    {'loyal': 3}
    """
    try:
        return _decode_head(value)
    except msgspec.DecodeError as error:
        refuse(value, error)


def refuse(value: bytes, error: msgspec.DecodeError) -> Never:
    """Raise Corrupt: where it is broken, never what it holds, because the message goes to logs."""
    raise Corrupt(
        f"A standing of {len(value)} bytes in the state is not one: {error}. "
        "Stop the server and run `tailorbird rebuild`; lake and log have all that it takes."
    ) from error
