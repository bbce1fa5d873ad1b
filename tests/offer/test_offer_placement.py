"""A bad placement fails when it is loaded, and says how to mend it."""

import pytest

from tailorbird.errors import BadDefinition
from tailorbird.events import Item
from tailorbird.offer.placement import BUILT_IN, Rule, load_placements

BAD = [
    ({"recipe": "foryou"}, "recipe 'foryou'.*Known: for_you, goes_with, similar, popular, buy_again"),
    ({"limti": 8}, "unknown field 'limti'.*Known: recipe, title, limit"),
    ({"limit": 0}, "limit 0.*from 1 to 100"),
    ({"limit": "ten"}, "limit 'ten'"),
    ({"per_category": 0}, "per_category 0.*above 0"),
    ({"hide": ["socks"]}, "hide .'socks'."),
    ({"only": {"colour": ["red"]}}, "only .*colour"),
    ("popular", "Write a mapping"),
    ({"rule": "prise < 3"}, "rule .*line 1, column 1.*Did you mean .price."),
    ({"boost": [{"when": "brnd = 'A'", "by": 2}]}, "boost 1 .*Did you mean .brand."),
    ({"boost": [{"when": "in_stock", "by": 0}]}, "boost by 0.*above 0"),
    ({"pin": {"0": "a"}}, "pin at place 0.*from 1 to 100"),
    ({"pin": {"1": "a", "2": "a"}}, "Pin each item at one place"),
    ({"pin": {"1": "a"}, "exclude": ["a"]}, "in pin and in exclude"),
    ({"diversity": {}}, "Write .mmr: 0.3."),
    ({"diversity": {"mmr": 3}}, "mmr 3"),
    ({"diversity": {"most": {"categry": 2}}}, "Did you mean .category."),
    ({"novelty": -1}, "novelty -1.*from 0 to 1"),
    ({"explore": 1}, "explore 1.*below 1"),
    ({"only": {"category": "MILK"}}, "only"),
]


@pytest.mark.parametrize("body, told", BAD)
def test_bad_placement_says_name_value_place_and_what_to_write(body, told):
    with pytest.raises(BadDefinition, match=told) as error:
        load_placements({"home": body})
    assert "Placement 'home'" in str(error.value) and "site/placements.yaml" in str(error.value)


def test_a_site_overrides_single_fields_and_adds_its_own():
    found = load_placements(
        {"home": {"title": "For you"}, "pets": {"recipe": "popular", "only": {"category": ["PET"]}}}
    )
    assert (found["home"].title, found["home"].recipe, found["home"].limit) == ("For you", "for_you", 12)
    assert found["pets"].only == Rule(category=("PET",))
    assert set(found) == {*BUILT_IN, "pets"}


@pytest.mark.parametrize(
    "rule, matches",
    [
        (Rule(), True),
        (Rule(category=("A", "B"), brand=("X",)), True),
        (Rule(category=("A",), brand=("Y",)), False),
        (Rule(tags=("new", "red")), True),
        (Rule(tags=("blue",)), False),
        (Rule(min_price=2, max_price=2), True),
        (Rule(max_price=1.99), False),
        (Rule(id=("1",)), True),
    ],
)
def test_a_rule_matches_when_every_given_part_does(rule, matches):
    assert rule.matches(Item("1", category="A", brand="X", price=2.0, tags=["red"])) is matches
