"""Forest: an ensemble of decision trees as flat arrays, checked when it is made, so that asking it is safe.

Tree t has leaves [start[t], start[t + 1]) and one split fewer; splits are numbered through in the same way. A child
below 0 is the leaf ~child of its tree, any other is a split of its tree. Children are numbered after their parents, as
lightgbm does: a walk can only go down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import Corrupt
from tailorbird.offer.forest.layout import MOST_LEAVES, Layout, laid_out
from tailorbird.offer.forest.walk import DEFAULT_LEFT, MISSING_NAN, MISSING_ZERO, walk

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

KINDS = (0, DEFAULT_LEFT, MISSING_ZERO, MISSING_ZERO | DEFAULT_LEFT, MISSING_NAN, MISSING_NAN | DEFAULT_LEFT)


@dataclass(frozen=True)
class Forest:
    """t trees over f features. `Forest.checked` and `restored` are the ways to make one.

    >>> stump = Forest.checked(("price",), start=[0, 2], feature=[0], threshold=[9.5], kind=[8], left=[-1], right=[-2],
    ...                        leaf=[1.0, -1.0])
    >>> stump.scores(np.array([[5], [20], [np.nan]], np.float32)).tolist()
    [1.0, -1.0, -1.0]
    """

    features: tuple[str, ...]
    start: Longs  # t + 1
    feature: Ints  # of each split, in [0, f)
    threshold: Doubles  # at most this goes left
    kind: Bytes  # what a split does with missing values: DEFAULT_LEFT, MISSING_ZERO, MISSING_NAN
    left: Ints
    right: Ints
    leaf: Doubles  # the value of each leaf

    @staticmethod
    def checked(features: tuple[str, ...], **arrays: Any) -> "Forest":
        """From anything like arrays. Raises Corrupt where they are not trees."""
        types = {"start": np.int64, "threshold": np.float64, "kind": np.uint8, "leaf": np.float64}
        try:
            # A copy, and read-only: what was checked once stays what was checked.
            made = {key: read_only(np.array(value, types.get(key, np.int32))) for key, value in arrays.items()}
        except (ValueError, TypeError, OverflowError) as error:
            raise Corrupt(f"The forest has arrays that are no numbers ({error}). Train it again.") from None
        forest = Forest(features, **made)
        forest.check()
        return forest

    def __len__(self) -> int:
        return len(self.start) - 1

    def scores(self, matrix: Floats) -> Doubles:
        """The sum over all trees for each row of `matrix` (m x f): m numbers, those of lightgbm's raw predict.

        Quickest for a matrix that is stored column by column. Raises ValueError for another number of columns.
        """
        if matrix.ndim != 2 or matrix.shape[1] != len(self.features):
            raise ValueError(f"The trees know {len(self.features)} features, the matrix has shape {matrix.shape}.")
        return walk(np.ascontiguousarray(matrix.T, np.float32), self.layout)

    @cached_property
    def layout(self) -> Layout:
        """The same trees as the walk reads them."""
        return laid_out(self)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What to store; `restored` is the inverse."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return own | {"features": np.array(self.features, np.str_)}

    @staticmethod
    def restored(arrays: Mapping[str, NDArray[Any]]) -> "Forest":
        """From stored arrays. Raises Corrupt where one is missing or where they are not trees."""
        missing = {field.name for field in fields(Forest)} - arrays.keys()
        if missing:
            raise Corrupt(f"The forest lacks {', '.join(sorted(missing))}. Train it again.")
        rest = {key: arrays[key] for key in (field.name for field in fields(Forest)) if key != "features"}
        return Forest.checked(tuple(arrays["features"].tolist()), **rest)

    def check(self) -> None:
        """Raises Corrupt unless each tree is one: from its root down, each split and leaf is met exactly once."""
        _insist(_flat(self), "arrays whose lengths do not fit together")
        leaves = np.diff(self.start)
        _insist(len(leaves) > 0 and self.start[0] == 0 and leaves.min() >= 1, "a tree without leaves")
        _insist(leaves.max() <= MOST_LEAVES, f"a tree of {leaves.max()} leaves, more than {MOST_LEAVES}")
        _insist(len(self.leaf) == self.start[-1], "leaves that belong to no tree")
        _insist(len(self.feature) == len(self.leaf) - len(leaves), "splits that belong to no tree")
        finite = np.isfinite(self.leaf).all() and not np.isnan(self.threshold).any()  # lightgbm's thresholds may be inf
        _insist(bool(finite), "a leaf that is not finite, or a threshold that is NaN")
        known = (self.feature >= 0) & (self.feature < len(self.features))
        _insist(bool(known.all()), f"a split of an unknown feature, of {len(self.features)}")
        _insist(bool(np.isin(self.kind, KINDS).all()), f"a split of an unknown kind, not in {KINDS}")
        _insist(_are_trees(self), "splits that are no tree: a child met twice, or never, or before its parent")


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array


def _insist(good: bool, wrong: str) -> None:
    if not good:
        raise Corrupt(f"The forest has {wrong}. Train it again.")


def _flat(forest: Forest) -> bool:
    """One-dimensional, and what describes splits has one entry for each."""
    every = [getattr(forest, field.name) for field in fields(Forest) if field.name != "features"]
    splits = [len(getattr(forest, name)) for name in ("feature", "threshold", "kind", "left", "right")]
    return all(array.ndim == 1 for array in every) and len(set(splits)) == 1


def _are_trees(forest: Forest) -> bool:
    """Each split but the root, and each leaf, is the child of one split, which stands before it."""
    leaves = np.diff(forest.start)
    tree = np.repeat(np.arange(len(leaves)), leaves - 1)
    first = forest.start[:-1] - np.arange(len(leaves))  # the root of each tree, and where the next one's would be
    own = np.arange(len(tree)) - first[tree]
    child = np.concatenate([forest.left, forest.right]).astype(np.int64)
    parent, of = np.concatenate([own, own]), np.concatenate([tree, tree])
    is_leaf = child < 0
    # A child behind its parent and within its own tree: so every walk goes down, and ends.
    inside = np.where(is_leaf, ~child < leaves[of], (child > parent) & (child < leaves[of] - 1))
    if not inside.all():
        return False
    met = np.bincount(forest.start[of[is_leaf]] + ~child[is_leaf], minlength=len(forest.leaf))
    below = np.bincount(first[of[~is_leaf]] + child[~is_leaf], minlength=len(tree))
    # A tree of one leaf has no split whose child it could be.
    alone = forest.start[:-1][leaves == 1]
    met[alone] += 1
    roots = np.zeros(len(tree), np.int64)
    roots[first[leaves > 1]] = 1
    return bool((met == 1).all() and (below + roots == 1).all())
