"""Definitions and catalogue in SQLite: the contracts, and what only a file can do."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.errors import Corrupt
from tailorbird.events import Item
from tailorbird.shell.embedded.sqlite_catalogue import SqliteCatalogue
from tailorbird.shell.embedded.sqlite_definitions import SqliteDefinitions
from tailorbird.testing import CatalogueContract, DefinitionsContract, FixedClock, shop


class TestSqliteDefinitions(DefinitionsContract):
    @pytest.fixture
    def engine(self, tmp_path):
        definitions = SqliteDefinitions(tmp_path / "definitions.sqlite")
        yield definitions
        definitions.close()


class TestSqliteCatalogue(CatalogueContract):
    @pytest.fixture
    def engine(self, tmp_path):
        catalogue = SqliteCatalogue(tmp_path / "catalogue.sqlite")
        yield catalogue
        catalogue.close()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    catalogue = SqliteCatalogue(tmp_path_factory.mktemp("shelf") / "catalogue.sqlite")
    catalogue.upsert(shop.items())
    yield catalogue
    catalogue.close()


@given(st.text())
def test_search_never_fails_on_any_text(shelf, text):
    items, total = shelf.search(text)
    assert len(items) == total <= 4


@given(st.sampled_from(shop.items()), st.data())
def test_an_item_is_found_by_any_beginning_of_its_name(shelf, item, data):
    length = data.draw(st.integers(2, len(item.name)))
    assert item in shelf.search(item.name[:length])[0]


def test_change_has_the_time_of_the_clock(tmp_path):
    clock = FixedClock(5_000)
    definitions = SqliteDefinitions(tmp_path / "d.sqlite", now=clock)
    assert definitions.put("plan", "site", {}, "anna").at == 5_000
    definitions.close()


def test_other_connections_see_a_new_version(tmp_path):
    one, two = (SqliteDefinitions(tmp_path / "d.sqlite") for _ in range(2))
    before = two.version()
    one.put("key", "web", {"can": ["collect"]}, "anna")
    assert two.version() != before
    assert two.get("key", "web").body == {"can": ["collect"]}
    one.close()
    two.close()


def test_threads_that_write_at_once_lose_nothing(tmp_path):
    definitions = SqliteDefinitions(tmp_path / "d.sqlite")
    threads = [
        threading.Thread(target=lambda n=n: [definitions.put("key", "k", {"n": [n, i]}, "anna") for i in range(10)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [d.version for d in definitions.history("key", "k")] == list(range(40, 0, -1))
    definitions.close()


def test_file_that_is_no_database_is_corrupt(tmp_path):
    (tmp_path / "d.sqlite").write_bytes(b"hello " * 1_000)
    with pytest.raises(Corrupt, match="Restore it from a backup"):
        SqliteDefinitions(tmp_path / "d.sqlite").version()


def test_file_that_stays_damaged_keeps_no_connection_open(tmp_path):
    path = tmp_path / "definitions.db"
    path.write_bytes(b"no database" * 500)
    definitions = SqliteDefinitions(path)
    opened = []
    for _ in range(3):
        with pytest.raises(Corrupt):
            definitions.all("segment")
        opened.append(len(list(Path("/proc/self/fd").iterdir())))
    assert len(set(opened)) == 1


def test_reader_sees_items_of_another_process_connection(tmp_path):
    one, two = (SqliteCatalogue(tmp_path / "c.sqlite") for _ in range(2))
    one.upsert([Item("1", "Tea")])
    assert two.search("tea")[0] == [Item("1", "Tea")]
    assert two.version() == one.version() == 1
    one.close()
    two.close()


@pytest.mark.parametrize("body", [5, "orders() >= 3", ["sql"]])
def test_what_another_hand_wrote_and_is_no_mapping_is_empty(tmp_path, body):
    definitions = SqliteDefinitions(tmp_path / "d.sqlite")
    definitions.put("segment", "odd", body, "by hand")
    assert [one.body for one in definitions.all("segment")] == [{}]
