"""Entering and leaving: the derived stream that the fold emits and never folds again."""

from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import msgspec

TIME_PASSED = "time passed"
IN_FORCE = "the definition came into force"
WITHDRAWN = "the definition was withdrawn"
MERGED = "two people were found to be one"
CORRECTED = "an event came late"
BASELINE = "the baseline of everyone moved"


class Cause(NamedTuple):
    """Why a standing is looked at again: `offset` of the record that made it so, and words for people."""

    offset: int = 0
    because: str = TIME_PASSED  # or an event's name
    message_id: str = ""


class Move(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One person entered or left one segment at `at`. The id is the same however often it is derived."""

    id: bytes
    person: bytes
    segment: str
    entered: bool
    at: int
    because: str
    message_id: str = ""


def move(person: bytes, segment: str, entered: bool, at: int, cause: Cause) -> Move:
    """A move with its id: blake2b of person, segment, verb, instant and the offset of its cause.

    >>> a, b = (move(b"p", "loyal", True, 5, Cause(offset)) for offset in (1, 2))
    >>> len(a.id), a.id == move(b"p", "loyal", True, 5, Cause(1)).id, a.id == b.id
    (16, True, False)
    """
    told = b"%b|%b|%d|%d" % (person, _verb(segment, entered), at, cause.offset)
    return Move(blake2b(told, digest_size=16).digest(), person, segment, entered, at, cause.because, cause.message_id)


@lru_cache(maxsize=8192)
def _verb(segment: str, entered: bool) -> bytes:
    return f"{'entered' if entered else 'left'} {segment}".encode()
