"""Entering and leaving: the derived stream that the fold emits and never folds again."""

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
    """One person entered or left one segment at `at`, because of the record at `offset` (0: because of the time)."""

    person: bytes
    segment: str
    entered: bool
    at: int
    because: str
    message_id: str = ""
    offset: int = 0

    @property
    def id(self) -> bytes:
        """The same however often it is derived: blake2b of person, segment, verb, instant and the offset of its cause.

        >>> a, b = (move(b"p", "loyal", True, 5, Cause(offset)) for offset in (1, 2))
        >>> len(a.id), a.id == move(b"p", "loyal", True, 5, Cause(1)).id, a.id == b.id
        (16, True, False)
        """
        verb = "entered" if self.entered else "left"
        told = b"%b|%b|%d|%d" % (self.person, f"{verb} {self.segment}".encode(), self.at, self.offset)
        return blake2b(told, digest_size=16).digest()


def move(person: bytes, segment: str, entered: bool, at: int, cause: Cause) -> Move:
    """A move of this cause."""
    return Move(person, segment, entered, at, cause.because, cause.message_id, cause.offset)
