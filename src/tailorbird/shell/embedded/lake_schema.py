"""The tables of the lake and their columns, in SQL's words; `docs/guide/lake.md` explains each.

Four tables hold the four kinds of record, by date; a fifth holds the links from leaf to person. What the tracking
plan declares as plain gets columns of its own, named in `lake_columns.py`.
"""

from dataclasses import dataclass
from typing import Any, Literal

from tailorbird.events import DAY_MS, Decided, Event, Rejected, Signal
from tailorbird.shell.ports import LinkChange

SqlType = Literal["VARCHAR", "BLOB", "BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP", "VARCHAR[]", "DOUBLE[]", "IDENTIFIERS"]

# How a type is spelled where SQL has no one word for ours.
SPELLING = {"IDENTIFIERS": "STRUCT(type VARCHAR, hash BLOB)[]"}


@dataclass(frozen=True, slots=True)
class Column:
    """One fixed column: where its value comes from and what it means."""

    name: str
    type: SqlType
    field: str  # of the record; "" for what the lake itself adds
    meaning: str


@dataclass(frozen=True, slots=True)
class LakeTable:
    """One table: a folder of files, by the date of `dated_by`, in the order of `ordered_by`."""

    name: str
    record: type[Any]
    dated_by: str
    ordered_by: str
    columns: tuple[Column, ...]


_OFFSET = Column("log_offset", "BIGINT", "", "where the record ends in the log; the order of all records")

EVENTS = LakeTable(
    "events",
    Event,
    "timestamp",
    "log_offset",
    (
        Column("source", "VARCHAR", "source", "name of the key that sent it"),
        Column(
            "message_id", "VARCHAR", "message_id", "with `source` the identity of the event: no two rows share both"
        ),
        Column("type", "VARCHAR", "type", "track, identify, page, screen, group or alias"),
        Column("event", "VARCHAR", "event", "name of a track event, a page or a screen"),
        Column("leaf", "BLOB", "leaf", "keyed hash of the strongest identifier; join with `links` for the person"),
        Column("timestamp", "TIMESTAMP", "timestamp", "when it happened, by a corrected clock, in UTC"),
        Column("received_at", "TIMESTAMP", "received_at", "when it reached us, in UTC"),
        _OFFSET,
        Column("identifiers", "IDENTIFIERS", "identifiers", "all identifiers as keyed hashes, strongest first"),
        Column(
            "consent", "VARCHAR", "consent", "JSON: purposes that this event grants or withdraws; NULL: says nothing"
        ),
        Column("sealed", "BLOB", "sealed", "personal and undeclared fields, encrypted under the key of `leaf`"),
        Column("plan_version", "BIGINT", "plan_version", "version of the tracking plan that split it"),
        Column("shape", "VARCHAR", "", "JSON: the names of properties, context and traits in the order they were sent"),
    ),
)
DECISIONS = LakeTable(
    "decisions",
    Decided,
    "at",
    "log_offset",
    (
        Column("id", "VARCHAR", "id", "what `decision_id` of an exposure or a click refers to"),
        Column("decided_at", "TIMESTAMP", "at", "when it was decided, in UTC"),
        Column("leaf", "BLOB", "leaf", "leaf of the identifiers in the request; empty if there were none"),
        Column("placement", "VARCHAR", "placement", "where it was to be shown"),
        Column("items", "VARCHAR[]", "items", "what was chosen, best first"),
        Column("reasons", "VARCHAR[]", "reasons", "kind of each item's first reason"),
        Column("scores", "DOUBLE[]", "scores", "score of each item"),
        Column("link", "VARCHAR", "link", "link of the cold-start chain that spoke"),
        Column("probability", "DOUBLE", "probability", "of this choice, given the policy and its chance"),
        Column("model", "VARCHAR", "model", "name and version of the model"),
        Column(
            "propensities", "DOUBLE[]", "propensities", "chance of each item to stand in its place; empty: 1 for all"
        ),
        _OFFSET,
    ),
)
REJECTED = LakeTable(
    "rejected",
    Rejected,
    "received_at",
    "log_offset",
    (
        Column("source", "VARCHAR", "source", "name of the key that sent it"),
        Column("reason", "VARCHAR", "reason", "a stable code"),
        Column("location", "VARCHAR", "where", "where in the call"),
        Column("detail", "VARCHAR", "detail", "in words, and what to do"),
        Column("leaf", "BLOB", "leaf", "whose key seals it"),
        Column("received_at", "TIMESTAMP", "received_at", "when it reached us, in UTC"),
        Column("sealed", "BLOB", "sealed", "the raw JSON, encrypted"),
        Column("path", "VARCHAR", "path", "where it was posted"),
        _OFFSET,
    ),
)
SIGNALS = LakeTable(
    "signals",
    Signal,
    "at",
    "log_offset",
    (
        Column("kind", "VARCHAR", "kind", "tick, definitions or baseline"),
        Column("signalled_at", "TIMESTAMP", "at", "the instant it stands for, in UTC"),
        Column("version", "BIGINT", "version", "of the definitions or the baseline; 0 for a tick"),
        Column("body", "VARCHAR", "body", "JSON: the definitions or the baseline; NULL: nothing more to say"),
        _OFFSET,
    ),
)
LINKS = LakeTable(
    "links",
    LinkChange,
    "",
    "sequence",
    (
        Column("leaf", "BLOB", "leaf", "whose events"),
        Column("person", "BLOB", "person", "belong to whom"),
        Column("since_offset", "BIGINT", "offset", "from this offset of the log on"),
        Column("since", "TIMESTAMP", "at", "and this time, in UTC"),
        Column("sequence", "BIGINT", "", "order of the changes: the highest one of a leaf holds now"),
    ),
)

# Lists that files of an earlier release lack: there they are empty.
LATER = frozenset({"propensities"})
RECORD_TABLES = (EVENTS, DECISIONS, REJECTED, SIGNALS)
TABLES = (*RECORD_TABLES, LINKS)

_DAYS_BEFORE_1970 = 719_163
_LAST_DAY = 3_652_059  # of the year 9999


def date_of(at_ms: int) -> str:
    """The UTC date of a time; what lies beyond a calendar's years counts to its first or last day.

    >>> date_of(1_500_000_000_000), date_of(-10**20)
    ('2017-07-14', '0001-01-01')
    """
    from datetime import date

    # Clamped: a wrong clock must not keep its event out of the lake, and `date` knows the years 1 to 9999 only.
    day = min(max(at_ms // DAY_MS + _DAYS_BEFORE_1970, 1), _LAST_DAY)
    return date.fromordinal(day).isoformat()
