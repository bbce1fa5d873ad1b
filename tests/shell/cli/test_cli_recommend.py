"""`tailorbird recommend` and `tailorbird placements` as a person or a script meets them."""

import json

import pytest
from typer.testing import CliRunner

from tailorbird.errors import BadRequest
from tailorbird.events import Item
from tailorbird.shell.cli.exits import NotFound
from tailorbird.shell.cli.main import app
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout

RULES = {"rule": "price < 3", "boost": [{"when": "brand = 'Own'", "by": 2.0}], "limit": 5}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A shop of ten teas; one is sold out, and the home page takes only cheap ones."""
    layout = Layout(tmp_path_factory.mktemp("shop"))
    engines = Engines(layout, writes_state=True)
    assert engines.state.offset() == 0
    engines.catalogue.upsert(
        [Item(f"t{n}", f"Tea [{n}]", "TEA", "Own" if n % 2 else "", 0.5 * n, available=n != 3) for n in range(10)]
    )
    engines.definitions.put("placement", "home", RULES, "tests")
    engines.close()
    return layout.root


def ask(data, *words):
    done = CliRunner().invoke(app, [*words, "--data", str(data)], env={"COLUMNS": "160"})
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_a_stranger_sees_what_the_rules_let_out(data):
    told = json.loads(ask(data, "recommend", "--json"))
    assert [choice["id"] for choice in told["items"]] == ["t0", "t1", "t2", "t4", "t5"]
    assert told["link"] == "catalogue"
    assert told["why"] == "unknown person; no model has been trained yet; 2 boosted by 2: brand = 'Own'"


def test_explain_says_which_rule_left_what_out(data):
    told = ask(data, "recommend", "-p", "similar", "--item", "t4", "--explain")
    assert "Tea [5] (t5)" in told and "similar to Tea [4]" in told
    assert "Tea [3] (t3)" in told and "sold out, or taken from sale" in told


def test_a_placement_that_starts_from_an_item_asks_for_one(data):
    with pytest.raises(BadRequest, match="--item ID"):
        ask(data, "recommend", "-p", "product")


def test_an_unknown_placement_is_named_with_the_known_ones(data):
    with pytest.raises(BadRequest, match=r"'hoem'\. Known: again, cart, home"):
        ask(data, "recommend", "-p", "hoem")


def test_an_unknown_person_is_not_taken_for_a_stranger(data):
    with pytest.raises(NotFound, match="Nobody is known as that userId"):
        ask(data, "recommend", "userId:nobody")


def test_placements_are_told_in_words(data):
    told = ask(data, "placements", "show", "home")
    assert told.splitlines()[2:] == [
        "5 items, at most half of them of one category",
        "only where price < 3",
        "never what is in the cart",
        "2 times the score where brand = 'Own'",
    ]
    assert json.loads(ask(data, "placements", "list", "--json"))["home"]["limit"] == 5
    assert "buy_again" not in ask(data, "placements", "list")


def test_an_unknown_placement_to_show_is_named_with_the_known_ones(data):
    with pytest.raises(NotFound, match="no placement 'pets'"):
        ask(data, "placements", "show", "pets")
