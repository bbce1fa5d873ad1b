"""The generated functions that find out who is in which segment, and until when.

judge_N(p, person, t, out)   the segments that one event can change; untouched statistics are up to `t` already
everything(...)              all segments, all edges: for the first event, and whenever all may have changed
tick(...)                    what an instant alone can change
is_N, holds_N, before_N      one segment, the predicate of one Held, and a Held of somebody without any event
traits, values               for whoever asks
"""

from collections.abc import Iterable

from tailorbird.know.language.tree import Expression, Held
from tailorbird.know.language.walk import nodes
from tailorbird.know.segment.body import Body
from tailorbird.know.segment.clocks import merged
from tailorbird.know.segment.counting import moved_clocks, touched
from tailorbird.know.segment.logic import literal
from tailorbird.know.segment.plan import Plan, moving
from tailorbird.know.segment.slots import Slot
from tailorbird.know.segment.turning import Turning
from tailorbird.know.segment.ways import DOWN, UP
from tailorbird.know.segment.words import words


def judge_function(
    plan: Plan, name: str, event: str, names: Iterable[str], holds: list[Held], turning: Turning | None = None
) -> list[str]:
    """The segments in `names`, after an event of that name; with `turning`, `d` says what it turned."""
    body, slots, own = Body(plan, fresh=True), touched(plan, event), list(names)
    body.add("m = p.members")
    # 0 stands for "never", and would be the soonest of all.
    body.add("due = was = p.due or FAR")
    # Before the segments, which ask for it.
    _held(body, holds)
    for segment in own:
        bit = turning.asked(segment) if turning else 0
        test = _test(turning, segment) if turning else ""
        body.maybe(test, lambda segment=segment, bit=bit: _segment(body, segment, bit))  # type: ignore[misc]
    for clock in moved_clocks(plan, _watched(plan, own, holds), slots):
        mask = turning.clock_mask(clock) if turning else 0
        body.maybe(f"d & {mask}" if mask else "", lambda clock=clock: body.clock(clock))  # type: ignore[misc]
    body.add("if due < was: p.due = due")
    return [f"def {name}(p, person, t, out, d):", *body.lines, ""]


def _test(turning: Turning, segment: str) -> str:
    """What must hold for an event to turn a segment; nothing where it may each time."""
    mask, turns = turning.mask(segment), turning.ways(segment)
    # Who is in already cannot enter, who is not cannot leave (docs/why/105): half of the people are not looked at.
    gate = {UP: f"{literal(segment)} not in m or ", DOWN: f"{literal(segment)} in m or "}.get(turns, "")
    return f"{gate}d & {mask}" if mask else ""


def edge_function(plan: Plan, name: str, names: Iterable[str], holds: list[Held]) -> list[str]:
    """The segments in `names` and when anything can change next, whatever happened before."""
    body = Body(plan, fresh=True)
    body.add("m = p.members")
    body.add("due = FAR")
    watched = _watched(plan, names, holds)
    reach = frozenset().union(*map(plan.needs, watched))
    held = {plan.readings[one].slot.number for one in holds}
    # All that moves with time is brought up first; then what is read below is as of `t`.
    for slot in plan.all_slots():
        if slot.number in reach and slot.timed and slot.number not in held:
            body.bring_up(slot)
    _held(body, holds)
    for segment in names:
        _segment(body, segment)
    for clock in merged(c for e in watched for c in plan.clocks(e)):
        body.clock(clock)
    body.add("p.due = due if due < FAR else 0")
    return [f"def {name}(p, person, t, out, d):", *body.lines, ""]


def _watched(plan: Plan, names: Iterable[str], holds: list[Held]) -> list[Expression]:
    return [*(plan.segments[name] for name in names), *(held for held in holds)]


def _held(body: Body, holds: list[Held]) -> None:
    for held in holds:
        slot = body.plan.readings[held].slot
        body.add(f"p.{slot.name}.turn(t, holds_{slot.number}(p, person, t))  # {words(held)}")
        body.bring_up(slot)


def _segment(body: Body, name: str, bit: int = 0) -> None:
    """Whether the person is in a segment; where they were not, or are no longer, that is told, and noted in `bit`."""
    test, segment, note = body.logic.true(body.plan.segments[name]), literal(name), f"; d |= {bit}" if bit else ""
    body.add(f"if {test}:")
    body.add(f"if {segment} not in m: m[{segment}] = t; out.append(({segment}, True)){note}", 2)
    body.add(f"elif {segment} in m: del m[{segment}]; out.append(({segment}, False)){note}")


def timed(plan: Plan, e: Expression, slots: Iterable[Slot]) -> bool:
    """Whether time alone can change it."""
    numbers = {slot.number for slot in slots if slot.timed}
    return bool(plan.needs(e) & numbers) or bool(plan.clocks(e))


def single_functions(plan: Plan) -> list[str]:
    """is_N of the segments that others ask, holds_N and before_N."""
    lines: list[str] = []
    for name, e in plan.segments.items():
        lines += _truth(plan, f"is_{plan.place(name)}", e, name)
    for held in plan.holds:
        number = plan.readings[held].slot.number
        lines += _truth(plan, f"holds_{number}", held.predicate, words(held.predicate))
        lines += [
            f"def before_{number}(person, t):",
            f"    return held_before(holds_{number}, blank, person, t, {held.granule}, {held.length // held.granule})",
            "",
        ]
    return lines


def _truth(plan: Plan, name: str, e: Expression, comment: str) -> list[str]:
    body = Body(plan, fresh=False)
    body.add(f"return {body.logic.true(e)}")
    return [f"def {name}(p, person, t):  # {comment}", *body.lines, ""]


def start_function(plan: Plan) -> list[str]:
    """`start(p, person, t)`: somebody's first event is at `t`; what held before it?"""
    lines = ["def start(p, person, t):", "    pass"]
    for held in plan.holds:
        slot = plan.readings[held].slot
        changing = moving(plan, held.predicate) or any(isinstance(node, Held) for node in nodes(held.predicate))
        lines.append(
            f"    p.{slot.name} = held_start(S{slot.number}(), holds_{slot.number}, blank, person, t, {changing})"
        )
    return [*lines, ""]


def traits_function(plan: Plan) -> list[str]:
    """`traits(p, person, t)`: name -> value."""
    body = Body(plan, fresh=False)
    values = {name: body.logic.value(e).alone() for name, e in plan.traits.items()}
    lines = [f"        {literal(name)}: {code}," for name, code in values.items()]
    return ["def traits(p, person, t):", *body.lines, "    return {", *lines, "    }", ""]
