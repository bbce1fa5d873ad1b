"""What a generated function does with one row: an event, or one element of a list in it."""

from collections.abc import Callable, Iterator

from tailorbird.know.language.tree import Expression, Property
from tailorbird.know.language.walk import nodes
from tailorbird.know.orders import ORDER
from tailorbird.know.segment.fast import ABSENCE, ANY, CHAIN, NEVER, filled, shortcut
from tailorbird.know.segment.logic import Guarded, Logic, literal
from tailorbird.know.segment.plan import Plan
from tailorbird.know.segment.readings import local
from tailorbird.know.segment.slots import Feed, Slot
from tailorbird.know.segment.turning import Turning
from tailorbird.know.statistics.leaning import EPOCH

LIMIT = "1e100"  # `kinds.MOST`
KIND_OF = {
    "text": "{name} = {found}\n    if {name}.__class__ is not str: {name} = None",
    "boolean": "{name} = {found}\n    if {name}.__class__ is not bool: {name} = None",
    # A double within LIMIT; a boolean is none.
    "number": "{name} = {found}\n"
    "    if {name}.__class__ is not float:\n"
    f"        {{name}} = float({{name}}) if {{name}}.__class__ is int and -{LIMIT} <= {{name}} <= {LIMIT} else None\n"
    f"    elif not -{LIMIT} <= {{name}} <= {LIMIT}: {{name}} = None",
    "time": "{name} = time({found})",
}


def open_slot(slot: Slot, new: str = "", note: str = "") -> list[str]:
    """A slot's statistic, made if it is the first time."""
    x = local(slot)
    return [f"    {x} = p.{slot.name}", f"    if {x} is None: {x} = p.{slot.name} = S{slot.number}({new}){note}"]


class Rows:
    """What is done with one row: an event, or one element of a list in it."""

    def __init__(self, plan: Plan, turning: Turning, feeds: list[Feed], session: bool) -> None:
        self.lines: list[str] = []
        self._plan = plan
        self._turning = turning
        self._session = session
        self._each = bool(feeds[0].events.each)
        self._fields: dict[Property, str] = {}
        self._logic = Logic(self._leaf, plan.patterns)
        # Only where something is read of it: to count needs no property.
        if any(feed.verb != "count" or feed.events.where for feed in feeds) and not session and not self._each:
            self._add("q = act.plain_properties")
        for where in dict.fromkeys(feed.events.where for feed in feeds):
            self._filtered(where, [feed for feed in feeds if feed.events.where == where])

    def _add(self, text: str, depth: int = 1) -> None:
        self.lines += ["    " * (depth - 1) + line for line in f"    {text}".split("\n")]

    def _leaf(self, e: Expression) -> Guarded:
        assert isinstance(e, Property), "filters and values look at properties alone"
        name = self._fields.get(e)
        if name is None:
            name = self._fields[e] = f"r{len(self._fields)}"
            self._add(KIND_OF[e.kind].format(name=name, found=self._found(e)))
        return Guarded((f"{name} is not None",), name)

    def _found(self, e: Property) -> str:
        if self._session:
            return "None"
        if e.group == "event":
            return f"act.{'event' if e.path == ('name',) else 'source'}"
        if e.group == "context":
            return f"act.plain_context.get({literal('.'.join(e.path))})"
        return f"q.get({literal(e.path[0])})" if len(e.path) == 1 else f"dig(q, {e.path!r})"

    def _filtered(self, where: Expression | None, feeds: list[Feed]) -> None:
        if where is None:
            for feed in feeds:
                VERBS[feed.verb](self, feed, 1)
            return
        test = self._logic.true(where)
        for e in (node for feed in feeds if feed.value for node in nodes(feed.value) if isinstance(node, Property)):
            self._leaf(e)  # read before the block, so that what is read stands at one place
        self._add(f"if {test}:")
        for feed in feeds:
            VERBS[feed.verb](self, feed, 2)

    def _value(self, feed: Feed, depth: int) -> tuple[str, int]:
        """What is counted, or the key, and how deep behind its guards."""
        if feed.value is None:
            return "''", depth
        value = self._logic.value(feed.value)
        if value.guards:
            self._add(f"if {' and '.join(value.guards)}:", depth)
        return value.code, depth + bool(value.guards)

    def _open(self, slot: Slot, depth: int, new: str = "") -> str:
        # A first one that takes the shortcut changes all that the slot can tell, and when.
        bits = self._turning.any(slot.number) if new else 0
        note = f"; d |= {bits}" if bits else ""
        for line in open_slot(slot, new, note + (f"; sooner(p, {local(slot)})" if new and self._watched(slot) else "")):
            self._add(line.strip(), depth)
        return local(slot)

    def _watched(self, slot: Slot) -> bool:
        """Whether somebody has to be told when its answer ends."""
        return slot.timed and slot.number in self._plan.reached

    def _update(self, slot: Slot, value: str, depth: int) -> None:
        """One more in a slot, by its shortcut where that holds."""
        fast = shortcut(slot)
        if fast is None:
            self._slowly(slot, value, depth)
            return
        # Test and action both name it: worked out once.
        if fast.test != ANY and not value.isidentifier() and "{v}" in fast.test + fast.action:
            self._add(f"v = {value}", depth)
            value = "v"
        places = filled(slot, local(slot), value)
        self._open(slot, depth, fast.new.format(**places))
        lines = [*self._noted(slot, fast.changes.format(**places)), *fast.action.format(**places).splitlines()]
        if fast.test == ANY:
            for line in lines:
                self._add(line, depth)
            return
        self._add(f"if {fast.test.format(**places)}:{'' if lines else ' pass'}", depth)
        for line in lines:
            self._add(line, depth + 1)
        if fast.other is not None:
            test, action = (text.format(**places) for text in fast.other)
            self._add(f"elif {test}:", depth)
            bits = self._turning.any(slot.number)
            self._add(action + (f"; d |= {bits}" if bits else ""), depth + 1)
        self._add("else:", depth)
        self._slowly(slot, value, depth + 1, opened=True)

    def _noted(self, slot: Slot, changes: str) -> Iterator[str]:
        """What a shortcut may turn, asked before it is taken."""
        for test, bit in self._turning.tests(slot.number):
            yield f"if {test}: d |= {bit}"
        bit = self._turning.changes(slot.number)
        if bit and changes != NEVER:
            yield f"d |= {bit}" if changes == ANY else f"if {changes}: d |= {bit}"

    def _slowly(self, slot: Slot, value: str, depth: int, opened: bool = False) -> None:
        x = local(slot) if opened else self._open(slot, depth)
        if self._watched(slot):
            # Only an end that has come sooner is news: a later one is found when the earlier is due.
            self._add(f"until = {x}.until", depth)
        self._call(slot, f"{x}.update(at, {value})", depth)
        if self._watched(slot):
            self._add(f"if {x}.until < until: sooner(p, {x})", depth)
        if bits := self._turning.any(slot.number):
            self._add(f"d |= {bits}", depth)

    def _call(self, slot: Slot, call: str, depth: int) -> None:
        assert slot.statistic is not None
        self._add(call if slot.statistic.joins else f"if not {call}: return -1", depth)

    def count(self, feed: Feed, depth: int) -> None:
        self._update(feed.slot, "None", depth)

    def value(self, feed: Feed, depth: int) -> None:
        if feed.value is None:
            self._update(feed.slot, "at", depth)
            return
        code, depth = self._value(feed, depth)
        self._update(feed.slot, code, depth)

    def step(self, feed: Feed, depth: int) -> None:
        code, depth = self._value(feed, depth)
        x = self._open(feed.slot, depth)
        filled = {"x": x, "v": code, "step": feed.step, "place": 3 * (feed.step - 2)}
        filled["within"] = feed.slot.statistic.within  # type: ignore[union-attr]
        lines = CHAIN[("begin", "second", "later")[min(feed.step, 2)]].splitlines()
        lines += [CHAIN["between"]] if feed.step > 0 and feed.hits is None else []
        for line in lines:
            self._add(line.format(**filled), depth)
        if feed.hits is not None:
            self._update(feed.hits, "None", depth + 1)

    def turn(self, feed: Feed, depth: int) -> None:
        code, depth = self._value(feed, depth)
        x, lasts = self._open(feed.slot, depth), feed.slot.statistic.until_ms  # type: ignore[union-attr]
        within = feed.slot.statistic.within  # type: ignore[union-attr]
        fast = ABSENCE["first until" if feed.verb == "first" and lasts is not None else feed.verb]
        filled = {"x": x, "v": code, "lasts": lasts, "apart": (lasts or within) - within}
        self._add(f"if {fast.test.format(**filled)}: {fast.action.format(**filled)}", depth)
        self._add("else:", depth)
        self._add(f"until = {x}.until", depth + 1)
        self._add(f"if not {x}.{feed.verb}(at, {code}): return -1", depth + 1)
        self._add(f"if {x}.until < until:", depth + 1)
        self._add(f"d |= {self._turning.any(feed.slot.number)}; sooner(p, {x})", depth + 2)

    def lean(self, feed: Feed, depth: int) -> None:
        if feed.events.name == ORDER:
            self._add("for line in lines(q):", depth)
            self._add(f"name = line.get({literal(feed.of)})", depth + 1)
            depth += 1
        else:
            self._add(f"name = q.get({literal(feed.of)})", depth)
        self._add("if name.__class__ is str and name:", depth)
        x, span = self._open(feed.slot, depth + 1), EPOCH * feed.slot.statistic.half_life  # type: ignore[union-attr]
        asked = ", ".join(map(literal, feed.slot.statistic.asked))  # type: ignore[union-attr]
        bits = self._turning.any(feed.slot.number)
        self._add(f"if {x}.landmark == mark_{span}:", depth + 1)
        self._add(f"{x}.total += (faded := {feed.weight} * fade_{span})", depth + 2)
        self._add(f"if name in {{{asked}}}:", depth + 2)
        self._add(f"{x}.weights[name] = {x}.weights.get(name, 0.0) + faded", depth + 3)
        for name, bit in sorted(self._turning.names(feed.slot.number).items()):
            self._add(f"if name == {literal(name)}: d |= {bit}", depth + 3)
        self._add(f"else: {x}.lean(at, name, {feed.weight}){f'; d |= {bits}' if bits else ''}", depth + 1)


VERBS: dict[str, Callable[[Rows, Feed, int], None]] = {
    "count": Rows.count,
    "value": Rows.value,
    "step": Rows.step,
    "first": Rows.turn,
    "then": Rows.turn,
    "lean": Rows.lean,
}
