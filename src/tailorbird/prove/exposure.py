"""Which decisions were really seen, and which of their items were clicked: each exactly once.

A decision that was answered has not been seen. The browser says "Recommendation Viewed" once at least half of the block
was visible for a second, and "Recommendation Clicked" at a click; both carry the decision's id. The rules:

    seen       a signal from `early_ms` before to `seen_ms` after the decision; the first of them is the exposure
    implied    a click proves that the block was seen, also when no view was reported (the page was left at once)
    clicked    an item of that decision, within `click_ms` of the exposure; each item once
    fault      every other signal; counted by reason, never silently dropped

So repeats, reversed order and late arrival change nothing: the result is a function of the set of signals. The same
rules stand as SQL over the lake in `tailorbird.shell.measure`; a test compares the two.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tailorbird.events import DAY_MS, Decided, Event

VIEWED = "Recommendation Viewed"
CLICKED = "Recommendation Clicked"
Fault = Literal["unknown decision", "outside the window", "item not offered"]


@dataclass(frozen=True, slots=True)
class Windows:
    """How long after one step the next one still counts, in ms."""

    early_ms: int = 5 * 60_000  # a browser's clock may run behind ours by this much, after correction
    seen_ms: int = DAY_MS  # decision -> exposure; later it is a forgotten tab
    click_ms: int = DAY_MS  # exposure -> click
    outcome_ms: int = 7 * DAY_MS  # exposure or click -> cart and order


class Signal(NamedTuple):
    """One report from the browser about one decision."""

    decision: str
    item: str  # "" for a view
    person: bytes
    at: int
    offset: int  # breaks ties, so that the first signal is the same one everywhere


@dataclass(frozen=True, slots=True)
class Shown:
    """A decision that was seen: one impression."""

    decision: str
    placement: str
    person: bytes  # who saw it first
    at: int
    items: tuple[str, ...]
    clicked: dict[str, int] = field(default_factory=dict)  # item -> its first click


class Joined(NamedTuple):
    shown: list[Shown]
    faults: dict[Fault, int]


def signal_of(event: Event, person: bytes, offset: int) -> Signal | None:
    """The view or click that an event reports; None for any other event, and for one that names no decision.

    >>> seen = {"decision_id": "d1", "items": ["a"]}
    >>> event = Event("web", "m1", "track", VIEWED, b"L", [], 5, 6, seen, {}, {}, {}, b"")
    >>> signal_of(event, b"P", 7)
    Signal(decision='d1', item='', person=b'P', at=5, offset=7)
    """
    if event.type != "track" or event.event not in (VIEWED, CLICKED):
        return None
    decision = event.plain_properties.get("decision_id")
    item = event.plain_properties.get("product_id") if event.event == CLICKED else ""
    if not decision or (event.event == CLICKED and not item):
        return None
    return Signal(str(decision), str(item), person, event.timestamp, offset)


def join(decisions: Iterable[Decided], signals: Iterable[Signal], windows: Windows | None = None) -> Joined:
    """Every decision that was seen, once, with its clicks; and how many signals fitted no decision, by reason.

    >>> offered = Decided("d1", 1000, b"", "home", ["a", "b"], [], [], "popular", 1.0, "")
    >>> view, click = Signal("d1", "", b"P", 3000, 1), Signal("d1", "b", b"P", 9000, 2)
    >>> shown, faults = join([offered], [view, view, click, Signal("d9", "", b"P", 1, 3)])
    >>> [(s.decision, s.at, s.clicked) for s in shown], faults
    ([('d1', 3000, {'b': 9000})], {'unknown decision': 1})
    """
    windows = windows or Windows()
    offered = _first_of_each(decisions)
    faults: Counter[Fault] = Counter()
    heard: dict[str, list[Signal]] = {}
    for signal in signals:
        fault = _fault(signal, offered.get(signal.decision))
        if fault:
            faults[fault] += 1
        else:
            heard.setdefault(signal.decision, []).append(signal)
    shown = []
    for decision, group in sorted(heard.items()):
        impression, outside = _impression(offered[decision], group, windows)
        faults["outside the window"] += outside
        shown += [impression] if impression else []
    return Joined(shown, {fault: count for fault, count in faults.items() if count})


def _first_of_each(decisions: Iterable[Decided]) -> dict[str, Decided]:
    offered: dict[str, Decided] = {}
    for decided in decisions:
        kept = offered.setdefault(decided.id, decided)
        if decided.at < kept.at:
            offered[decided.id] = decided
    return offered


def _fault(signal: Signal, decided: Decided | None) -> Fault | None:
    if decided is None or not decided.items:
        return "unknown decision"
    if signal.item and signal.item not in decided.items:
        return "item not offered"
    return None


def _impression(decided: Decided, signals: list[Signal], windows: Windows) -> tuple[Shown | None, int]:
    earliest, latest = decided.at - windows.early_ms, decided.at + windows.seen_ms
    # Views and clicks alike: a click proves that the block was seen (docs/why/080).
    seen = [s for s in signals if earliest <= s.at <= latest]
    if not seen:
        return None, len(signals)
    # Of two at one instant the earlier in the log, so that SQL and this come to the same exposure.
    first = min(seen, key=lambda s: (s.at, s.offset))
    clicks = [s for s in signals if s.item and first.at <= s.at <= first.at + windows.click_ms]
    outside = len({*signals} - {*seen, *clicks})
    clicked: dict[str, int] = {}
    for click in sorted(clicks, key=lambda s: s.at):
        clicked.setdefault(click.item, click.at)
    shown = Shown(decided.id, decided.placement, first.person, first.at, tuple(decided.items), clicked)
    return shown, outside
