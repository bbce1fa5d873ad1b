"""The shelf shows what the catalogue says, and never gives a row to another item."""

from hypothesis import given
from hypothesis import strategies as st

from tailorbird.events import Item
from tailorbird.offer.placement import Rule
from tailorbird.offer.shelf import Shelf

ids = st.sampled_from("abcdefgh")
items = st.builds(
    Item,
    ids,
    category=st.sampled_from(["tea", "pie"]),
    available=st.booleans(),
    available_from=st.none() | st.integers(1, 9),
    available_until=st.none() | st.integers(1, 9),
)
changes = st.lists(items.map(lambda item: (item.id, item)) | ids.map(lambda item_id: (item_id, None)), max_size=12)
TEA = Rule(category=("tea",))


@given(st.lists(changes, max_size=4), st.lists(st.integers(0, 10), min_size=1, max_size=4))
def test_masks_follow_every_change_and_any_clock(batches, clock):
    shelf, latest = Shelf(), {}
    for version, batch in enumerate(batches, 1):
        rows = dict(shelf.row)
        shelf.apply(batch, version)
        latest.update(batch)
        assert rows.items() <= shelf.row.items()
        for now in clock:
            open_rows, teas = shelf.open_rows(now), shelf.matching_rows(TEA)
            assert {i for i, row in shelf.row.items() if open_rows[row]} == {i for i in latest if sold(latest[i], now)}
            assert {i for i, row in shelf.row.items() if teas[row]} == {i for i in latest if is_tea(latest[i])}


def sold(item, now):
    return item is not None and item.available and (item.available_from or 0) <= now < (item.available_until or now + 1)


def is_tea(item):
    return item is not None and item.category == "tea"


def test_categories_hold_each_item_once_in_the_order_they_came():
    shelf = Shelf([Item("a", category="tea"), Item("b", category="tea")])
    shelf.apply([("a", Item("a", category="pie")), ("b", Item("b", "renamed", "tea")), ("c", None)], 2)
    assert shelf.categories == {"tea": [1], "pie": [0]}


def test_an_item_that_leaves_and_comes_back_in_one_change_stands_once():
    shelf = Shelf([Item("a", category="tea"), Item("b", category="tea")])
    shelf.apply([("a", None), ("c", Item("c", category="tea")), ("c", None), ("a", Item("a", category="tea"))], 2)
    assert shelf.categories == {"tea": [0, 1]}


def test_a_removed_item_is_gone_and_comes_back_in_its_row():
    shelf = Shelf([Item("a")])
    shelf.apply([("a", None)], 2)
    assert (shelf.item("a"), shelf.row["a"], bool(shelf.open_rows(0)[0])) == (None, 0, False)
    shelf.apply([("a", Item("a"))], 3)
    assert (shelf.item("a").id, bool(shelf.open_rows(0)[0])) == ("a", True)
