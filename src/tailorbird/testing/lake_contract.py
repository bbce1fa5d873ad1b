"""What every lake must do, as tests to inherit: give an `engine` fixture that yields an empty one."""

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from tailorbird.errors import BadRequest
from tailorbird.events import DAY_MS, Decided, Event, Record, Rejected, Signal, encode_record
from tailorbird.shell.ports import Lake, LinkChange
from tailorbird.testing import shop

LEAF = b"L" * 16
DECIDED = Decided("d", shop.MORNING, LEAF, "home", ["a", "b"], ["popular", "rule"], [2.5, 1.0], "popular", 0.5, "m")
CHANCE = msgspec.structs.replace(DECIDED, id="x", probability=0.2, propensities=[0.8, 0.1])
REJECTED = Rejected("shop", "json", "batch[3]", "send JSON", b"L" * 16, shop.MORNING, b"raw", "/v1/batch")
TICK = Signal("tick", shop.MORNING, 0)
DEFINED = Signal("definitions", shop.MORNING, 3, {"segments": {"vip": {"sql": "count('x') > 1"}}, "n": [1, 1.0, None]})
# Kinds, sizes and names that have met the wrong column somewhere: 64 bits and one more, names that differ by case.
ODD_VALUES: dict[str, Any] = {
    "text": "ä😀\0", "empty": "", "n": 9.5, "i": -3, "big": 2**63, "yes": True, "null": None,
    "list": [1, 1.0, "x", None, {"a": []}], "object": {}, "Case": 1, "case": 2, "a.b": "dot", "a_b": "bar", "": "none",
    'quo"te\'s; --': "sql",
}  # fmt: skip


def numbered(records: Iterable[Record], first: int = 1) -> list[tuple[int, Record]]:
    """Records with offsets as a log could have given them."""
    return [(first + place * 10, record) for place, record in enumerate(records)]


def everything(lake: Lake, after: int = 0) -> list[tuple[int, Record]]:
    return [row for rows in lake.read(after) for row in rows]


class LakeContract:
    """Inherit, override `engine`, and pytest runs them all on your engine."""

    @pytest.fixture
    def engine(self) -> Lake:
        raise NotImplementedError("Override the fixture `engine` with one that yields an empty lake.")

    def test_records_come_back_equal_and_in_order(self, engine: Lake) -> None:
        rows = numbered([*shop.events(), DECIDED, REJECTED, TICK, DEFINED, *shop.events()])
        engine.seal(rows, [], through=1_000)
        assert everything(engine) == rows
        assert engine.sealed() == 1_000

    def test_any_plain_value_comes_back_to_the_byte(self, engine: Lake) -> None:
        parts: tuple[dict[str, Any], ...] = (
            ODD_VALUES,
            dict(reversed(ODD_VALUES.items())),
            {"n": "now a text"},
            {"n": True, "i": 1.0},
            {},
        )
        events = [msgspec.structs.replace(shop.events()[0], plain_properties=p, plain_traits=p) for p in parts]
        engine.seal(numbered(events[:2]), [], through=100)
        engine.seal(numbered(events[2:], first=101), [], through=200)
        assert [encode_record(record) for _, record in everything(engine)] == [encode_record(event) for event in events]

    @pytest.mark.parametrize("at", [0, -1, 10**15, -(10**14), 2**53])
    def test_any_time_has_a_place(self, engine: Lake, at: int) -> None:
        event = msgspec.structs.replace(shop.events()[0], timestamp=at, received_at=at)
        engine.seal([(1, event)], [], through=1)
        assert everything(engine) == [(1, event)]

    def test_read_goes_on_behind_an_offset(self, engine: Lake) -> None:
        rows = numbered(shop.events())
        engine.seal(rows, [], through=100)
        assert everything(engine, after=rows[3][0]) == rows[4:]
        assert everything(engine, after=100) == []

    def test_nothing_can_enter_twice(self, engine: Lake) -> None:
        rows = numbered(shop.events())
        engine.seal(rows, [], through=100)
        for records, through in ((rows, 100), (rows, 200), ([(300, shop.events()[0])], 200), ([], 50)):
            with pytest.raises(BadRequest):
                engine.seal(records, [], through)
        assert everything(engine) == rows
        assert engine.sealed() == 100

    def test_sealing_nothing_moves_the_offset(self, engine: Lake) -> None:
        engine.seal([], [], through=50)
        assert (engine.sealed(), everything(engine)) == (50, [])

    def test_joining_files_changes_no_record(self, engine: Lake) -> None:
        rows = numbered([*shop.events(), DECIDED, REJECTED, TICK, DEFINED] * 2)
        before = 0
        for row in rows:
            engine.seal([row], [LinkChange(b"L" * 16, b"P%015d" % row[0], row[0], 5)], through=row[0])
            assert everything(engine, before) == [row]
            before = row[0]
            engine.compact()
        assert everything(engine) == rows
        assert engine.query("SELECT count(*) AS n FROM links") == [{"n": len(rows)}]

    def test_empty_lake_answers(self, engine: Lake) -> None:
        assert engine.sealed() == 0
        assert everything(engine) == []
        assert engine.query("SELECT sum(properties_revenue) AS r, count(*) AS n FROM people_events") == [
            {"r": None, "n": 0}
        ]
        for view in ("events", "links", "decisions", "rejected", "signals"):
            assert engine.query("SELECT * FROM " + view) == []  # noqa: S608

    def test_plain_properties_are_columns(self, engine: Lake) -> None:
        engine.seal(numbered(shop.events()), [], through=100)
        orders = "SELECT date, sum(properties_revenue) AS r FROM events WHERE event = ? GROUP BY date ORDER BY date"
        assert [row["r"] for row in engine.query(orders, ["Order Completed"])] == [53.5, 3.5]
        paths = engine.query("SELECT DISTINCT context_page_path AS p, traits_country AS c FROM events ORDER BY ALL")
        assert {"p": "/2", "c": "DE"} in paths

    def test_person_of_an_event_is_the_newest_link_of_its_leaf(self, engine: Lake) -> None:
        events = shop.events()
        anna, stranger = events[2].identifiers
        engine.seal(numbered(events), [LinkChange(stranger.hash, b"unknown", 1, shop.MORNING)], through=100)
        links = [LinkChange(leaf, b"anna", 21, shop.MORNING) for leaf in (stranger.hash, anna.hash)]
        engine.seal([], links, through=101)
        rows = engine.query("SELECT person, count(*) AS n FROM people_events GROUP BY person ORDER BY n")
        assert rows == [{"person": b"anna", "n": 3}, {"person": None, "n": 4}]

    def test_decisions_and_rejections_are_tables_too(self, engine: Lake) -> None:
        rows = numbered([DECIDED, REJECTED, CHANCE])
        engine.seal(rows, [], through=100)
        assert everything(engine) == rows
        assert engine.query("SELECT id, items, scores, propensities FROM decisions ORDER BY id") == [
            {"id": "d", "items": ["a", "b"], "scores": [2.5, 1.0], "propensities": []},
            {"id": "x", "items": ["a", "b"], "scores": [2.5, 1.0], "propensities": [0.8, 0.1]},
        ]
        assert engine.query("SELECT reason, location FROM rejected") == [{"reason": "json", "location": "batch[3]"}]

    def test_signals_are_a_table_too(self, engine: Lake) -> None:
        engine.seal(numbered([TICK, DEFINED]), [], through=100)
        rows = engine.query("SELECT kind, version, body->>'$.segments.vip.sql' AS vip FROM signals ORDER BY version")
        assert rows == [
            {"kind": "tick", "version": 0, "vip": None},
            {"kind": "definitions", "version": 3, "vip": "count('x') > 1"},
        ]

    @pytest.mark.parametrize(
        "sql", ["DROP VIEW events", "SELECT 1; SELECT 2", "SELECT nonsense FROM events", "", "SELEC"]
    )
    def test_only_one_readable_select_is_answered(self, engine: Lake, sql: str) -> None:
        with pytest.raises(BadRequest):
            engine.query(sql)

    def test_order_of_arrival_need_not_be_the_order_of_time(self, engine: Lake) -> None:
        event = shop.events()[0]
        days = [9, 0, 5, 0, 9, 2]
        shuffled: list[Event] = [msgspec.structs.replace(event, timestamp=day * DAY_MS) for day in days]
        rows = numbered(shuffled)
        engine.seal(rows[:3], [], through=rows[2][0])
        engine.seal(rows[3:], [], through=100)
        engine.compact()
        assert everything(engine) == rows
