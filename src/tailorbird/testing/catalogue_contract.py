"""What every catalogue must do, as tests to inherit: give an `engine` fixture that yields an empty one."""

import msgspec
import pytest

from tailorbird.events import Item
from tailorbird.shell.ports import Catalogue
from tailorbird.testing import shop

# What has broken searches somewhere: FTS5's own syntax, wildcards, NUL, half a surrogate pair, and sheer length.
ODD_TEXTS = [
    '"',
    "'",
    "a AND",
    "NEAR(",
    "*",
    "name:",
    "{",
    "\0",
    "😀",
    "\ud800",
    "%",
    "a" * 10_000,
    "x " * 500,
    "-",
    "^a",
    "ß",
]


class CatalogueContract:
    """Inherit, override `engine`, and pytest runs them all on your engine."""

    @pytest.fixture
    def engine(self) -> Catalogue:
        raise NotImplementedError("Override the fixture `engine` with one that yields an empty catalogue.")

    @pytest.fixture
    def filled(self, engine: Catalogue) -> Catalogue:
        engine.upsert(shop.items())
        return engine

    def test_item_comes_back_as_it_went_in(self, filled: Catalogue) -> None:
        assert [filled.get(item.id) for item in shop.items()] == shop.items()
        assert filled.get("nothing") is None

    def test_upsert_counts_what_changed(self, filled: Catalogue) -> None:
        before = filled.version()
        assert filled.upsert(shop.items()) == 0
        assert filled.version() == before
        dearer = msgspec.structs.replace(shop.items()[0], price=70.0)
        assert filled.upsert([dearer, *shop.items()[1:]]) == 1
        assert filled.get(dearer.id) == dearer
        assert filled.version() > before

    def test_later_of_two_with_one_id_holds(self, engine: Catalogue) -> None:
        engine.upsert([Item("1", "first"), Item("1", "second")])
        assert (engine.get("1"), engine.count()) == (Item("1", "second"), 1)

    def test_changes_tell_a_reader_what_to_take_over(self, filled: Catalogue) -> None:
        assert dict(filled.changes(0)) == {item.id: item for item in shop.items()}
        before = filled.version()
        filled.upsert([Item("new")])
        filled.remove(["old-hat"])
        assert dict(filled.changes(before)) == {"new": Item("new"), "old-hat": None}
        assert list(filled.changes(filled.version())) == []

    def test_removed_item_is_nowhere(self, filled: Catalogue) -> None:
        assert filled.remove(["red-shoe", "red-shoe", "unknown"]) == 1
        assert filled.get("red-shoe") is None
        assert filled.search("red") == ([], 0)
        assert filled.count() == 3
        assert "red-shoe" not in dict(filled.changes(0))

    def test_removed_item_can_come_back(self, filled: Catalogue) -> None:
        filled.remove(["red-shoe"])
        assert filled.upsert(shop.items()) == 1
        assert filled.search("red shoe")[1] == 1

    def test_search_finds_beginnings_of_words_in_any_case(self, filled: Catalogue) -> None:
        assert {item.id for item in filled.search("SHO")[0]} == {"red-shoe", "blue-shoe"}
        assert [item.id for item in filled.search("muller")[0]] == ["rye-bread"]
        assert [item.id for item in filled.search("night bread")[0]] == ["rye-bread"]

    def test_word_of_the_name_counts_more_than_one_of_the_text(self, engine: Catalogue) -> None:
        engine.upsert([Item("a", "Jam", text="good with bread"), Item("b", "Bread")])
        assert [item.id for item in engine.search("bread")[0]] == ["b", "a"]

    def test_search_without_a_full_match_gives_the_partial_ones(self, filled: Catalogue) -> None:
        assert [item.id for item in filled.search("rye zeppelin")[0]] == ["rye-bread"]

    def test_available_items_come_first(self, filled: Catalogue) -> None:
        assert filled.search("")[0][-1].id == "old-hat"

    def test_empty_query_lists_a_category_page_by_page(self, filled: Catalogue) -> None:
        assert [item.id for item in filled.search(category="shoes")[0]] == ["blue-shoe", "red-shoe"]
        assert filled.search(category="shoes", limit=1, offset=1) == ([shop.items()[0]], 2)
        assert filled.search("shoe", category="food") == ([], 0)

    def test_old_words_of_a_changed_item_are_forgotten(self, filled: Catalogue) -> None:
        filled.upsert([Item("red-shoe", "Green Boot", "shoes")])
        assert [item.id for item in filled.search("boot")[0]] == ["red-shoe"]
        assert filled.search("red")[1] == 0

    @pytest.mark.parametrize("text", ODD_TEXTS)
    def test_any_text_is_a_query(self, filled: Catalogue, text: str) -> None:
        items, total = filled.search(text, limit=5)
        assert len(items) <= total or not items
        assert filled.search("", category=text) == ([], 0)
        assert filled.get(text) is None

    @pytest.mark.parametrize(("limit", "offset"), [(0, 0), (-1, -1), (2**80, 0), (1, 2**80)])
    def test_any_page_is_a_page(self, filled: Catalogue, limit: int, offset: int) -> None:
        assert filled.search("", limit=limit, offset=offset)[1] == 4

    def test_categories_by_size(self, filled: Catalogue) -> None:
        assert filled.categories() == [("shoes", 2), ("food", 1), ("hats", 1)]
