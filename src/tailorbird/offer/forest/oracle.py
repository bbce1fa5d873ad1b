"""What the walk must answer, said in plain Python: down each tree, test by test. Tests hold the two equal."""

import math
from itertools import pairwise

from tailorbird.offer.forest.forest import Forest
from tailorbird.offer.forest.walk import DEFAULT_LEFT, MISSING_NAN, MISSING_ZERO, TINY


def score(forest: Forest, row: list[float]) -> float:
    """The sum over all trees, in their order, for the features of one candidate."""
    total = 0.0
    for t, (first, end) in enumerate(pairwise(forest.start.tolist())):
        total += float(forest.leaf[first + (leaf_of(forest, first - t, row) if end - first > 1 else 0)])
    return total


def leaf_of(forest: Forest, root: int, row: list[float]) -> int:
    """The leaf, within its tree, where a row comes out."""
    split = root
    while True:
        child = int(forest.left[split] if goes_left(forest, split, row) else forest.right[split])
        if child < 0:
            return ~child
        split = root + child


def goes_left(forest: Forest, split: int, row: list[float]) -> bool:
    """lightgbm's rule for one split (`Tree::NumericalDecision`)."""
    x, kind = row[forest.feature[split]], int(forest.kind[split])
    if abs(x) <= TINY or (math.isnan(x) and not kind & MISSING_NAN):
        x = 0.0
    if (math.isnan(x) and kind & MISSING_NAN) or (x == 0 and kind & MISSING_ZERO):
        return bool(kind & DEFAULT_LEFT)
    return bool(x <= forest.threshold[split])
