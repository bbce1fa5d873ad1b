"""The text of one generated function that reads standings: a statement asks for what it needs, once."""

from collections.abc import Callable

from tailorbird.know.language.tree import Arithmetic, Call, Consented, Expression, Member, Now, RandomBucket
from tailorbird.know.segment.clocks import EVERY, Clock
from tailorbird.know.segment.logic import Guarded, Logic, literal
from tailorbird.know.segment.plan import Plan
from tailorbird.know.segment.readings import local
from tailorbird.know.segment.slots import Slot
from tailorbird.know.segment.words import words


class Body:
    """Lines of a function of `p` (the standing), `person` and `t` (the instant).

    In one that is `fresh` all slots have been brought up to `t` before, and who is in a segment stands in `p.members`;
    else both are found out on the way.
    """

    def __init__(self, plan: Plan, *, fresh: bool) -> None:
        self.lines: list[str] = []
        self.plan = plan
        self.logic = Logic(self._leaf, plan.patterns, self._known)
        self.fresh = fresh
        self._slots: set[int] = set()
        self._read: dict[Expression, str] = {}
        self._deeper = 0

    def add(self, text: str, depth: int = 1) -> None:
        self.lines.append("    " * (depth + self._deeper) + text)

    def maybe(self, test: str, write: Callable[[], None]) -> None:
        """What `write` adds, where the test holds; what it fetches is known only there."""
        if not test:
            write()
            return
        self.add(f"if {test}:")
        slots, read, self._deeper = set(self._slots), dict(self._read), self._deeper + 1
        write()
        self._slots, self._read, self._deeper = slots, read, self._deeper - 1

    def slot(self, slot: Slot) -> str:
        """The local name of a slot's statistic."""
        name = local(slot)
        if slot.number not in self._slots:
            self._slots.add(slot.number)
            self.add(f"{name} = p.{slot.name}")
            if slot.timed and not self.fresh:
                self.add(f"if {name} is not None and {name}.until <= t: {name}.roll(t)")
        return name

    def bring_up(self, slot: Slot) -> None:
        """Bring a slot up to `t`, and collect until when its answer holds."""
        name = self.slot(slot)
        self.add(f"if {name} is not None:")
        self.add(f"if {name}.until <= t: {name}.roll(t)", 2)
        self.add(f"if {name}.until < due: due = {name}.until", 2)

    # -- what expressions stand on

    def _leaf(self, e: Expression) -> Guarded:
        if isinstance(e, Now):
            return Guarded((), f"{e.unit}(t)")
        if isinstance(e, Member):
            code = f"({literal(e.segment)} in m)" if self.fresh else f"is_{self.plan.place(e.segment)}(p, person, t)"
            return Guarded((), code)
        if e not in self._read:
            self._read[e] = f"v{self.plan.numbers[e]}"
            self._fetch(e, self._read[e])
        name = self._read[e]
        return Guarded((f"{name} is not None",) if self.plan.readings[e].nullable else (), name)

    def _known(self, e: Expression) -> Guarded | None:
        """The local in which a value stands that many definitions ask for; worked out before the first of them."""
        number = self.plan.often.get(e)
        if number is None or not isinstance(e, Arithmetic | Call):
            return None
        if e not in self._read:
            found = self.logic.computed(e)
            self._read[e] = f"c{number}"
            self.add(f"c{number} = {found.alone()}")
        return Guarded((f"{self._read[e]} is not None",), self._read[e])

    def _fetch(self, e: Expression, name: str) -> None:
        found = self.plan.readings[e]
        if isinstance(e, RandomBucket):
            # Kept once it was asked for: it never changes, and md5 at each look would be paid for nothing.
            self.add(f"{name} = p.{found.slot.name}  # {words(e)}")
            self.add(f"if {name} is None: {name} = p.{found.slot.name} = bucket({literal(e.salt)}, person)")
            return
        slot = self.slot(found.slot)
        self.add(f"{name} = ({found.code}) if {slot} is not None else {found.empty}  # {words(e)}")

    # -- clocks

    def clock(self, clock: Clock) -> None:
        """Collect the next instant at which a clock turns."""
        if clock.time is None:
            unit = EVERY.get(str(clock.unit))
            self._edge(f"(t // {unit} + 1) * {unit}" if unit else f"next_{clock.unit}(t)", ())
        elif isinstance(clock.time, Consented):
            name = self.slot(self.plan.readings[clock.time].slot)
            # Guarded by the value, too: a yes runs out, a no never does.
            self._offsets(Guarded((f"{name} is not None", f"{name}.value"), f"{name}.at"), clock.offsets)
        elif clock.offsets:
            self._offsets(self.logic.value(clock.time), clock.offsets)
        else:
            time = self.logic.value(clock.time)
            self._edge(f"{time.code} + ((t - {time.code}) // {clock.unit} + 1) * {clock.unit}", time.guards)

    def _offsets(self, time: Guarded, offsets: tuple[int, ...]) -> None:
        code = "FAR"
        # The last one innermost: then the nearest that still lies ahead is the first that is found.
        for offset in reversed(offsets):
            code = f"{time.code} + {offset} if {time.code} + {offset} > t else {code}"
        self._edge(code, time.guards)

    def _edge(self, code: str, guards: tuple[str, ...]) -> None:
        # The edge last: its code may only run where the guards hold.
        tests = " and ".join((*guards, f"(edge := {code}) < due"))
        self.add(f"if {tests}: due = edge")
