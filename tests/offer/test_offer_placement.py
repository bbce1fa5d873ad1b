"""A bad placement fails when it is loaded, and says how to mend it."""

import pytest

from tailorbird.errors import BadDefinition
from tailorbird.events import Item
from tailorbird.offer.placement import BUILT_IN, Rule, load_placements

BAD = [
    ({"recipe": "foryou"}, "recipe 'foryou'.*Known: for_you, goes_with, popular, buy_again"),
    ({"limti": 8}, "unknown field 'limti'.*Known: recipe, title, limit"),
    ({"limit": 0}, "limit 0.*from 1 to 100"),
    ({"limit": "ten"}, "limit 'ten'"),
    ({"per_category": 0}, "per_category 0.*above 0"),
    ({"hide": ["socks"]}, "hide .'socks'."),
    ({"only": {"colour": ["red"]}}, "only .*colour"),
    ("popular", "Write a mapping"),
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
