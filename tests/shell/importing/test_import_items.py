"""Rows become items of the catalogue."""

import json

import pytest

from tailorbird.events import Item
from tailorbird.shell.importing.items import item_of
from tailorbird.shell.importing.row import Problem, Row


def item(value) -> Item | Problem:
    return item_of(Row(1, 1, json.dumps(value).encode() if isinstance(value, dict) else value, 0))


def test_known_fields_are_typed_and_others_become_attributes():
    read = item_of(Row(1, 1, {"sku": "7", "title": "Beans", "price": "4.50", "roast": "dark", "decaf": "false"}, 0))
    assert read == Item("7", "Beans", price=4.5, attributes={"roast": "dark", "decaf": False})


@pytest.mark.parametrize("names", [("id", "sku"), ("sku", "id"), ("product_id", "sku"), ("sku", "product_id")])
def test_sku_beside_an_id_stays_an_attribute(names):
    values = {"id": "p1", "product_id": "p1", "sku": "s1"}
    found = item({name: values[name] for name in names})
    assert (found.id, found.attributes) == ("p1", {"sku": "s1"})


def test_text_that_looks_like_a_number_stays_text_where_an_item_has_text():
    read = item_of(Row(1, 1, {"id": "007", "name": "501", "brand": "1"}, 0))
    assert (read.id, read.name, read.brand) == ("007", "501", "1")


def test_tags_of_a_csv_cell_are_separated_by_commas():
    assert item_of(Row(1, 1, {"id": "1", "tags": "new, vegan"}, 0)).tags == ["new", "vegan"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [({"name": "no id"}, "id"), (b"[1]", "json"), (b"{", "json"), ({"id": "1", "price": "dear"}, "type")],
)
def test_row_that_is_no_item_says_why(value, reason):
    assert item(value).reason == reason


def test_number_beyond_64_bits_becomes_text():
    assert item({"id": "1", "ean": 10**30}).attributes == {"ean": "1" + "0" * 30}


@pytest.mark.parametrize("attributes", [[1], "text", 5])
def test_attributes_that_are_no_object_are_a_problem(attributes):
    assert item({"id": "1", "attributes": attributes}).where == "attributes"
