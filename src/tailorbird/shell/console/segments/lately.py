"""Who entered and left a segment lately, from the stream of moves."""

from typing import NamedTuple

from tailorbird.events import DAY_MS
from tailorbird.know.segment.move import Move
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.mask import DOTS, masked
from tailorbird.shell.console.someone import strongest
from tailorbird.shell.people import read_profile
from tailorbird.shell.ports import Snapshot
from tailorbird.shell.standing import latest_number, moves_behind

_LOOKED_AT = 20_000  # moves, of all segments
_SHOWN = 12


class Lately(NamedTuple):
    """The moves of one segment within a day, and the latest of them with masked names."""

    entered: int = 0
    left: int = 0
    latest: tuple[tuple[Move, str], ...] = ()
    whole: bool = True  # whether the day fits into what was looked at

    @property
    def told(self) -> str:
        return "entered and left" if self.whole else f"at least, of the last {_LOOKED_AT:,} moves"


def lately(desk: Desk, segment: str) -> Lately:
    """A thread's work: one pass over the newest moves of everybody."""
    since = desk.now - DAY_MS
    with desk.engines.state.snapshot() as snapshot:
        last = latest_number(snapshot)
        found = [move for _, move in moves_behind(snapshot, max(0, last - _LOOKED_AT), _LOOKED_AT, segment)]
        day = [move for move in found if move.at >= since]
        shown = tuple((move, name_of(snapshot, move.person)) for move in found[: -_SHOWN - 1 : -1])
    entered = sum(move.entered for move in day)
    return Lately(entered, len(day) - entered, shown, last <= _LOOKED_AT or len(day) < len(found))


def name_of(snapshot: Snapshot, person: bytes) -> str:
    """The person's strongest identifier, masked; the first digits of their id where a mask leaves nothing of it."""
    profile = read_profile(snapshot, person)
    named = strongest(profile) if profile is not None else None
    shown = masked(named[1]) if named else DOTS
    return person.hex()[:8] if shown == DOTS else shown
