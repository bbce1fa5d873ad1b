"""What an event has to do to a statistic so that a segment can turn: all others need not be looked at.

One more in a count turns `count(...) >= 3` at the third and never else; an event turns `days_since(...) > 14` if the
one before it is 14 days past; the last value turns nothing as long as it is the same. So the functions that count note
in bits which of such turns there were (`counting`), and the functions that judge look at the segments they can turn.
A segment that an event can only let people into need not be looked at for those who are in it (`ways`).

What time alone turns is told by `until` and clocks and is judged at its own instant, before any later event counts.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tailorbird.know.language.tree import (
    Affinity,
    Aggregate,
    Compare,
    Constant,
    Elapsed,
    Expression,
    Held,
    In,
    Member,
    Sequence,
)
from tailorbird.know.language.walk import nodes, parts
from tailorbird.know.segment.clocks import FLIPPED, TURNS, Clock, turning
from tailorbird.know.segment.plan import Plan
from tailorbird.know.segment.readings import READINGS, local
from tailorbird.know.segment.ways import BOTH, DOWN, STILL, UP, way

CHANGES = ""  # with whatever changes the statistic


class Turn(NamedTuple):
    """A way in which a statistic can turn a segment; with `points` at `value` of one of them, else at any change."""

    slot: int
    value: str = CHANGES  # code of what is compared with the points, as it is before the event counts
    least: bool = False  # at the smallest of the points and all above


class Turned(NamedTuple):
    """Another segment that is asked for has turned."""

    segment: str


class Aside(NamedTuple):
    """What goes another way than the simple changes of a slot: a long one, or a contact with the name that is asked."""

    slot: int
    name: str = ""


Reason = Turn | Turned | Aside
Points = dict[Turn, set[int]]


class Turning:
    """The reasons for which the events of one name turn segments, each with its bit."""

    def __init__(self, plan: Plan, slots: frozenset[int], sure: frozenset[int], clocks: Iterable[Clock] = ()) -> None:
        """`slots` are those that such events can change; they change the ones in `sure` each time."""
        self._plan, self._slots, self._sure = plan, slots, sure
        self._points: Points = {}
        self._segments = {name: self._reasons(e) for name, e in plan.segments.items() if plan.needs(e) & slots}
        self._ways = {name: self._gate(name) for name in self._segments}
        self._clocks = {clock: self._elapsed(clock.time, clock.offsets or (int(clock.unit),)) for clock in clocks}
        reasons = [reason for found in (*self._segments.values(), *self._clocks.values()) for reason in found]
        # In an order of their own, or another process would write another text, and fold everybody anew.
        noted = sorted({reason for reason in reasons if not self._always(reason)}, key=repr)
        self._bits = {reason: 1 << place for place, reason in enumerate(noted)}

    def mask(self, segment: str) -> int:
        """The bits of which one must be set for the segment to turn; 0 where it has to be looked at each time."""
        return self._mask(self._segments[segment])

    def ways(self, segment: str) -> int:
        """Which way it can turn with none of its bits set: UP or DOWN; STILL where that is all or nothing."""
        return self._ways[segment]

    def clock_mask(self, clock: Clock) -> int:
        """The bits of which one must be set for the clock to turn earlier than was known; 0: it may each time."""
        return self._mask(self._clocks[clock])

    def asked(self, segment: str) -> int:
        """The bit that says that this segment has turned; 0 where nobody asks."""
        return self._bits.get(Turned(segment), 0)

    def any(self, slot: int) -> int:
        """All bits of a slot, for a change that is not looked into."""
        return sum(bit for reason, bit in self._bits.items() if not isinstance(reason, Turned) and reason.slot == slot)

    def tests(self, slot: int) -> Iterator[tuple[str, int]]:
        """What to ask before a simple update of a slot, and the bit where it holds."""
        for reason, bit in self._bits.items():
            if isinstance(reason, Turn) and reason.slot == slot and reason.value:
                points = sorted(self._points[reason])
                if points:
                    yield f"{reason.value} {_among(points, reason.least)}", bit

    def names(self, slot: int) -> dict[str, int]:
        """The names of contacts that are asked for, each with its bit."""
        own = {one: bit for one, bit in self._bits.items() if isinstance(one, Aside) and one.slot == slot}
        return {one.name: bit for one, bit in own.items() if one.name}

    def changes(self, slot: int) -> int:
        """The bit of whatever changes a slot."""
        return self._bits.get(Turn(slot), 0)

    def _always(self, reason: Reason) -> bool:
        return isinstance(reason, Turn) and not reason.value and reason.slot in self._sure

    def _mask(self, reasons: frozenset[Reason]) -> int:
        return 0 if any(map(self._always, reasons)) else sum(self._bits[reason] for reason in reasons)

    def _gate(self, segment: str) -> int:
        """Which way what changes each time can turn it; then what goes another way is noted in place of that."""
        e, reasons = self._plan.segments[segment], self._segments[segment]
        always = frozenset(reason.slot for reason in reasons if isinstance(reason, Turn) and self._always(reason))
        found = way(e, lambda part: not isinstance(part, Member) and bool(self._plan.needs(part) & always))
        if found in (UP, DOWN):
            named = {Aside(slot, name) for slot in always for name in ("", *_names(self._plan, e, slot))}
            self._segments[segment] = frozenset(one for one in reasons if not self._always(one)) | named
        return STILL if found == BOTH else found

    # -- the reasons of an expression

    def _reasons(self, e: Expression) -> frozenset[Reason]:
        return frozenset(
            reason for reason in self._found(e) if not isinstance(reason, Turn) or reason.slot in self._slots
        )

    def _found(self, e: Expression) -> Iterator[Reason]:
        if isinstance(e, Compare | In):
            if clock := turning(e):
                yield from self._elapsed(clock.time, clock.offsets)
                return
            if (counted := _count_compared(e)) is not None:
                yield self._counts(*counted)
                return
        if isinstance(e, Elapsed):
            yield from self._elapsed(e.time, (e.unit,))
        elif isinstance(e, Member):
            yield from [Turned(e.segment)] if self._plan.needs(self._plan.segments[e.segment]) & self._slots else []
        elif isinstance(e, Held):
            yield from map(Turn, sorted(self._plan.needs(e)))
        elif type(e) in READINGS:
            yield Turn(self._plan.readings[e].slot.number)
        else:
            for part in parts(e):
                yield from self._found(part)

    def _counts(self, e: Aggregate | Sequence, turns: set[int]) -> Turn:
        slot, code = self._plan.readings[e].slot, self._plan.readings[e].code
        turn = Turn(slot.number, code)
        # Each event is one more, so the one at which it turns is the one behind the number before it.
        self._points.setdefault(turn, set()).update(turn - 1 for turn in turns if turn > 0)
        return turn

    def _elapsed(self, time: Expression | None, offsets: Iterable[int]) -> frozenset[Reason]:
        if time is None:
            return frozenset()
        if not (isinstance(time, Aggregate) and time.function == "last_at" and time.window is None):
            return self._reasons(time)
        # Of a plain last time alone it is known, before the event counts, how far the one before it lies back.
        slot = self._plan.readings[time].slot
        turn = Turn(slot.number, f"p.at - {local(slot)}.last", least=True)
        self._points.setdefault(turn, set()).update(offset for offset in offsets if offset > 0)
        return frozenset({turn} if slot.number in self._slots else ())


def _count_compared(e: Compare | In) -> tuple[Aggregate | Sequence, set[int]] | None:
    """The count that is compared with constants, and the numbers at which, counting up, the comparison can turn."""
    if isinstance(e, In):
        value, others, operator = e.value, e.options, "="
    elif isinstance(e.left, Constant):
        value, others, operator = e.right, (e.left,), FLIPPED[e.operator]
    else:
        value, others, operator = e.left, (e.right,), e.operator
    constants = [one.value for one in others if isinstance(one, Constant)]
    counts = isinstance(value, Sequence) or (isinstance(value, Aggregate) and value.function == "count")
    if not counts or len(constants) < len(others):
        return None
    turns = {at for one in constants if one is not None for at in TURNS[operator](float(one))}
    return value, turns  # type: ignore[return-value]


def _names(plan: Plan, e: Expression, slot: int) -> Iterator[str]:
    """The categories or brands whose leaning in this slot an expression asks for."""
    for node in nodes(e):
        if isinstance(node, Affinity) and plan.readings[node].slot.number == slot:
            yield node.value


def _among(points: list[int], least: bool) -> str:
    if least:
        return f">= {points[0]}"
    return f"== {points[0]}" if len(points) == 1 else f"in {tuple(points)}"
