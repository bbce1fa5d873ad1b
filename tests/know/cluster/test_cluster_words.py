"""Words for clusters: true, short, and no two alike."""

import numpy as np

from tailorbird.know.cluster.tree import LEAF, Tree, rule_of, sentence
from tailorbird.know.cluster.words import Trait, Words, effects, labels_for, sets_apart

WORDS = [Words("rare visits", "weekly"), Words("small baskets", "big baskets"), Words("", "fresh food")]


def test_rule_is_the_leaf_with_the_best_balance():
    # visits <= 5 ? (basket <= 40 ? 2 of 40 : 50 of 60) : 8 of 100
    tree = Tree(
        np.array([0, 1, -2, -2, -2]),
        np.array([5.0, 40.0, -2, -2, -2]),
        np.array([1, 2, LEAF, LEAF, LEAF]),
        np.array([4, 3, LEAF, LEAF, LEAF]),
        np.array([[140, 60], [48, 52], [38, 2], [10, 50], [92, 8]], float),
    )
    rule = rule_of(tree)
    assert sentence(rule, ["visits", "basket"]) == "visits up to 5 and basket above 40"
    assert (round(rule.precision, 3), round(rule.recall, 3)) == (0.833, 0.833)


def test_effects_are_in_spreads_from_everyones_mean():
    points = np.array([[0.0], [0.0], [2.0], [2.0], [99.0]])
    assert effects(points, np.array([0, 0, 1, 1, -1]), 2).tolist() == [[-1.0], [1.0]]


def test_what_the_rule_splits_by_is_said_first_where_it_is_close():
    effect = np.array([1.0, -1.1, 0.1])
    assert [trait.column for trait in sets_apart(effect)] == [1, 0]
    assert [trait.column for trait in sets_apart(effect, in_tree=[0])] == [0, 1]


def test_label_says_the_strongest_first():
    label = labels_for([[Trait(1, 2.0), Trait(0, 1.0), Trait(2, 0.6)]], WORDS)
    assert label == ["Big baskets, weekly, fresh food"]


def test_no_two_clusters_have_one_label():
    alike = [[Trait(0, 1.0)], [Trait(0, 1.0)], [], []]
    assert labels_for(alike, WORDS) == ["Weekly", "Weekly (2)", "Like most others", "Like most others (2)"]
