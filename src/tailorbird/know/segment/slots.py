"""Which statistics a program needs of a person: each once, however many definitions ask for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tailorbird.know.affinity import WEIGHTS
from tailorbird.know.items import KINDS as CONTACTS
from tailorbird.know.language.tree import (
    Absence,
    Affinity,
    Aggregate,
    Consented,
    Events,
    Expression,
    Held,
    Periods,
    RandomBucket,
    Restart,
    Sequence,
    Trait,
)
from tailorbird.know.orders import ORDER
from tailorbird.know.statistics import (
    absence,
    chain,
    count,
    ends,
    extreme,
    held,
    leaning,
    periods,
    restart,
    tally,
    total,
    visits,
    window_count,
    window_tally,
    window_total,
    word,
)
from tailorbird.know.statistics.statistic import Statistic, of

Verb = Literal["count", "value", "step", "first", "then", "lean"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a standing, and the statistic in it; None: a plain number."""

    number: int
    statistic: type[Statistic] | None
    key: tuple[Any, ...]

    @property
    def name(self) -> str:
        return f"s{self.number}"

    @property
    def timed(self) -> bool:
        return self.statistic is not None and self.statistic.timed


@dataclass(frozen=True, slots=True)
class Feed:
    """What an event does to a slot. `value`: what is counted, or the key."""

    slot: Slot
    events: Events
    verb: Verb = "count"
    value: Expression | None = None
    step: int = 0  # of a chain
    hits: Slot | None = None  # where a chain's last step is counted
    of: str = ""  # "category" or "brand"
    weight: float = 0.0


@dataclass(slots=True)
class Slots:
    """All slots of a program, in the order in which they were first asked for."""

    spans: dict[tuple[Any, ...], set[int]]  # of windows that share a store, in granules
    asked: dict[tuple[str, int], set[str]]  # of which categories or brands of one half-life somebody wants to know
    all: dict[tuple[Any, ...], Slot] = field(default_factory=dict)
    feeds: list[Feed] = field(default_factory=list)
    baselines: dict[tuple[str, str], str] = field(default_factory=dict)  # of whose share -> the constant's name

    def baseline(self, of: str, value: str) -> str:
        """The name of the constant with everyone's share of a category or brand."""
        return self.baselines.setdefault((of, value), f"BASE_{len(self.baselines)}")

    def slot(self, key: tuple[Any, ...], statistic: type[Statistic] | None) -> tuple[Slot, bool]:
        """The slot of that key, and whether it is new."""
        known = self.all.get(key)
        if known is None:
            self.all[key] = made = Slot(len(self.all), statistic, key)
            return made, True
        return known, False

    def fed(self, key: tuple[Any, ...], statistic: type[Statistic], *feeds: dict[str, Any]) -> Slot:
        """The slot of that key with what feeds it."""
        slot, new = self.slot(key, statistic)
        if new:
            self.feeds += [Feed(slot, **feed) for feed in feeds]
        return slot

    def visits(self) -> Slot:
        """Where sessions are told apart."""
        return self.slot(("visits",), visits.Visits)[0]


def share(node: Aggregate | Sequence) -> tuple[Any, ...]:
    """What windows of one length or another have in common: then they share one store."""
    assert node.window is not None
    if isinstance(node, Sequence):
        return ("hits", node.steps, node.within, node.key, node.window.granule)
    # A mean is a sum and a count, and both are there.
    function = "sum" if node.function == "avg" else node.function
    return (function, node.events, node.value, node.window.granule)


def shared_spans(nodes: Iterable[Expression]) -> dict[tuple[Any, ...], set[int]]:
    """For each store the lengths of its windows, in granules."""
    spans: dict[tuple[Any, ...], set[int]] = {}
    for node in nodes:
        if isinstance(node, Aggregate | Sequence) and node.window is not None:
            spans.setdefault(share(node), set()).add(node.window.length // node.window.granule)
    return spans


def asked_names(nodes: Iterable[Expression]) -> dict[tuple[str, int], set[str]]:
    """For each leaning (side and half-life) the names that are asked for."""
    asked: dict[tuple[str, int], set[str]] = {}
    for node in nodes:
        if isinstance(node, Affinity):
            asked.setdefault((node.of, node.half_life), set()).add(node.value)
    return asked


# -- the slot of each node


def aggregate_slot(slots: Slots, node: Aggregate) -> Slot:
    """Counts and times of all events share a slot; windows of a count or sum share a store."""
    if node.value is None and node.window is None:
        return slots.fed(("count", node.events), count.Count, {"events": node.events})
    return _windowed_slot(slots, node) if node.window else _whole_slot(slots, node)


WHOLE: dict[str, type[Statistic]] = {
    "sum": total.Total,
    "avg": total.Total,
    "max": extreme.Largest,
    "min": of(extreme.Largest, smallest=True),
    "first": ends.First,
    "last": ends.Last,
    "distinct": tally.Tally,
    "most_frequent": tally.Tally,
}
WINDOWED: dict[str, tuple[type[Statistic], dict[str, Any]]] = {
    "max": (extreme.WindowLargest, {}),
    "min": (extreme.WindowLargest, {"smallest": True}),
    "first": (ends.WindowFirst, {}),
    "last": (ends.WindowLast, {}),
    "first_at": (ends.WindowFirst, {}),
    "last_at": (ends.WindowLast, {}),
    "distinct": (window_tally.WindowDistinct, {}),
    "most_frequent": (window_tally.WindowTally, {}),
}


def _whole_slot(slots: Slots, node: Aggregate) -> Slot:
    statistic = WHOLE[node.function]
    feed = {"events": node.events, "verb": "value", "value": node.value}
    return slots.fed((statistic, node.events, node.value), statistic, feed)


def _windowed_slot(slots: Slots, node: Aggregate) -> Slot:
    assert node.window is not None
    granule, key = node.window.granule, share(node)
    feed = {"events": node.events, "verb": "value", "value": node.value}
    if node.function == "count":
        store = of(window_count.WindowCount, granule=granule, spans=tuple(sorted(slots.spans[key])))
        return slots.fed(key, store, {"events": node.events})
    if node.function in ("sum", "avg"):
        return slots.fed(
            key, of(window_total.WindowTotal, granule=granule, spans=tuple(sorted(slots.spans[key]))), feed
        )
    base, setup = WINDOWED[node.function]
    statistic = of(base, granule=granule, span=node.window.length // granule, **setup)
    return slots.fed((*key, node.window.length), statistic, feed)


def sequence_slot(slots: Slots, node: Sequence) -> Slot:
    """Where the last steps are counted; the chain that finds them has a slot of its own."""
    same = (node.steps, node.within, node.key)
    last = len(node.steps) - 1
    if node.window is None:
        # Apart from the chain: several windows and none share one chain, and each counts its own.
        hits, new = slots.slot(("hits", *same), count.Count)
    else:
        key = share(node)
        store = of(window_count.WindowCount, granule=node.window.granule, spans=tuple(sorted(slots.spans[key])))
        hits, new = slots.slot(key, store)
    links, first = slots.slot(("chain", *same), of(chain.Chain, steps=len(node.steps), within=node.within))
    if first:
        slots.feeds += [Feed(links, events, "step", node.key, step) for step, events in enumerate(node.steps[:-1])]
    if new:
        slots.feeds.append(Feed(links, node.steps[-1], "step", node.key, last, hits))
    return hits


def absence_slot(slots: Slots, node: Absence) -> Slot:
    statistic = of(absence.Absence, within=node.within, until_ms=node.until)
    # The closing first: an event that does both closes what it opens.
    then = {"events": node.then, "verb": "then", "value": node.key}
    return slots.fed(("absence", node), statistic, then, {"events": node.first, "verb": "first", "value": node.key})


def periods_slot(slots: Slots, node: Periods) -> Slot:
    statistic = of(periods.Periods, granule=node.every, span=node.of)
    return slots.fed(("periods", node), statistic, {"events": node.events})


def restart_slot(slots: Slots, node: Restart) -> Slot:
    statistic = of(restart.Restart, after=node.after, within=node.within)
    return slots.fed(("restart", node), statistic, {"events": node.events})


def affinity_slot(slots: Slots, node: Affinity) -> Slot:
    """One for all categories (or brands) of one half-life."""
    asked = tuple(sorted(slots.asked[node.of, node.half_life]))
    statistic = of(leaning.Leaning, half_life=node.half_life, asked=asked)
    return slots.fed(("leaning", node.of, node.half_life), statistic, *_contacts(node.of))


def _contacts(side: str) -> Iterator[dict[str, Any]]:
    for name, kind in [*CONTACTS.items(), (ORDER, "bought")]:
        if kind in WEIGHTS:
            yield {"events": Events(name), "verb": "lean", "of": side, "weight": WEIGHTS[kind]}


def held_slot(slots: Slots, node: Held) -> Slot:
    statistic = of(held.Held, granule=node.granule, edges=node.length // node.granule)
    return slots.slot(("held", node), statistic)[0]


def trait_slot(slots: Slots, node: Trait) -> Slot:
    return slots.slot(("trait", node.name, node.kind), word.Word)[0]


def consent_slot(slots: Slots, node: Consented) -> Slot:
    return slots.slot(("consent", node.purpose), word.Consent)[0]


def bucket_slot(slots: Slots, node: RandomBucket) -> Slot:
    return slots.slot(("bucket", node.salt), None)[0]
