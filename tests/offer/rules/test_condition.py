"""A rule on items means what SQL means by it."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.errors import BadDefinition
from tailorbird.events import Item
from tailorbird.offer.rules.condition import condition

MILK = Item(
    "m", "Milk fresh", "DAIRY", "OWN", 1.5, tags=["new in"], attributes={"fat": 3.5, "bio": True, "from": {"c": "AT"}}
)
BARE = Item("b")

MATCHES = [
    ("in_stock and price < 100 and category <> 'TOBACCO'", True),
    ("title like '%fresh' and starts_with(lower(brand), 'ow')", True),
    ('tags."new in" and not tags.organic', True),
    ("fat > 3 and bio", True),
    ("fat = '3.5'", None),
    ("from.c in ('AT', 'DE')", True),
    ("attributes.price is null", True),
    ("fat is null", False),
    ("available_from > '2026-01-01'", False),
    ("case when price > 1 then bio else false end", True),
    ("price / 0 > 1", False),
]


@pytest.mark.parametrize("text, expected", MATCHES)
def test_a_rule_reads_properties_tags_and_attributes(text, expected):
    if expected is None:
        assert not condition(text).matches(MILK)
    else:
        assert condition(text).matches(MILK) is expected


@pytest.mark.parametrize("text", ["price < 9", "price >= 9", "category <> 'X'", "brand = ''", "fat > 1", "not fat > 1"])
def test_what_an_item_does_not_say_matches_nothing(text):
    assert not condition(text).matches(BARE)


BAD = [
    ("prise < 3", "line 1, column 1: 'prise' is no property of an item. Did you mean 'price'"),
    ("in_stock and categroy = 'X'", "column 14.*Did you mean 'category'.*attributes.categroy"),
    ("count('Product Viewed') > 1", "looks at a person"),
    ("segment('vip')", "looks at a person"),
    ("price", "is a number; a boolean must stand here"),
    ("tags = 'x'", "Write tags.organic"),
    ("text like '%x%'", "not held in memory"),
    ("year(now()) = 2026", "does not change with time.*available_from"),
    ("price < 'cheap'", "cannot be compared"),
    ("price <", "ends too early"),
    ("", "There is no expression"),
]


@pytest.mark.parametrize("text, told", BAD)
def test_a_rule_that_cannot_be_read_says_where_and_what_instead(text, told):
    with pytest.raises(BadDefinition, match=told):
        condition(text)


ATOMS = st.sampled_from(
    [
        "price < 3",
        "price >= 2",
        "price between 1 and 2",
        "price is not null",
        "price * 2 = 4",
        "category = 'A'",
        "category <> 'A'",
        "category in ('A', 'B')",
        "brand not in ('X')",
        "brand like 'X%'",
        "brand is null",
    ]
)
TREES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda both: f"({both[0]} and {both[1]})"),
        st.tuples(inner, inner).map(lambda both: f"({both[0]} or {both[1]})"),
        inner.map(lambda one: f"(not {one})"),
    ),
    max_leaves=6,
)
ITEMS = st.builds(
    Item,
    st.just("i"),
    category=st.sampled_from(["", "A", "B", "C"]),
    brand=st.sampled_from(["", "X", "XY", "Z"]),
    price=st.sampled_from([None, 0.0, 1.0, 2.0, 3.0]),
)


@settings(max_examples=200, deadline=None)
@given(TREES, st.lists(ITEMS, min_size=1, max_size=5))
def test_a_rule_says_what_sqlite_says(text, items):
    table = sqlite3.connect(":memory:")
    table.execute("PRAGMA case_sensitive_like = on")
    table.execute("CREATE TABLE items (category TEXT, brand TEXT, price REAL)")
    rows = [(item.category or None, item.brand or None, item.price) for item in items]
    table.executemany("INSERT INTO items VALUES (?, ?, ?)", rows)
    expected = [row[0] == 1 for row in table.execute(f"SELECT {text} FROM items ORDER BY rowid")]
    assert [condition(text).matches(item) for item in items] == expected
