"""Where people stand now: segments, computed traits and moves, read from the state for API, CLI and console.

The worker lets time pass for somebody when their next edge falls due, a few hundred ms late at worst. A reader who
knows the clock does the same in memory, so an answer is true for the moment at which it is given.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tailorbird.know.force import BASELINE, DEFINITIONS, EMITTED, REFUSED, SWEEP, Spoken
from tailorbird.know.moves import history, stream
from tailorbird.know.segment.live import Live
from tailorbird.know.segment.move import Move
from tailorbird.know.segment.standing import Standing, decode_head
from tailorbird.know.tables import META, PERSON_BYTES, STANDING
from tailorbird.shell.people import iso
from tailorbird.shell.ports import Snapshot

if TYPE_CHECKING:
    from tailorbird.shell.trait_names import TraitNames

_PIECE = 2_000  # moves read at once

decode_spoken = msgspec.msgpack.Decoder(Spoken).decode
_decode_int = msgspec.msgpack.Decoder(int).decode


class Told(NamedTuple):
    """What the worker says of the definitions: which ones hold, and how far everyone has met them."""

    offset: int  # of their signal in the log
    at: int  # ms; 0: none ever came into force
    traits: dict[str, dict[str, str]]
    segments: dict[str, dict[str, str]]
    reaching: bool  # people are still being looked at because of them
    refused: str  # why newer ones did not come into force


def told(snapshot: Snapshot) -> Told:
    """The definitions at work in the state."""
    definitions, sweep, refused = snapshot.get_many(META, [DEFINITIONS, SWEEP, REFUSED])
    spoken = decode_spoken(definitions) if definitions else Spoken()
    body = spoken.body
    traits, segments = ({k: _body(v) for k, v in body.get(name, {}).items()} for name in ("traits", "segments"))
    return Told(spoken.offset, spoken.at, traits, segments, sweep is not None, (refused or b"").decode())


class Program(NamedTuple):
    """The definitions at work, compiled."""

    live: Live
    kinds: Mapping[str, str]  # of the traits
    names: "TraitNames"

    def why(self, standing: Standing, person: bytes, segment: str, now: int) -> list[str]:
        """What makes somebody a member."""
        return [self.names.put(reason) for reason in self.live.why(standing, person, segment, now)]


class Programs:
    """The compiled program at work, made once for each that comes into force. Safe to ask from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._key: tuple[bytes | None, bytes | None] = (None, None)
        self._program: Program | None = None

    def now(self, snapshot: Snapshot) -> Program | None:
        """The program; None where nothing is defined."""
        definitions, baseline = snapshot.get_many(META, [DEFINITIONS, BASELINE])
        if definitions is None:
            return None
        with self._lock:
            if (definitions, baseline) != self._key:
                weighed = decode_spoken(baseline) if baseline else Spoken()
                self._program = _compile(decode_spoken(definitions).body, weighed)
                self._key = (definitions, baseline)
            return self._program


def view(snapshot: Snapshot, programs: Programs, person: bytes, now: int, latest: int = 20) -> dict[str, Any]:
    """A person's segments with since and why, computed traits, and latest moves, at `now` (ms), as JSON-able data."""
    program = programs.now(snapshot)
    history = list(moves_of(snapshot, person))
    shown = {"segments": {}, "computed": {}, "moves": [show_move(move) for move in history[-latest:][::-1]]}
    if program is None:
        return shown
    live, kinds = program.live, program.kinds
    value = snapshot.get(STANDING, person)
    standing = live.new() if value is None else live.decode(value)
    # Of the program before: this person has not been looked at yet, which takes seconds at most.
    if standing is None:
        return {**shown, "segments": _members(decode_head(value or b"")), "reaching": True}
    live.advance(standing, person, max(now, standing.at), [])
    at = max(now, standing.at)
    values = live.values(standing, person, at)
    told_why = {name: program.why(standing, person, name, at) for name in standing.members}
    return {
        **shown,
        "segments": {name: {**one, "because": told_why[name]} for name, one in _members(standing).items()},
        "computed": {name: _plain(value, kinds[name]) for name, value in sorted(values.items())},
        "approximate": sorted(live.approximate(standing)),
        "holds_until": iso(standing.due) if standing.due else None,
    }


def members(snapshot: Snapshot, segment: str, behind: bytes = b"") -> Iterator[tuple[bytes, int]]:
    """(person, since) of a segment's members in the order of their ids, behind one id."""
    for person, value in snapshot.scan(STANDING, behind + b"\0" if behind else b""):
        since = decode_head(value).members.get(segment)
        if since is not None:
            yield person, since


def counts(snapshot: Snapshot) -> Counter[str]:
    """How many members each segment has; one pass over all standings, a second for half a million people."""
    found: Counter[str] = Counter()
    for _, value in snapshot.scan(STANDING):
        found.update(decode_head(value).members.keys())
    return found


def moves_of(snapshot: Snapshot, person: bytes) -> Iterator[Move]:
    """What moved a person, oldest first."""
    return iter(history(snapshot, person))


def moves_behind(snapshot: Snapshot, number: int, limit: int, segment: str = "") -> list[tuple[int, Move]]:
    """Everybody's moves behind a number, oldest first; of one segment if it is named."""
    found = ((at, move) for at, move in stream(snapshot, number) if not segment or move.segment == segment)
    return list(islice(found, limit))


def latest_moves(snapshot: Snapshot, limit: int, segment: str = "") -> list[Move]:
    """Everybody's latest moves, newest first; of one segment if it is named."""
    found: list[Move] = []
    number = latest_number(snapshot)
    # Numbers have no gaps, and engines scan forwards only: from the end in pieces.
    while number > 0 and len(found) < limit:
        start = max(0, number - _PIECE)
        piece = [move for at, move in moves_behind(snapshot, start, number - start) if at <= number]
        if not piece:
            # Older ones were pruned: every scan from here on would begin with the oldest that is kept.
            break
        found += [move for move in reversed(piece) if not segment or move.segment == segment]
        number = start
    return found[:limit]


def latest_number(snapshot: Snapshot) -> int:
    """The number of the latest move; 0 before the first."""
    emitted = snapshot.get(META, EMITTED)
    return _decode_int(emitted) if emitted else 0


def show_move(move: Move) -> dict[str, Any]:
    """A move as an event: 'Segment Entered' or 'Segment Left', with an id that is the same in every replay."""
    return {
        "id": move.id.hex(),
        "event": "Segment Entered" if move.entered else "Segment Left",
        "segment": move.segment,
        "person": move.person.hex(),
        "at": iso(move.at),
        "because": move.because,
        "message_id": move.message_id or None,
    }


def person_of(text: str) -> bytes | None:
    """A person's id back from its hexadecimal form; None for what is none.

    >>> person_of("00" * 16) == bytes(16), person_of("42")
    (True, None)
    """
    try:
        person = bytes.fromhex(text)
    except ValueError:
        return None
    return person if len(person) == PERSON_BYTES else None


def _members(standing: Standing) -> dict[str, dict[str, Any]]:
    return {name: {"since": iso(since)} for name, since in sorted(standing.members.items())}


def _plain(value: Any, kind: str) -> Any:
    if kind == "time" and value is not None:
        return iso(int(value))
    return round(value, 6) if isinstance(value, float) else value


def _compile(body: dict[str, Any], baseline: Spoken) -> Program | None:
    if not (body.get("traits") or body.get("segments")):
        return None
    # Only here: a site without definitions never loads the parser of SQL.
    from tailorbird.know.language.program import load
    from tailorbird.know.segment.live import compile_live
    from tailorbird.shell.trait_names import TraitNames

    program = load(body)
    kinds = {one.name: one.expression.kind for one in program.traits}
    return Program(compile_live(program, baseline.body, baseline.version), kinds, TraitNames(program))


def _body(body: Any) -> dict[str, str]:
    return {"sql": body} if isinstance(body, str) else dict(body)
