"""What lists are like, by hand."""

from math import log, log2

import numpy as np
import pytest

from tailorbird.events import Item
from tailorbird.know.profile import Bought, Profile
from tailorbird.offer.judge.breadth import by_list, overall
from tailorbird.offer.recommend.breadth import surroundings
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.shelf import Shelf

SHELF = Shelf(
    [Item("tea", category="drink"), Item("milk", category="drink"), Item("pie", category="food"), Item("new")]
)
LINES = Interactions.of([(f"p{n}", item, "bought", n) for n, item in enumerate(["tea"] * 6 + ["milk", "pie"])])
DRINKER = Case(Profile(b"p", bought={"tea": Bought(3, 0, 1), "pie": Bought(1, 0, 1)}), 5, frozenset({"milk"}))
STRANGER = Case(Profile(b"q"), 5, frozenset({"pie"}))
AROUND = surroundings(LINES, SHELF, [DRINKER, STRANGER])
PAGES = np.array([[0, 1, 2], [3, -1, -1]], np.int32)  # tea, milk, pie; new


def test_novelty_is_the_mean_surprise_in_bits():
    shown = [7 / 12, 2 / 12, 2 / 12]
    assert by_list(PAGES, AROUND)["novelty"].tolist() == pytest.approx([-sum(map(log2, shown)) / 3, -log2(1 / 12)])


def test_diversity_is_the_chance_of_two_categories():
    drink_food, alone = by_list(PAGES, AROUND)["diversity"].tolist()
    assert drink_food == pytest.approx(2 / 3) and np.isnan(alone)


def test_calibration_compares_the_page_with_the_persons_own_mixture():
    found = by_list(PAGES, AROUND)["miscalibration"]
    lent = [0.99 * 2 / 3 + 0.01 * 0.75, 0.99 * 1 / 3 + 0.01 * 0.25]
    assert found[0] == pytest.approx(0.75 * log(0.75 / lent[0]) + 0.25 * log(0.25 / lent[1]))
    assert np.isnan(found[1])  # who has no history has no mixture


def test_coverage_and_bias_are_of_all_pages():
    targets = np.array([1, 2], np.int32)  # milk and pie: one contact each
    assert overall(PAGES, targets, AROUND) == {"coverage": 1.0, "popularity_bias": (6 + 1 + 1 + 0) / 4 / 1}


def test_no_page_is_no_error():
    nothing = np.full((2, 3), -1, np.int32)
    assert all(np.isnan(values).all() for values in by_list(nothing, AROUND).values())
    assert overall(nothing, np.empty(0, np.int32), AROUND) == {"coverage": 0.0, "popularity_bias": 0.0}
