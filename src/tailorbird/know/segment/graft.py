"""From one program to the next: what a person's standing keeps, and what has to be read back for it.

A site that adds one segment keeps hundreds of statistics as they are. Only those that no earlier definition asked for
are counted anew, from everybody's history, and only what they look at of an event is decoded: for the demo's year a
second or so where counting everything anew takes a minute. The result is that of `Live.refold`, which a test holds.
"""

from collections.abc import Iterable
from typing import Any

from tailorbird.know.language.tree import Definition, Program
from tailorbird.know.segment.live import Act, Live, compile_live
from tailorbird.know.segment.module import setup_of
from tailorbird.know.segment.move import Cause, Move
from tailorbird.know.segment.slots import Slot
from tailorbird.know.segment.standing import Standing


class Graft:
    """`live` on the statistics of `before`. Refused (`possible` is False) where nothing would be saved by it.

    `part` counts what is new, None if that is nothing: then nobody's history has to be read at all.
    """

    def __init__(self, before: Live, live: Live) -> None:
        self.before, self._live = before, live
        old = {_identity(slot): slot.name for slot in before.slots()}
        mine = {_identity(slot): slot.name for slot in live.slots() if slot.statistic is not None}
        self._kept = [(name, old[one]) for one, name in mine.items() if one in old]
        lacking = {one: name for one, name in mine.items() if one not in old}
        self.part = _counting(live, set(lacking.values())) if lacking else None
        counted = {_identity(slot): slot.name for slot in self.part.slots()} if self.part else {}
        self._new = [(name, counted[one]) for one, name in lacking.items() if one in counted]
        # Nothing kept: then a plain refold reads as much, and is simpler.
        self.possible = bool(self._kept) and len(self._new) == len(lacking)

    def apply(
        self, old: Standing, person: bytes, acts: Iterable[Act], to: int, cause: Cause, moves: list[Move]
    ) -> Standing:
        """The standing of `old`'s person under the new program as of max(to, old.at); `acts` as for `Live.refold`."""
        live, to = self._live, max(to, old.at)
        new, members = live.new(), old.members
        new.at = old.at
        # What must have held is followed through time first, by the program that knows how.
        self.before.hold_until(old, person, to)
        for name, was in self._kept:
            setattr(new, name, getattr(old, was))
        if self.part is not None:
            counted = self.part.counted(person, acts, to)
            for name, made in self._new:
                setattr(new, name, getattr(counted, made))
        return live.take_over(new, person, members, to, cause, moves)


def _identity(slot: Slot) -> tuple[Any, ...]:
    """What two slots of two programs have in common if what stands in one may stand in the other."""
    return (slot.key, slot.statistic and slot.statistic.__name__, *sorted(setup_of(slot).items()))


def _counting(live: Live, names: set[str]) -> Live:
    """A program that keeps the statistics in these slots, and judges nothing."""
    wanted = [node for node, slot in live.read_from() if slot.name in names]
    return compile_live(Program(tuple(Definition(f"t{at}", "", node) for at, node in enumerate(wanted))))
