"""The relation `history` over a lake: persons by links, columns by kinds, lists of objects."""

from pathlib import Path
from typing import Any

from tailorbird.events import DAY_MS, Event
from tailorbird.know.language.tree import Aggregate, Events, Property
from tailorbird.know.sql.columns import needs
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.history import over
from tailorbird.shell.ports import LinkChange
from tailorbird.testing import MemoryLake

LEAF, OTHER, PERSON = b"l" * 16, b"m" * 16, b"p" * 16
NOON = 20_000 * DAY_MS


def event(number: int, leaf: bytes = LEAF, type: Any = "track", **properties: Any) -> Event:
    name = "Quiz Done" if type == "track" else "Home"
    return Event("web", f"m{number}", type, name, leaf, [], NOON + number, NOON + 5, properties, {}, {}, {}, b"")


def looked_at(*properties: Property, each: str = "") -> Any:
    """What is needed to look at these properties of an event, or of a list's elements."""
    return needs(Aggregate("count", Events("Quiz Done", each=each), one, None, "number") for one in properties)


def rows(lake: MemoryLake | ParquetLake, asked: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in lake.query(over(lake, "SELECT * FROM history ORDER BY log_offset", asked))]


def lake_of(*events: Event) -> MemoryLake:
    lake = MemoryLake()
    lake.seal(list(enumerate(events, 1)), [], len(events))
    return lake


def test_whole_numbers_and_doubles_are_one_column_and_texts_are_none() -> None:
    score = Property("properties", ("score",), "number")
    found = rows(lake_of(event(1, score=3), event(2, score=2.5), event(3, score="7"), event(4)), looked_at(score))
    assert [row["properties_score__number"] for row in found] == [3.0, 2.5, None, None]


def test_times_are_ms_and_what_is_no_time_is_null() -> None:
    at = Property("properties", ("at",), "time")
    found = rows(lake_of(event(1, at="1970-01-02T00:00:00.250Z"), event(2, at="soon")), looked_at(at))
    assert [row["properties_at__time"] for row in found] == [DAY_MS + 250, None]


def test_nested_properties_keep_their_kind() -> None:
    town = Property("properties", ("shipping", "town"), "text")
    found = rows(lake_of(event(1, shipping={"town": "Bonn"}), event(2, shipping={"town": 5})), looked_at(town))
    assert [row["properties_shipping__town__text"] for row in found] == ["Bonn", None]


def test_lists_hold_their_objects_and_what_is_no_list_is_null() -> None:
    word = Property("properties", ("word",), "text")
    odd = [{"word": "a"}, 3, {"word": 4}, None]
    found = rows(lake_of(event(1, parts=odd), event(2, parts={"word": "a"}), event(3)), looked_at(word, each="parts"))
    assert [row["properties_parts"] for row in found] == [[{"word__text": "a"}, {"word__text": None}], None, None]


def test_a_column_that_no_event_ever_had_is_null() -> None:
    wanted = looked_at(Property("properties", ("never",), "number"), Property("properties", ("word",), "text"))
    assert rows(lake_of(event(1)), wanted)[0]["properties_never__number"] is None


def test_an_event_counts_from_when_it_was_heard_of_at_the_latest() -> None:
    assert [row["happened_at"] - NOON for row in rows(lake_of(event(3), event(9)), looked_at())] == [3, 5]


def test_pages_go_by_their_type_and_name() -> None:
    own = Property("event", ("name",), "text")
    [row] = rows(lake_of(event(1, type="page")), looked_at(own))
    assert (row["name"], row["event_name__text"], row["contact"]) == ("page", "Home", True)


def test_a_leaf_belongs_to_whom_it_was_linked_last(tmp_path: Path) -> None:
    lake = ParquetLake(tmp_path)
    links = [LinkChange(LEAF, LEAF, 1, 1), LinkChange(LEAF, PERSON, 2, 2)]
    lake.seal([(1, event(1)), (2, event(2, OTHER))], links, 2)
    assert [row["person"] for row in rows(lake, looked_at())] == [PERSON, OTHER]
    lake.close()
