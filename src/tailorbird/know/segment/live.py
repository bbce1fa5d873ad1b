"""All segments of a site at work: one generated function per event name, and what calls it.

live = compile_live(program)
standing = live.new()
live.advance(standing, person, tick.at, moves)           time passes, as the log says
if not live.apply(standing, person, act, offset, moves)  an event; False: it came too late for its turn
    standing = live.refold(standing, person, acts, ...)  then everything of the person anew
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol, cast

import msgspec

from tailorbird.errors import Unavailable
from tailorbird.know.heading import Facts
from tailorbird.know.language.tree import Expression, Program, Value
from tailorbird.know.segment.acts import act_decoder, needed
from tailorbird.know.segment.counting import OTHER
from tailorbird.know.segment.merging import join
from tailorbird.know.segment.module import Module, generate
from tailorbird.know.segment.move import TIME_PASSED, WITHDRAWN, Cause, Move, move
from tailorbird.know.segment.reasons import Reasons
from tailorbird.know.segment.slots import Slot
from tailorbird.know.segment.standing import Standing, decode_head, encode_standing, refuse

Baseline = Mapping[str, Mapping[str, float]]  # "category" | "brand" -> value -> share of everyone
Out = list[tuple[str, bool]]


class Act(Protocol):
    """What a statistic may look at of an event; `Live.read` decodes just that much of one."""

    @property
    def type(self) -> str: ...
    @property
    def event(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def message_id(self) -> str: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def received_at(self) -> int: ...
    @property
    def plain_properties(self) -> Mapping[str, Any]: ...
    @property
    def plain_context(self) -> Mapping[str, Any]: ...
    @property
    def plain_traits(self) -> Mapping[str, Any]: ...
    @property
    def consent(self) -> Mapping[str, bool]: ...


class Live:
    """A compiled program. It keeps nothing of anybody: all that it knows of a person is in their standing."""

    def __init__(self, module: Module, baseline: Baseline, version: int) -> None:
        self.key = module.key  # of statistics and expressions; standings of another key are to be refolded
        self.source = module.source  # the generated Python, for `--explain`
        self.baseline = version  # of the shares of everyone that leanings are measured against
        self.segments = tuple(module.plan.segments)
        self.needs = frozenset(needed(module.plan, "properties"))  # of the plain properties
        self.read = act_decoder(module.plan)
        self.read_whole = act_decoder(module.plan, Facts.__annotations__)  # and what profiles are made of
        self.module, self.adopted = module, False  # whether compiled functions do the work
        self._plan, self._standing, space = module.plan, module.standing, dict(module.space)
        # Its own copy of the functions, because another baseline may be in force elsewhere.
        exec(compile(module.source, "<segments>", "exec"), space)  # noqa: S102
        self._shares = {
            name: float(baseline.get(of, {}).get(value, 0.0))
            for (of, value), name in module.plan.slots.baselines.items()
        }
        space.update(self._shares)
        self._decode = msgspec.msgpack.Decoder(module.standing).decode
        self._space = space
        self._run(space)
        self._count = {name: space[made.__name__] for name, made in module.count.items()}
        self._hold = {name: space[made.__name__] for name, made in module.hold.items()}
        self._said, self._start, self._everything = space["said"], space["start"], space["everything"]
        self._tick, self._hold_tick, self._traits = space["tick"], space["hold_tick"], space["traits"]
        self._holds = bool(module.plan.holds)
        said = {slot.key[0] for slot in module.plan.all_slots()}
        self._hears_traits, self._hears_consent = "trait" in said, "consent" in said
        self._hears = self._hears_traits or self._hears_consent
        self._reasons = Reasons(module.plan, space)

    def adopt(self, compiled: dict[str, Any], doubt: Callable[[Exception], None]) -> None:
        """From now on events run these functions, compiled from the same text; they have one baseline at a time.

        The first exception of one of them ends that: `doubt` is told, and the batch is to be folded again.
        """
        compiled.update(self._shares)
        self._run(compiled)
        self.adopted, self._doubt = True, doubt

    def release(self) -> None:
        """Run the functions of Python again."""
        self._run(self._space)
        self.adopted = False

    def _run(self, space: Mapping[str, Any]) -> None:
        """What events run, as it stands in `space`."""
        count, judge = self.module.count, self.module.judge
        self._events = {name: (space[count[name].__name__], space[judge[name].__name__]) for name in count}
        self._other = self._events.get(OTHER, (None, None))

    def new(self) -> Standing:
        """The standing of somebody of whom nothing is known."""
        return self._standing(key=self.key, baseline=self.baseline)

    def decode(self, value: bytes) -> Standing | None:
        """A standing with its slots; None where they are of another program. Raises Corrupt on foreign bytes."""
        try:
            standing: Standing = self._decode(value)
        except msgspec.DecodeError as error:
            if decode_head(value).key == self.key:
                refuse(value, error)
            return None  # another program's slots look otherwise
        return standing if standing.key == self.key else None

    def apply(self, standing: Standing, person: bytes, act: Act, offset: int, moves: list[Move]) -> bool:
        """Count one event: first what fell due by then, then the event, then only the segments that it can change.

        False, with the standing in an unknown state: the event came too late to be counted in its turn; `refold`.
        """
        at, received_at = act.timestamp, act.received_at
        # Nothing happened after it was heard of, whatever the sender's clock says (`know.language.tree`).
        if received_at < at:
            at = received_at
        all_anew = standing.at < 0
        if all_anew:
            standing.at = at
            self._start(standing, person, at)
        elif at > standing.at:
            if 0 < standing.due <= at:
                self.advance(standing, person, at, moves)
            standing.at = at
        name = act.event if act.type == "track" else act.type
        if self._hears:
            new = self._hear(standing, act, at)
            if new < 0:
                return False
            all_anew = all_anew or new > 0
        count, judge = self._events.get(name, self._other)
        changed, out = 1, Out()
        try:
            if count is not None:
                changed = count(standing, act, at)
                if changed < 0:
                    return False
            if all_anew:
                judge = self._everything
            if judge is not None:
                judge(standing, person, standing.at, out, changed)
        except Exception as error:
            self._fall_back(error)
            raise
        if out:
            at, message_id = standing.at, act.message_id
            moves += [Move(person, segment, entered, at, name, message_id, offset) for segment, entered in out]
        return True

    def _fall_back(self, error: Exception) -> None:
        """Where compiled functions work: Python's from now on, and nothing of this batch counts."""
        if self.adopted:
            self.release()
            self._doubt(error)
            raise Unavailable(f"Segments run as Python again: {type(error).__name__} in a compiled one.") from error

    def _hear(self, standing: Standing, act: Act, at: int) -> int:
        traits = self._hears_traits and act.plain_traits
        if traits or (self._hears_consent and act.consent):
            return cast("int", self._said(standing, act, at))
        return 0

    def advance(self, standing: Standing, person: bytes, to: int, moves: list[Move]) -> None:
        """Let time pass until `to`: each due edge at its own instant."""
        if standing.at < 0:
            return
        # Edge by edge, each at its own instant: met late or in time, they leave the same bytes (docs/why/091).
        while 0 < standing.due <= to:
            standing.at = max(standing.at, standing.due)
            out: Out = []
            self._tick(standing, person, standing.at, out, 1)
            if out:
                # No offset: which record of the log said that the time had come must not make it another move.
                moves += told(person, out, standing.at, Cause(because=TIME_PASSED))
        standing.at = max(standing.at, to)

    def refold(
        self, standing: Standing, person: bytes, acts: Iterable[Act], to: int, cause: Cause, moves: list[Move]
    ) -> Standing:
        """A new standing as of max(to, standing.at) from all events of the person, in order of (at, offset).

        `standing` (of any program, or `Live.new()`) says who was in which segment until now: moves are the difference.
        """
        new = self._fold(person, acts)
        return self.take_over(new, person, standing.members, max(to, standing.at, new.at), cause, moves)

    def take_over(
        self, new: Standing, person: bytes, members: Mapping[str, int], at: int, cause: Cause, moves: list[Move]
    ) -> Standing:
        """Judge a standing whose slots were just filled, of somebody who was in `members` until now."""
        heard = new.at >= 0
        known = set(self.segments) if heard else set()
        new.at = at
        new.members = {name: since for name, since in members.items() if name in known}
        withdrawn = Cause(cause.offset, WITHDRAWN, cause.message_id)
        for name in members:
            if name not in known:
                # Of a segment that is no longer defined nothing can be judged: its members leave for that reason.
                moves.append(move(person, name, False, new.at, cause if name in self.segments else withdrawn))
        if heard:
            self._judge_all(new, person, cause, moves)
        return new

    def counted(self, person: bytes, acts: Iterable[Act], to: int) -> Standing:
        """All events of a person, in order of (at, offset), in the slots as of `to`; nothing is judged."""
        new = self._fold(person, acts)
        self.hold_until(new, person, to)
        return new

    def hold_until(self, standing: Standing, person: bytes, to: int) -> None:
        """Follow what must have held until `to`; the standing is good for its slots then, and for nothing else."""
        if self._holds and standing.at >= 0:
            self._pass(standing, person, to)

    def slots(self) -> list[Slot]:
        """The places of a standing, and which statistic stands in each."""
        return self._plan.all_slots()

    def read_from(self) -> list[tuple[Expression, Slot]]:
        """Each node that is read from a statistic, and from which."""
        return [(node, reading.slot) for node, reading in self._plan.readings.items()]

    def _fold(self, person: bytes, acts: Iterable[Act]) -> Standing:
        new = self.new()
        if self._holds:
            self._refold_held(new, person, acts)
        else:
            self._refold(new, person, acts)
        return new

    def _refold(self, new: Standing, person: bytes, acts: Iterable[Act]) -> None:
        counts, other, at = self._count, self._count.get(OTHER), -1
        for act in acts:
            at = act.timestamp if act.timestamp < act.received_at else act.received_at
            if self._hears:
                self._hear(new, act, at)
            count = counts.get(act.event if act.type == "track" else act.type, other)
            if count is not None:
                count(new, act, at)
        new.at = at

    def _refold_held(self, new: Standing, person: bytes, acts: Iterable[Act]) -> None:
        """The same with the predicates that must have held followed through time."""
        out: Out = []
        for act in acts:
            at = act.timestamp if act.timestamp < act.received_at else act.received_at
            first = new.at < 0
            if first:
                self._start(new, person, at)
            self._pass(new, person, at)
            heard = self._hear(new, act, at)
            name = act.event if act.type == "track" else act.type
            count = self._count.get(name, self._count.get(OTHER))
            if count is not None:
                count(new, act, at)
            hold = self._hold_tick if first or heard else self._hold.get(name, self._hold.get(OTHER))
            if hold is not None:
                hold(new, person, at, out, 1)

    def _pass(self, standing: Standing, person: bytes, to: int) -> None:
        while 0 < standing.due <= to:
            standing.at = standing.due
            self._hold_tick(standing, person, standing.due, [], 1)
        standing.at = to

    def _judge_all(self, standing: Standing, person: bytes, cause: Cause, moves: list[Move]) -> None:
        if self._holds:
            self._pass(standing, person, standing.at)
        out: Out = []
        self._everything(standing, person, standing.at, out, 1)
        standing.baseline = self.baseline
        moves += told(person, out, standing.at, cause)

    def merge(self, standing: Standing, other: Standing, person: bytes, cause: Cause, moves: list[Move]) -> bool:
        """Take all of `other`, of a person found to be the same, into `standing`; False: `refold` instead.

        Members of either are members before the segments are evaluated anew, with the earlier since.
        """
        if other.at < 0:
            return True
        if self._holds or not join(self._plan, standing, other):
            return False
        self._judge_all(standing, person, cause, moves)
        return True

    def rebase(self, standing: Standing, person: bytes, at: int, cause: Cause, moves: list[Move]) -> None:
        """Evaluate all segments at `at`: the baseline is another one."""
        if standing.at >= 0:
            self.advance(standing, person, at, moves)
            self._judge_all(standing, person, cause, moves)

    def values(self, standing: Standing, person: bytes, now: int) -> dict[str, Value]:
        """All traits at `now` (not before `standing.at`)."""
        at_now = self._at(standing, person, now)
        return cast("dict[str, Value]", self._traits(at_now, person, at_now.at))

    def why(self, standing: Standing, person: bytes, segment: str, now: int) -> list[str]:
        """What is true of the person that makes them a member, with present values; nothing for who is none."""
        at_now = self._at(standing, person, now)
        return self._reasons.why(at_now, person, segment) if segment in at_now.members else []

    def _at(self, standing: Standing, person: bytes, now: int) -> Standing:
        """The standing at `now`, or a copy of it: whoever only looks must not let time pass."""
        if now <= standing.at:
            return standing
        # Through its bytes: a copy all the way down, whatever its statistics are made of.
        copy: Standing = self._decode(encode_standing(standing))
        self.advance(copy, person, now, [])
        return copy

    def approximate(self, standing: Standing) -> list[str]:
        """Traits and segments that lean on a statistic which passed its cap."""
        past = {
            slot.number
            for slot in self._plan.all_slots()
            if slot.statistic
            and slot.statistic.capped
            and (found := getattr(standing, slot.name))
            and found.approximate
        }
        # A sequence is read where its ends are counted, and bounded where its beginnings are kept.
        past |= {feed.hits.number for feed in self._plan.slots.feeds if feed.hits and feed.slot.number in past}
        named = {**self._plan.traits, **self._plan.segments}
        return [name for name, e in named.items() if self._plan.needs(e) & past]


def told(person: bytes, out: Out, at: int, cause: Cause) -> list[Move]:
    """What generated code found, as moves."""
    return [move(person, segment, entered, at, cause) for segment, entered in out]


@lru_cache(maxsize=8)
def _generate(program: Program) -> Module:
    return generate(program)


def compile_live(program: Program, baseline: Baseline | None = None, version: int = 0) -> Live:
    """The program at work, measured against this baseline; equal programs are written once."""
    return Live(_generate(program), baseline or {}, version)
