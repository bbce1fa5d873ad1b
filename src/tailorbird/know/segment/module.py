"""A program as one generated Python module: its text, and what is made of it.

The text holds no word of a user but as a literal (`repr`) or in a comment without line breaks; names are numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from math import fmod
from typing import Any, cast

import msgspec

from tailorbird.know.fold import VISITS
from tailorbird.know.language.tree import Program
from tailorbird.know.segment import kinds
from tailorbird.know.segment.counting import count_function, names, said_function, touched, turning_of
from tailorbird.know.segment.holding import held_before, held_start
from tailorbird.know.segment.judging import (
    edge_function,
    judge_function,
    single_functions,
    start_function,
    timed,
    traits_function,
)
from tailorbird.know.segment.logic import literal
from tailorbird.know.segment.plan import Plan, plan
from tailorbird.know.segment.scalars import SCALARS, like, next_of
from tailorbird.know.segment.slots import Slot
from tailorbird.know.segment.standing import SOONER, Standing
from tailorbird.know.statistics.statistic import FAR, LONG_AGO

FORMAT = 2  # of standings; raise it with every change of what a statistic keeps, and everybody is folded anew


@dataclass(frozen=True, slots=True)
class Module:
    """A compiled program."""

    plan: Plan
    source: str
    key: bytes
    standing: type[Standing]
    space: dict[str, Any]  # what the generated functions see, and they themselves
    count: Mapping[str, Callable[..., bool]]  # by event name
    judge: Mapping[str, Callable[..., None]]
    hold: Mapping[str, Callable[..., None]]  # as judge, but only what must have held


def generate(program: Program) -> Module:
    """Write the module, and run it."""
    made = plan(program)
    source = write(made)
    space = surroundings(made)
    # No text of a user in it but in literals; see above.
    exec(compile(source, "<segments>", "exec"), space)  # noqa: S102
    own = {name: number for number, name in enumerate(names(made))}
    # Of the whole text: a standing belongs to it as soon as any definition, or how one is compiled, is another.
    key = blake2b(f"{FORMAT} {source}".encode(), digest_size=8).digest()
    tables = [{name: space[f"{kind}_{number}"] for name, number in own.items()} for kind in ("count", "judge", "hold")]
    return Module(made, source, key, space["Person"], space, *tables)


def write(made: Plan) -> str:
    """The text of the module."""
    lines = ['"""Generated from traits and segments: the same definitions give the same text."""', ""]
    functions: list[str] = []
    all_names = list(made.segments)
    # A tick looks at no others: without an event they cannot turn.
    time_names = [name for name, e in made.segments.items() if timed(made, e, made.all_slots())]
    for number, name in enumerate(names(made)):
        functions += event_functions(made, number, name)
    functions += said_function(made) + start_function(made) + single_functions(made)
    functions += edge_function(made, "everything", all_names, made.holds)
    functions += edge_function(made, "tick", time_names, made.holds)
    functions += edge_function(made, "hold_tick", [], made.holds)
    functions += traits_function(made)
    lines += [f"# s{slot.number}: {_setup(slot)}" for slot in made.all_slots()]
    lines += [
        f"{matcher} = like({literal(pattern)}, {any_case})" for (pattern, any_case), matcher in made.patterns.items()
    ]
    return "\n".join([*lines, "", *SOONER.splitlines(), "", *functions])


def event_functions(made: Plan, number: int, name: str) -> list[str]:
    """What an event of one name does: count it; judge the segments that it can change, or only what must have held."""
    slots = touched(made, name)
    holds = made.holds_touched(slots)
    own = [one for one, e in made.segments.items() if made.needs(e) & slots]
    lines = count_function(made, number, name)
    lines += judge_function(made, f"judge_{number}", name, own, holds, turning_of(made, name))
    return lines + judge_function(made, f"hold_{number}", name, [], holds)


def _setup(slot: Slot) -> str:
    if slot.statistic is None:
        return "a number"
    shown = ", ".join(f"{name} {value}" for name, value in setup_of(slot).items())
    return f"{slot.statistic.__name__} {shown}".strip()


def setup_of(slot: Slot) -> dict[str, Any]:
    """What a slot's statistic was made with: windows, lengths, caps."""
    return {name: value for name, value in vars(slot.statistic).items() if name in SETUP} if slot.statistic else {}


SETUP = {"granule", "spans", "span", "edges", "within", "until_ms", "after", "half_life", "asked", "steps", "smallest"}


def surroundings(made: Plan) -> dict[str, Any]:
    """All names that generated code may use."""
    person = person_type(made)
    return {
        "FAR": FAR,
        "LONG_AGO": LONG_AGO,
        "Person": person,
        "blank": person,
        "VISITS": VISITS,
        "held_start": held_start,
        "held_before": held_before,
        "fmod": fmod,
        "like": like,
        "next_month": next_of("month"),
        "next_year": next_of("year"),
        "time": kinds.time,
        "dig": kinds.dig,
        "elements": kinds.elements,
        "lines": kinds.lines,
        "bucket": kinds.bucket,
        **SCALARS,
        **{f"S{slot.number}": slot.statistic for slot in made.all_slots()},
    }


def person_type(made: Plan) -> type[Standing]:
    """A standing with the slots of this program."""
    return _person_type(tuple((slot.name, slot.statistic or float) for slot in made.all_slots()))


@cache
def _person_type(slots: tuple[tuple[str, type], ...]) -> type[Standing]:
    # One class for the same slots, however often the program is written anew: a compiled one works on no other.
    fields = [(name, kind | None, None) for name, kind in slots]
    # Nothing in a standing points back, so the collector of cycles need not walk through those of everybody at hand.
    made_type = msgspec.defstruct("Person", fields, bases=(Standing,), array_like=True, gc=False)
    return cast("type[Standing]", made_type)
