"""One expression over a few events, answered by DuckDB: for the tests of the SQL compiler."""

from typing import Any

from tailorbird.collect.plan import TrackingPlan
from tailorbird.events import DAY_MS, HOUR_MS, Event
from tailorbird.know.language.program import check, read
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.tree import Definition, Program, Value
from tailorbird.shell.history import ask
from tailorbird.testing import MemoryLake

NOW = 20_000 * DAY_MS + 12 * HOUR_MS  # noon of a day
ANN, BEN = b"a" * 16, b"b" * 16
PLAN = TrackingPlan.load({
    "events": {
        "Quiz Done": {
            "properties": {"score": "integer", "topic": "string", "won": "boolean", "done_at": "datetime",
                           "answers": {"type": "array", "items": {"word": "string", "points": "number"}}}
        }
    },
    "traits": {"tier": "string", "visits": "number", "renewed": "datetime", "vip": "boolean"},
})  # fmt: skip
SCHEMA = schema_of(PLAN, seen=("A", "B", "C"))


def did(name: str, days_ago: float = 0, leaf: bytes = ANN, type: Any = "track", **properties: Any) -> Event:
    """An event, so many days before NOW."""
    at = NOW - round(days_ago * DAY_MS)
    message_id = f"{name} {at} {properties}"
    event = name if type == "track" else ""
    return Event("web", message_id, type, event, leaf, [], at, at, properties, {}, {}, {}, b"")


def said(days_ago: float, consent: dict[str, bool] | None = None, **traits: Any) -> Event:
    at = NOW - round(days_ago * DAY_MS)
    return Event("web", f"{at} {traits}", "identify", "", ANN, [], at, at, {}, {}, traits, consent or {}, b"")


def lake_of(*events: Event) -> MemoryLake:
    lake = MemoryLake()
    lake.seal(list(enumerate(events, 1)), [], len(events))
    return lake


def told(text: str, *events: Event, now: int = NOW, baseline: Any = None) -> Value:
    """What the expression is for Ann. She is always known: she saw a page long ago."""
    program = Program(traits=(Definition("it", text, read(text, SCHEMA)),))
    lake = lake_of(did("", 900, type="page"), *events)
    rows = {row["person"]: row for row in ask(lake, program, now=now, baseline=baseline)}
    value: Value = rows[ANN]["trait_it"]
    return value


def segments(now: int, *events: Event, **texts: str) -> dict[bytes, set[str]]:
    """person -> the segments they are in."""
    program = check({}, texts, SCHEMA)
    rows = ask(lake_of(*events), program, now=now)
    return {row["person"]: {name for name in texts if row[f"segment_{name}"]} for row in rows}
