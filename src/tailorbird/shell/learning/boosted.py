"""Boosted trees of lightgbm as a Forest, so that what serves needs no lightgbm and nothing is unpickled.

lightgbm writes a model as text: `key=value` lines, one paragraph per tree (`Tree::ToString` in its sources).
"""

from typing import TYPE_CHECKING

import numpy as np

from tailorbird.errors import Corrupt
from tailorbird.offer.forest.forest import Forest

if TYPE_CHECKING:
    from lightgbm import Booster

SPLITS = {
    "feature": "split_feature",
    "threshold": "threshold",
    "kind": "decision_type",
    "left": "left_child",
    "right": "right_child",
}
NOT_SUPPORTED = {"num_cat": "categorical splits", "is_linear": "linear leaves"}


def forest_of(booster: "Booster", names: tuple[str, ...] | None = None, rounds: int | None = None) -> Forest:
    """The first `rounds` trees (its best, or all) of a booster; scores are those of `predict(raw_score=True)`.
    `names` are those of the features, where lightgbm was not told.

    Raises Corrupt for trees with categorical splits, linear leaves, averaged output or more than 64 leaves.
    """
    text = booster.model_to_string(num_iteration=rounds)
    head, *paragraphs = text.split("\nTree=")
    if "\naverage_output" in head:
        raise Corrupt("The forest averages its trees (boosting=rf). Train with boosting=gbdt.")
    trees = [_lines(paragraph) for paragraph in paragraphs]
    for tree in trees:
        for key, what in NOT_SUPPORTED.items():
            if tree.get(key, "0") != "0":
                raise Corrupt(f"The forest has {what}. Train without them: nothing here reads such trees.")
    arrays = {name: _joined(trees, key) for name, key in SPLITS.items()}
    start = np.cumsum([0] + [int(tree["num_leaves"]) for tree in trees])
    return Forest.checked(
        names or tuple(booster.feature_name()), start=start, leaf=_joined(trees, "leaf_value"), **arrays
    )


def _lines(paragraph: str) -> dict[str, str]:
    # Behind the last tree stand importances and parameters, after an empty line.
    return dict(line.split("=", 1) for line in paragraph.split("\n\n")[0].splitlines() if "=" in line)


def _joined(trees: list[dict[str, str]], key: str) -> np.ndarray:
    return np.array([float(number) for tree in trees for number in tree.get(key, "").split()])
