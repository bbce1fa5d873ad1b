"""The smallest example of a difference: the part of the definition that differs by itself, and the fewest events."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from tailorbird.events import DAY_MS, Event
from tailorbird.know.language import tree as t
from tailorbird.know.language.spell import spell
from tailorbird.testing.agreement import Difference, Site
from tailorbird.testing.drawn_definitions import Drawn
from tailorbird.testing.histories import START

NOTHING = Drawn({}, {})


def smallest(site: Site, found: Difference) -> str:
    """A difference in words for a failing test: what is asked, what each answers, after which events.

    Where it needs more than the person's own events (a merge, a restart), all of it is told.
    """
    named = [*site.program.traits, *site.program.segments]
    expression = next(one.expression for one in named if one.name == found.name)
    program = t.Program(tuple(in_parts(expression)), site.program.segments)
    events = site.people()[found.person]
    parts = asked(site, program, events, found.now)
    if not parts:
        return told(found, events)
    # The shortest part that differs by itself is nearest to the cause.
    least = min(parts, key=lambda one: len(one.text))
    program = t.Program(tuple(one for one in program.traits if one.name == least.name), site.program.segments)
    events = fewest(site, program, events, found.now)
    return told(asked(site, program, events, found.now)[0], events)


def in_parts(expression: t.Expression) -> Iterator[t.Definition]:
    """Each part that can be asked of a person by itself, as a trait."""
    parts = dict.fromkeys(below(expression))
    yield from (t.Definition(f"part_{number}", spell(part), part) for number, part in enumerate(parts))


def below(node: Any) -> Iterator[Any]:
    """The expression and all in it, but for filters and values, which ask an event."""
    if isinstance(node, tuple):
        for one in node:
            yield from below(one)
    elif is_dataclass(node) and not isinstance(node, t.Events | t.Constant | t.Property):
        if hasattr(node, "kind"):
            yield node
        for each in fields(node) if not isinstance(node, t.Aggregate | t.Sequence | t.Absence) else ():
            yield from below(getattr(node, each.name))


def asked(site: Site, program: t.Program, events: Sequence[Event], now: int) -> list[Difference]:
    """Which of the parts differ on a new site that has only heard of these events."""
    with TemporaryDirectory() as folder:
        other = type(site)(Path(folder), lambda body: program)
        other.define(NOTHING, START - DAY_MS)
        other.weigh(site.baseline, START - DAY_MS)
        other.hear(*events)
        found = [one for one in other.differences(now) if one.name.startswith("part_")]
        other.close()
    return found


def fewest(site: Site, program: t.Program, events: Sequence[Event], now: int) -> list[Event]:
    """The events without all those that the difference does not need."""
    kept = list(events)
    for event in list(events):
        without = [one for one in kept if one is not event]
        # One by one, each tried once: greedy, and so not always the very fewest, but a handful is what people can read.
        if without and asked(site, program, without, now):
            kept = without
    return kept


def told(found: Difference, events: Sequence[Event]) -> str:
    lines = [f"{found.text} at {found.now}: live {found.live!r}, batch {found.batch!r}, by the words {found.slow!r}"]
    for event in events:
        said = msgspec.structs.asdict(event)
        shown = (
            "type",
            "event",
            "timestamp",
            "received_at",
            "plain_properties",
            "plain_context",
            "plain_traits",
            "consent",
        )
        lines.append("  " + ", ".join(f"{name} {said[name]!r}" for name in shown if said[name] not in ({}, "")))
    return "\n".join(lines)
