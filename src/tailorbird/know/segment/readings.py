"""How generated code reads the answer of each statistic from its slot."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tailorbird.know.language.tree import (
    Absence,
    Affinity,
    Aggregate,
    Consented,
    Expression,
    Held,
    Periods,
    RandomBucket,
    Restart,
    Sequence,
    Trait,
)
from tailorbird.know.segment import slots as s
from tailorbird.know.segment.logic import literal
from tailorbird.know.segment.slots import Slot, Slots

LONGEST = -1  # of the windows that share a store; it is kept apart


class Reading(NamedTuple):
    """The code of an answer; `empty` where nothing is counted yet. None is NULL in both.

    `x` and the slot's number name the statistic. It is part of the text, never put into it later: what a user wrote
    stands in the text, too.
    """

    slot: Slot
    code: str
    empty: str
    nullable: bool


def reading(slots: Slots, node: Expression) -> Reading:
    """Where a node's answer is read; makes the slot where it is new."""
    return READINGS[type(node)](slots, node)


def local(slot: Slot) -> str:
    """The name of a slot's statistic in generated code."""
    return f"x{slot.number}"


def _aggregate(slots: Slots, node: Aggregate) -> Reading:
    slot = s.aggregate_slot(slots, node)
    x, place = local(slot), _place(slots, node)
    if node.function == "count":
        return Reading(slot, _counted(x, place), "0", False)
    if node.function == "distinct":
        return Reading(slot, f"len({x}.latest)" if node.window else f"len({x}.times) + {x}.forgotten", "0", False)
    if node.function in ("sum", "avg"):
        return Reading(slot, _total(node, x, place), "None", True)
    field = (WINDOWED if node.window else WHOLE)[node.function]
    front = f"{x}.values[0] if {x}.values else None"
    return Reading(slot, front if field == "values" else f"{x}.{field}", "None", True)


def _place(slots: Slots, node: Aggregate | Sequence) -> int | None:
    """Which window of a shared store."""
    if node.window is None or s.share(node) not in slots.spans:
        return None
    *shorter, longest = sorted(slots.spans[s.share(node)])
    # The store's own total is that of the longest window; for each shorter one it keeps a number beside.
    span = node.window.length // node.window.granule
    return LONGEST if span == longest else shorter.index(span)


def _counted(x: str, place: int | None) -> str:
    return f"{x}.total" if place in (None, LONGEST) else f"{x}.total - {x}.before[{place}]"


def _total(node: Aggregate, x: str, place: int | None) -> str:
    sum_, count = f"{x}.sum", f"{x}.count"
    if place is not None and place != LONGEST:
        sum_, count = f"{x}.rest[{2 * place}]", f"{x}.rest[{2 * place + 1}]"
    if place is not None:
        sum_, count = f"({sum_} + {x}.here_sum)", f"({count} + {x}.here_count)"
    return f"{sum_} / {count} if {count} else None" if node.function == "avg" else f"{sum_} if {count} else None"


WHOLE = {
    "min": "value",
    "max": "value",
    "first": "value",
    "last": "value",
    "most_frequent": "best",
    "first_at": "first",
    "last_at": "last",
}
WINDOWED = {
    "min": "values",
    "max": "values",
    "first": "values",
    "first_at": "values",
    "last": "value",
    "last_at": "value",
    "most_frequent": "best",
}


def _sequence(slots: Slots, node: Sequence) -> Reading:
    slot = s.sequence_slot(slots, node)
    return Reading(slot, _counted(local(slot), _place(slots, node)), "0", False)


def _affinity(slots: Slots, node: Affinity) -> Reading:
    slot, name = s.affinity_slot(slots, node), literal(node.value)
    x, baseline = local(slot), slots.baseline(node.of, node.value)
    # share / (share + baseline), with both multiplied by all weights.
    code = f"share / (share + {baseline} * {x}.total) if (share := {x}.weights.get({name})) else 0.0"
    return Reading(slot, code, "None", True)


def _held(slots: Slots, node: Held) -> Reading:
    slot = s.held_slot(slots, node)
    x, edges = local(slot), node.length // node.granule
    code = f"{x}.value and {x}.false_edge <= t // {node.granule} - {edges}"
    # Without a standing nothing ever happened, and that may have held, too.
    return Reading(slot, code, f"before_{slot.number}(person, t)", False)


def _restart(slots: Slots, node: Restart) -> Reading:
    slot = s.restart_slot(slots, node)
    return Reading(slot, f"t - {local(slot)}.back_at < {node.within}", "False", False)


def _consented(slots: Slots, node: Consented) -> Reading:
    slot = s.consent_slot(slots, node)
    x = local(slot)
    ran_out = f"{node.default} if {x}.value and t - {x}.at >= {node.lasts} else " if node.lasts else ""
    return Reading(slot, f"{ran_out}{x}.value", str(node.default), False)


def _absence(slots: Slots, node: Absence) -> Reading:
    slot = s.absence_slot(slots, node)
    return Reading(slot, f"{local(slot)}.value", "False", False)


def _periods(slots: Slots, node: Periods) -> Reading:
    slot = s.periods_slot(slots, node)
    return Reading(slot, f"{local(slot)}.count", "0", False)


def _trait(slots: Slots, node: Trait) -> Reading:
    slot = s.trait_slot(slots, node)
    return Reading(slot, f"{local(slot)}.value", "None", True)


def _bucket(slots: Slots, node: RandomBucket) -> Reading:
    return Reading(s.bucket_slot(slots, node), "", "", False)


READINGS: dict[type, Callable[[Slots, Any], Reading]] = {
    Absence: _absence,
    Affinity: _affinity,
    Aggregate: _aggregate,
    Consented: _consented,
    Held: _held,
    Periods: _periods,
    RandomBucket: _bucket,
    Restart: _restart,
    Sequence: _sequence,
    Trait: _trait,
}
