"""Forests drawn by Hypothesis: any shape of tree, any kind of split, and inputs that lie on its thresholds."""

import numpy as np
from hypothesis import strategies as st

from tailorbird.offer.forest.forest import KINDS, Forest

AWKWARD = (0.0, -0.0, 1e-36, -1e-36, 1e-35, np.nan, np.inf, -np.inf, 3.4e38, 1.0, -1.0)


@st.composite
def forests(draw, most_leaves=40):
    """Up to 6 trees over up to 4 features, grown by splitting a random leaf."""
    features = draw(st.integers(1, 4))
    trees = draw(st.lists(st.integers(1, most_leaves), min_size=1, max_size=6))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    children = [grown(leaves, chance) for leaves in trees]
    splits = sum(trees) - len(trees)
    threshold = np.where(chance.random(splits) < 0.3, chance.integers(-2, 3, splits), chance.normal(size=splits))
    return Forest.checked(
        tuple(f"f{k}" for k in range(features)),
        start=np.cumsum([0, *trees]),
        feature=chance.integers(0, features, splits),
        threshold=np.where(chance.random(splits) < 0.1, chance.choice([np.inf, -np.inf, 1e300], splits), threshold),
        kind=chance.choice(KINDS, splits),
        left=[c for left, _ in children for c in left],
        right=[c for _, right in children for c in right],
        leaf=chance.normal(size=sum(trees)),
    )


def grown(leaves, chance):
    """(left, right) of a tree: as lightgbm grows one, the new split takes the place of a leaf, its right one is new."""
    left, right = [], []
    for new in range(leaves - 1):
        if left:
            side, at = [(s, p) for s in (left, right) for p in range(len(left)) if s[p] < 0][chance.integers(new + 1)]
            old, side[at] = side[at], new
        else:
            old = -1
        left.append(old)
        right.append(~(new + 1))
    return left, right


def rows(forest, seed, most=150):
    """A matrix with ordinary, awkward and exactly critical values."""
    chance = np.random.default_rng(seed)
    shape = (chance.integers(0, most), len(forest.features))
    with np.errstate(over="ignore"):
        critical = forest.threshold.astype(np.float32)
    pool = np.concatenate([np.array(AWKWARD, np.float32), critical, np.nextafter(critical, np.float32(np.inf))])
    matrix = np.where(chance.random(shape) < 0.5, chance.choice(pool, shape), chance.normal(size=shape))
    return matrix.astype(np.float32)
