"""Keeping what moved: each person's history, and everybody's moves in the order in which they were emitted.

A move's id follows from the log alone, so it is the same in every replay, and whoever acts upon moves can tell which
ones they have seen. The order in `moved` keeps each person's moves in order; between people it tells when the worker
came to them, which another replay may do in another order.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Never

import msgspec

from tailorbird.errors import Corrupt
from tailorbird.know.segment.move import Move
from tailorbird.know.tables import MOVED, MOVES, PERSON_BYTES, Reader, Writes, after, encode, offset_key, time_key

_decode = msgspec.msgpack.Decoder(Move).decode


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
                self._histories[person][when] = value
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
            value = stream[number.to_bytes(8, "big")] = encode(move)
            yield move, time_key(move.at) + move.id, value
        self.number = number
        self.count += len(self.fresh)
        self.fresh.clear()


def history(reader: Reader, person: bytes) -> list[Move]:
    """What moved a person, oldest first, whoever they were before they were found to be one."""
    return [decode_move(value) for _, value in reader.scan(MOVES, person, after(person))]


def stream(reader: Reader, behind: int = 0) -> Iterator[tuple[int, Move]]:
    """Everybody's moves behind a number, in the order in which they were emitted."""
    for key, value in reader.scan(MOVED, offset_key(behind + 1)):
        yield int.from_bytes(key, "big"), decode_move(value)


def ids(moves: Sequence[Move]) -> list[bytes]:
    """The moves' ids."""
    return [move.id for move in moves]


def decode_move(value: bytes) -> Move:
    """The move back from its bytes; raises Corrupt on foreign ones."""
    try:
        return _decode(value)
    except msgspec.DecodeError as error:
        _refuse(value, error)


def _refuse(value: bytes, error: msgspec.DecodeError) -> Never:
    raise Corrupt(
        f"A move of {len(value)} bytes in the state is not one: {error}. "
        "Stop the server and run `tailorbird rebuild`; lake and log have all that it takes."
    ) from error
