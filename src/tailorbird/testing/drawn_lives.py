"""Histories of a few people, drawn: late, repeated, out of order, at one instant, at edges, with gaps and wrong kinds.

Each event goes through the real `accept`, as a site with the plan of `drawn_words` would receive it. Some are then
made to say what no client could: a property of another kind (as an older plan let it in), a time ahead of its receipt.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

import msgspec

from tailorbird.collect.accept import accept
from tailorbird.collect.draft import Call
from tailorbird.collect.seal import seal
from tailorbird.events import DAY_MS, HOUR_MS, Event
from tailorbird.testing.drawn_acts import ACTS
from tailorbird.testing.drawn_words import SPAN_DAYS, plan
from tailorbird.testing.histories import KEY, SITE_KEY, START

MINUTE = 60_000
END = START + SPAN_DAYS * DAY_MS
PLAN = plan()
# Deadlines and gaps are what definitions count by: here they are met to the millisecond, and missed by one.
GAPS = (0, 0, MINUTE, 5 * MINUTE, 29 * MINUTE, 30 * MINUTE, 30 * MINUTE + 1, HOUR_MS - 1, HOUR_MS, 3 * HOUR_MS, DAY_MS)
# Mostly at once; 26 hours is beyond the day in which repeats are known, 40 days beyond most windows.
DELAYS = (0, 0, 0, 0, 0, 0, 900, 2 * MINUTE, HOUR_MS, 26 * HOUR_MS, 9 * DAY_MS, 40 * DAY_MS)
WRONG: tuple[Any, ...] = (
    "7", 7, 2.5, -0.0, 2**60, 1e300, True, "", "soon", ["x"], {"x": 1}, [{"price": "3", "category": 7, "x": None}, 5],
    "infinity", "epoch", "2024-10-30", "2024-10-30 10:00:00+02:00", "1960-01-01T00:00:00Z", "2024-02-30", "12:00",
    "2024-10-30T10:00:00.1239999Z", "99999-01-01", "now", "20241030",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lives:
    """Events in the order in which they were received, and instants at which to ask who is in which segment."""

    events: tuple[Event, ...]
    probes: tuple[int, ...]


def draw_lives(draw: Random, people: int) -> Lives:
    """The histories of so many people, some of whom turn out to be one."""
    acts = [act for number in range(people) for act in life(draw, number)]
    events = [received(draw, act, number) for number, act in enumerate(acts)]
    events += [again(draw, event) for event in events if draw.random() < 0.05]
    # As the log has them; what is late by its timestamp stays late.
    events.sort(key=lambda event: event.received_at)
    probes = [edge(draw, START + days * DAY_MS + draw.randrange(DAY_MS)) for days in (25, SPAN_DAYS)]
    probes += [at_deadline(draw, events), END + draw.randint(41, 65) * DAY_MS]
    return Lives(tuple(events), tuple(sorted(probes)))


def at_deadline(draw: Random, events: list[Event]) -> int:
    """An instant at which something is just over, or just not."""
    at = draw.choice(events).timestamp + draw.choice((0, 30, 60, 24 * 60, 7 * 24 * 60)) * MINUTE
    return max(at, START) + draw.choice((-1, 0, 0, 1))


def life(draw: Random, number: int) -> list[dict[str, Any]]:
    """What one person did, in bursts between a first and a last day."""
    first, last = sorted(draw.randrange(SPAN_DAYS * 24) for _ in range(2))
    last = draw.choice((last, SPAN_DAYS * 24 - 1))  # half of them are still there
    acts: list[dict[str, Any]] = []
    for _ in range(draw.choice((1, 3, 5, 8, 12))):
        at = edge(draw, START + draw.randint(min(first, last), last) * HOUR_MS + draw.randrange(HOUR_MS))
        for _ in range(draw.choice((1, 2, 3, 4, 6))):
            acts.append({**who(draw, number), **draw.choice(ACTS)(draw), "at": at})
            at += draw.choice(GAPS)
    return acts


def who(draw: Random, number: int) -> dict[str, str]:
    """One or two names of the person; two make them one."""
    names = {"userId": f"u{number}", "anonymousId": draw.choice((f"a{number}", f"b{number}"))}
    kept = draw.choice((("userId",), ("anonymousId",), ("anonymousId",), ("anonymousId", "userId")))
    return {kind: names[kind] for kind in kept}


def edge(draw: Random, at: int) -> int:
    """The instant, often moved to the edge of a minute, an hour or a day."""
    unit = draw.choice((1, MINUTE, HOUR_MS, HOUR_MS, DAY_MS))
    return at // unit * unit


def received(draw: Random, act: dict[str, Any], number: int) -> Event:
    """The act as the log keeps it."""
    said = {name: value for name, value in act.items() if name != "at"}
    body = {**said, "timestamp": act["at"], "messageId": f"m{number}"}
    at = act["at"] + draw.choice(DELAYS)
    call = Call(at, draw.choice(("web", "web", "app")), may_derive=True)
    accepted = accept("/v1/batch", msgspec.json.encode({"batch": [body]}), call, PLAN, SITE_KEY)
    if accepted.rejected:
        raise AssertionError(f"a drawn act was refused: {accepted.rejected[0].detail}")
    event = seal(accepted.drafts[0], KEY, nonce=number.to_bytes(12, "big"))
    return bent(draw, event) if draw.random() < 0.08 else event


def bent(draw: Random, event: Event) -> Event:
    """The event with something in it that no client of today could send."""
    if draw.random() < 0.2:
        return msgspec.structs.replace(event, timestamp=event.received_at + draw.choice((1, HOUR_MS, 30 * DAY_MS)))
    for field in ("plain_properties", "plain_traits", "plain_context"):
        said = getattr(event, field)
        if said:
            wrong = {draw.choice(sorted(said)): draw.choice(WRONG)}
            event = msgspec.structs.replace(event, **{field: {**said, **wrong}})
    return event


def again(draw: Random, event: Event) -> Event:
    """The same message once more, a little later, perhaps in other words."""
    later = event.received_at + draw.choice((0, MINUTE, 5 * HOUR_MS))
    return msgspec.structs.replace(event, received_at=later, plain_properties=draw.choice(({}, event.plain_properties)))
