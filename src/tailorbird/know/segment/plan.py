"""What a program needs, found once: its slots, what each definition depends on, its clocks."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tailorbird.know.language.tree import And, Arithmetic, Call, Compare, Expression, Held, Member, Now, Program
from tailorbird.know.language.walk import nodes, parts
from tailorbird.know.segment.clocks import Clock, clocks
from tailorbird.know.segment.readings import READINGS, Reading, reading
from tailorbird.know.segment.slots import Slot, Slots, asked_names, shared_spans

OFTEN = 4  # times that a value is written before it is worked out once, beforehand: rarer ones may never be asked for


@dataclass
class Plan:
    """A program, taken apart."""

    segments: dict[str, Expression]
    traits: dict[str, Expression]
    slots: Slots
    numbers: dict[Expression, int] = field(default_factory=dict)  # of what is read, in the order of the text
    readings: dict[Expression, Reading] = field(default_factory=dict)
    holds: list[Held] = field(default_factory=list)  # inner ones first
    often: dict[Expression, int] = field(default_factory=dict)  # values that stand in many places, numbered
    patterns: dict[tuple[str, bool], str] = field(default_factory=dict)
    _needs: dict[Expression, frozenset[int]] = field(default_factory=dict)

    def reading(self, e: Expression) -> Reading:
        return self.readings[e]

    def needs(self, e: Expression) -> frozenset[int]:
        """The slots that an expression can change by, through segments and held predicates, too."""
        found = self._needs.get(e)
        if found is None:
            own = {self.readings[e].slot.number} if e in self.readings else set()
            inner = [self.segments[e.segment]] if isinstance(e, Member) else _read_parts(e)
            found = self._needs[e] = frozenset(own.union(*map(self.needs, inner)))
        return found

    def clocks(self, e: Expression) -> list[Clock]:
        """The clocks of an expression and of all that it asks."""
        return list(dict.fromkeys(clock for one in self.reach(e) for clock in clocks(one)))

    def reach(self, e: Expression) -> list[Expression]:
        """The expression, and those of the segments that it asks, and of theirs."""
        found = [e]
        # It grows while it is walked through: by the segments that are asked, and by theirs.
        for one in found:
            found += [
                self.segments[node.segment]
                for node in nodes(one)
                if isinstance(node, Member) and self.segments[node.segment] not in found
            ]
        return found

    @cached_property
    def reached(self) -> frozenset[int]:
        """The slots that can change what is watched."""
        return frozenset[int]().union(*map(self.needs, self.watched()))

    def watched(self) -> list[Expression]:
        """What has to be true at every instant: segments, and what must have held."""
        return [*self.segments.values(), *(held.predicate for held in self.holds)]

    def place(self, segment: str) -> int:
        """The number of a segment in generated names."""
        return list(self.segments).index(segment)

    def holds_touched(self, touched: frozenset[int]) -> list[Held]:
        """The Held whose predicates these slots can turn."""
        return [held for held in self.holds if self.needs(held.predicate) & touched]

    def all_slots(self) -> list[Slot]:
        return list(self.slots.all.values())


def plan(program: Program) -> Plan:
    """Take a program apart."""
    segments = {one.name: one.expression for one in program.segments}
    traits = {one.name: one.expression for one in program.traits}
    every = [node for e in (*segments.values(), *traits.values()) for node in nodes(e)]
    made = Plan(segments, traits, Slots(shared_spans(every), asked_names(every)))
    for node in every:
        if type(node) in READINGS and node not in made.readings:
            made.numbers[node] = len(made.numbers)
            made.readings[node] = reading(made.slots, node)
    made.holds = [node for node in dict.fromkeys(every) if isinstance(node, Held)]
    own = {made.readings[held].slot.number for held in made.holds}
    # Whoever needs others comes behind them: they have to be brought up before they are asked.
    made.holds.sort(key=lambda held: len(made.needs(held) & own))
    made.often = _often(segments.values(), traits.values())
    if any(feed.events.name == "session" for feed in made.slots.feeds):
        # Sessions are told apart in one slot, whoever asks for them.
        made.slots.visits()
    return made


def moving(made: Plan, e: Expression) -> bool:
    """Whether it can change for somebody to whom nothing ever happens."""
    return any(isinstance(node, Now) for one in made.reach(e) for node in nodes(one))


def _often(segments: Iterable[Expression], traits: Iterable[Expression]) -> dict[Expression, int]:
    """The computed values that stand in many places: of a clustering each feature stands in every distance.

    Or twice where one of them follows the other: `between` asks its value for both ends.
    """
    every = [*segments, *traits]
    counts = Counter(one for e in every for one in _values(e))
    twice = {value for e in every for node in nodes(e) if (value := _between(node)) is not None}
    often = (one for one, count in counts.items() if count >= OFTEN or one in twice)
    return {one: number for number, one in enumerate(often)}


def _between(e: Expression) -> Expression | None:
    """The value of a `between`."""
    low, high = e.parts if isinstance(e, And) and len(e.parts) == 2 else (None, None)
    both = isinstance(low, Compare) and isinstance(high, Compare) and low.left == high.left
    return low.left if both and isinstance(low, Compare) and isinstance(low.left, Arithmetic | Call) else None


def _values(e: Expression) -> Iterator[Expression]:
    if isinstance(e, Arithmetic | Call):
        yield e
    if type(e) not in READINGS:
        for part in parts(e):
            yield from _values(part)


def _read_parts(e: Expression) -> list[Expression]:
    """The parts that are looked at when it is read: not what a statistic filters by or counts."""
    if type(e) in READINGS and not isinstance(e, Held):
        return []
    return list(parts(e))
