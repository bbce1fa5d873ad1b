"""The generated functions that count an event: `count_N(p, act, at)`, one for each event name that matters.

They answer -1 where the event came too late for a statistic that depends on order; then all has to be folded anew.
Else they answer what may have turned, in bits (`turning`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tailorbird.know.fold import PASSIVE, SAID
from tailorbird.know.language.schema import CALLS
from tailorbird.know.language.tree import Expression, Held
from tailorbird.know.segment.clocks import Clock, merged
from tailorbird.know.segment.fast import ANY, granule, shortcut
from tailorbird.know.segment.logic import literal
from tailorbird.know.segment.plan import Plan
from tailorbird.know.segment.readings import local
from tailorbird.know.segment.rows import KIND_OF, Rows, open_slot
from tailorbird.know.segment.slots import Feed, Slot
from tailorbird.know.segment.turning import Turning
from tailorbird.know.statistics.leaning import EPOCH

OTHER = "*"  # any event that has no function of its own


def names(plan: Plan) -> list[str]:
    """The events with a function of their own; `OTHER` comes last, if all others need one."""
    named = {feed.events.name for feed in plan.slots.feeds}
    # Sorted: the text must be the same in every process, as its hash says whose slots a standing has.
    own = sorted(named - {OTHER, "session"})
    if OTHER in named:
        own = sorted({*own, *SAID})  # no function of all others counts them
    if "session" in named:
        own = sorted({*own, *PASSIVE})  # they look like a contact and are none
    return [*own, OTHER] if named & {OTHER, "session"} else own


def feeds_of(plan: Plan, name: str) -> list[Feed]:
    """What an event of that name is counted by, in any role."""
    of = {name} | (set() if name in SAID else {OTHER}) | ({"session"} if contact(name) else set())
    return [feed for feed in plan.slots.feeds if feed.events.name in of]


def touched(plan: Plan, name: str) -> frozenset[int]:
    """The slots that such an event can change."""
    feeds = feeds_of(plan, name)
    return frozenset({feed.slot.number for feed in feeds} | {feed.hits.number for feed in feeds if feed.hits})


def contact(name: str) -> bool:
    """Whether an event of that name may start a session."""
    return name not in PASSIVE


def turning_of(plan: Plan, name: str) -> Turning:
    """What the events of that name have to do so that a segment can turn."""
    feeds, slots = feeds_of(plan, name), touched(plan, name)
    sure = slots - {feed.slot.number for feed in feeds if _sometimes(feed)}
    sure -= {feed.hits.number for feed in feeds if feed.hits}
    asked = [e for e in (*plan.segments.values(), *plan.holds_touched(slots)) if plan.needs(e) & slots]
    return Turning(plan, slots, sure, moved_clocks(plan, asked, slots))


def moved_clocks(plan: Plan, asked: Iterable[Expression], slots: frozenset[int]) -> list[Clock]:
    """The clocks of expressions that a change of these slots sets anew."""
    found = merged(clock for e in asked for clock in plan.clocks(e))
    return [clock for clock in found if clock.time is not None and plan.needs(clock.time) & slots]


def _sometimes(feed: Feed) -> bool:
    if feed.events.where or feed.events.each or feed.events.name == "session" or feed.verb in ("first", "then"):
        return True
    fast = shortcut(feed.slot)
    return fast is not None and fast.changes != ANY


def count_function(plan: Plan, number: int, name: str) -> list[str]:
    """The text of one function."""
    feeds = feeds_of(plan, name)
    lines = [f"def count_{number}(p, act, at):  # {name!r}", "    d = 0"]
    lines += [f"    {line}" for line in late_checks(plan.holds_touched(touched(plan, name)))]
    lengths = sorted({granule(feed.slot) for feed in _counted(feeds)} - {0})
    # Once an event, however many statistics have windows of that granule.
    lines += [f"    b{one} = {_bucket(one, lengths)}" for one in lengths]
    lines += [f"    {line}" for line in _fades(feeds, lengths)]
    lines += _block(plan, name, [feed for feed in feeds if feed.events.name in (name, OTHER)])
    sessions = [feed for feed in feeds if feed.events.name == "session" and contact(name)]
    if sessions:  # the start of one is an event of its own, at no other time than its contact
        lines += _session(plan, sessions, name)
    return [*lines, "    return d", ""]


def _bucket(length: int, known: list[int]) -> str:
    """The granule of `at`; of a shorter one where that divides it, because small numbers are divided faster."""
    shorter = max((one for one in known if one < length and length % one == 0), default=0)
    return f"b{shorter} // {length // shorter}" if shorter else f"at // {length}"


def _fades(feeds: list[Feed], known: list[int]) -> Iterator[str]:
    """How much a contact now weighs, seen from the landmark of its half-life."""
    for half_life in sorted({feed.slot.statistic.half_life for feed in feeds if feed.of}):  # type: ignore[union-attr]
        span = EPOCH * half_life
        # Forward decay: seen from a landmark a weight never has to be aged (docs/why/034).
        yield f"mark_{span} = {_bucket(span, known)} * {span}"
        yield f"fade_{span} = 2.0 ** ((at - mark_{span}) / {half_life})"


def _counted(feeds: list[Feed]) -> Iterator[Feed]:
    """The feeds as seen from the slots in which something is counted at last."""
    for feed in feeds:
        yield feed if feed.hits is None else replace(feed, slot=feed.hits)


def late_checks(holds: Iterable[Held]) -> Iterator[str]:
    for granule_ms in sorted({held.granule for held in holds}):
        # An edge at or behind this event has been judged without it, and it may have turned the predicate there.
        yield f"if at < p.at and (p.at - 1) // {granule_ms} * {granule_ms} >= at: return -1"


def _session(plan: Plan, feeds: list[Feed], name: str) -> list[str]:
    slot = plan.slots.visits()
    x = local(slot)
    # A track call may be named like another type of call.
    asked = "if act.type in VISITS:" if name in CALLS or name == OTHER else "if True:"
    lines = [f"    {asked}", *(f"    {line}" for line in open_slot(slot))]
    lines += [f"        new = {x}.contact(at)", "        if new < 0: return -1", "        if new:"]
    return lines + [f"        {line}" for line in _block(plan, name, feeds, session=True)]


def _block(plan: Plan, name: str, feeds: list[Feed], session: bool = False) -> list[str]:
    lines: list[str] = []
    for each in dict.fromkeys(feed.events.each for feed in feeds):
        own = [feed for feed in feeds if feed.events.each == each]
        block = Rows(plan, turning_of(plan, name), own, session).lines
        if each and not session:
            lines.append(f"    for q in elements(act.plain_properties.get({literal(each)})):")
            lines += [f"    {line}" for line in block]
        elif not each:
            lines += block
    return lines


def said_function(plan: Plan) -> list[str]:
    """`said(p, act, at)`: take in declared traits and consent. 1: something is new; 0: nothing; -1: too late."""
    lines = ["def said(p, act, at):", "    new = 0"]
    for slot in plan.all_slots():
        if slot.key[0] in ("trait", "consent"):
            lines += _word(plan, slot)
    return [*lines, "    return new", ""]


def _word(plan: Plan, slot: Slot) -> list[str]:
    x, kind = local(slot), slot.key[0]
    if kind == "trait":
        found = f"act.plain_traits.get({literal(slot.key[1])}) if act.type != 'group' else None"
        lines = f"    {KIND_OF[slot.key[2]].format(name='word', found=found)}".split("\n")
    else:
        lines = [f"    word = act.consent.get({literal(slot.key[1])})"]
    late = [
        f"        {line.replace('return False', 'return -1')}"
        for line in late_checks(plan.holds_touched(frozenset({slot.number})))
    ]
    changed = f"{x}.value" if kind == "trait" else f"({x}.value, {x}.at)"
    return [
        *lines,
        "    if word is not None:",
        *late,
        *(f"    {line}" for line in open_slot(slot)),
        f"        before = {changed}",
        f"        {x}.update(at, word)",
        f"        if {changed} != before: new = 1",
    ]
