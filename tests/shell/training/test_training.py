"""From the lake to a model in force, with real engines."""

import json

import pytest
from lake_world import NOW, START, event, order, stored, weekly

from tailorbird.errors import StateUnavailable
from tailorbird.events import DAY_MS, Item
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.models import Models
from tailorbird.shell.training.__main__ import main
from tailorbird.shell.training.reading import read_lines
from tailorbird.shell.training.run import train_and_promote


@pytest.fixture
def engines(tmp_path):
    found = Engines(Layout(tmp_path), writes_state=True)
    yield found
    found.close()


def test_orders_and_views_of_the_lake_become_contacts(engines):
    view = event("ann", 1, "Product Viewed", {"product_id": "tea"})
    stored(engines, [order("ann", 0, "milk", "eggs"), view, order("bob", 3, "milk")])
    lines, left_out = read_lines(engines, NOW)
    told = [
        (lines.ids[i], int(k), (t - START) // DAY_MS) for i, k, t in zip(lines.item, lines.kind, lines.at, strict=True)
    ]
    assert sorted(told) == [("eggs", 4, 0), ("milk", 4, 0), ("milk", 4, 3), ("tea", 0, 1)]
    assert (lines.people, left_out) == (2, 0)


def test_who_withdrew_consent_has_no_part_in_the_model(engines):
    stored(engines, [order("ann", 0, "milk"), order("bob", 3, "secret")], withdrawn={"bob"})
    lines, left_out = read_lines(engines, NOW)
    assert (lines.ids, lines.people, left_out) == (["milk"], 1, 1)


def test_nothing_is_trained_while_consent_cannot_be_asked(engines):
    engines.lake.seal([(1, order("ann", 0, "milk"))], [], 1)
    with pytest.raises(StateUnavailable, match="consent cannot be asked"):
        train_and_promote(engines, NOW)


def test_training_promotes_a_model_that_beats_popularity(engines):
    people = {"ann": ("milk", "eggs"), "bob": ("tea", "cake"), "cid": ("milk", "rice"), "dan": ("beer", "nuts")}
    stored(engines, [event for person, items in people.items() for event in weekly(person, *items)])
    engines.catalogue.upsert([Item(item) for items in people.values() for item in items])
    trained = train_and_promote(engines, NOW)
    assert trained.promoted and Models(engines.layout.models).current() == trained.manifest.version
    assert {line["model"] for line in trained.manifest.evaluation} >= {"popular", "item_to_item", "buy_again", "blend"}


def test_an_empty_lake_trains_nothing_and_says_so(engines):
    engines.state.commit({}, 0)
    trained = train_and_promote(engines, NOW)
    assert (trained.promoted, trained.manifest.interactions) == (False, 0)
    assert Models(engines.layout.models).current() == ""


def test_the_command_says_why_it_cannot_train(tmp_path, capsys):
    assert main(["--data", str(tmp_path / "nowhere")]) == 1
    assert "state" in capsys.readouterr().err


def test_damaged_products_are_passed_over(engines):
    broken = event("bob", 1, "Order Completed", {"products": "milk"})
    odd = event("cid", 1, "Order Completed", {"products": [json.loads("{}"), {"sku": "s1"}, 5]})
    stored(engines, [order("ann", 0, "milk"), broken, odd])
    lines, _ = read_lines(engines, NOW)
    assert "milk" in lines.ids
