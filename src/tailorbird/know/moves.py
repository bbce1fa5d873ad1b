"""Keeping what moved: each person's history, and everybody's moves in the order in which they were emitted.

A move's id follows from the log alone, so it is the same in every replay, and whoever acts upon moves can tell which
ones they have seen. It is worked out when somebody asks: in a history what it is made of is the key, and the row says
why. The order in `moved` keeps each person's moves in order; between people it tells when the worker came to them,
which another replay may do in another order.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Never

import msgspec

from tailorbird.errors import Corrupt
from tailorbird.know.segment.move import Move
from tailorbird.know.tables import (
    MOVED,
    MOVES,
    PERSON_BYTES,
    Reader,
    Writes,
    after,
    encode,
    offset_key,
    time_key,
    time_of,
)

_decode = msgspec.msgpack.Decoder(Move).decode
# Of a row: because, message id, and who it was if another.
_decode_why = msgspec.msgpack.Decoder(tuple[str, str, bytes]).decode
_SIGNS = {True: b"+", False: b"-"}


class Moves:
    """The moves of one batch; whoever makes one appends it to `fresh`."""

    def __init__(self, reader: Reader, number: int) -> None:
        self.fresh: list[Move] = []
        self.count = 0
        self.number = number  # of the last one that was ever emitted
        self._reader = reader
        self._stream: dict[bytes, bytes | None] = {}
        self._histories: defaultdict[bytes, dict[bytes, bytes | None]] = defaultdict(dict)

    def hand_over(self, old: bytes, person: bytes) -> None:
        """The history of `old` is part of the person's from now on."""
        self._settle()
        theirs = {key[PERSON_BYTES:]: value for key, value in self._reader.scan(MOVES, old, after(old))}
        for when, value in {**theirs, **self._histories.pop(old, {})}.items():
            if value is not None:
                because, message_id, who = _decode_why(value)
                # Whose it was goes along: the move's id is made of that, and must stay what it was.
                self._histories[person][when] = encode((because, message_id, who or old))
        if theirs:
            self._histories[old] = dict.fromkeys(theirs)

    def writes(self) -> Writes:
        """What the tables `moves` and `moved` get."""
        rows = {person + when: value for person, found in self._histories.items() for when, value in found.items()}
        rows.update((move.person + when, value) for move, when, value in self._told())
        return {MOVES: rows, MOVED: self._stream}

    def _settle(self) -> None:
        """Put what is fresh to its person's history, so that it can be handed over."""
        for move, when, value in self._told():
            self._histories[move.person][when] = value

    def _told(self) -> Iterator[tuple[Move, bytes, bytes]]:
        """What is fresh, each with the rest of its key and its bytes; from now on it is part of the stream."""
        stream, number = self._stream, self.number
        for move in self.fresh:
            number += 1
            stream[number.to_bytes(8, "big")] = encode(move)
            yield move, when_key(move), encode((move.because, move.message_id, b""))
        self.number = number
        self.count += len(self.fresh)
        self.fresh.clear()


def history(reader: Reader, person: bytes) -> list[Move]:
    """What moved a person, oldest first, whoever they were before they were found to be one."""
    return [_of_history(key, value) for key, value in reader.scan(MOVES, person, after(person))]


def stream(reader: Reader, behind: int = 0) -> Iterator[tuple[int, Move]]:
    """Everybody's moves behind a number, in the order in which they were emitted."""
    for key, value in reader.scan(MOVED, offset_key(behind + 1)):
        try:
            yield int.from_bytes(key, "big"), _decode(value)
        except msgspec.DecodeError as error:
            _refuse(value, error)


def when_key(move: Move) -> bytes:
    """The key of a move in its person's history: instant, offset of the cause, and what happened.

    >>> when_key(Move(b"p" * 16, "loyal", True, 5, "page", offset=7))[16:]
    b'+loyal'
    """
    return time_key(move.at) + offset_key(move.offset) + _SIGNS[move.entered] + move.segment.encode()


def _of_history(key: bytes, value: bytes) -> Move:
    try:
        because, message_id, who = _decode_why(value)
    except msgspec.DecodeError as error:
        _refuse(value, error)
    when, what = key[PERSON_BYTES:], key[PERSON_BYTES + 16 :]
    at, offset, segment = time_of(when), int.from_bytes(when[8:16], "big"), what[1:].decode()
    return Move(who or key[:PERSON_BYTES], segment, what[:1] == b"+", at, because, message_id, offset)


def _refuse(value: bytes, error: msgspec.DecodeError) -> Never:
    raise Corrupt(
        f"A move of {len(value)} bytes in the state is not one: {error}. "
        "Stop the server and run `tailorbird rebuild`; lake and log have all that it takes."
    ) from error
