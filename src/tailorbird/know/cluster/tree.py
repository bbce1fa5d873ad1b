"""Shallow decision trees read as sentences: who is in a cluster, in the units of the features."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAF = -1
Bounds = dict[int, tuple[float, float]]  # column -> (above, up to), infinite where open


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A binary tree in arrays, as scikit-learn keeps it: left is `value <= threshold`."""

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]  # LEAF at a leaf
    right: NDArray[np.int64]
    people: NDArray[np.float64]  # (nodes, 2): how many are there of others, and of the cluster


@dataclass(frozen=True, slots=True)
class Rule:
    """The leaf that says most of a cluster: its bounds, and how true it is."""

    bounds: Bounds
    precision: float  # of those whom it describes, the share that is in the cluster
    recall: float  # of the cluster, the share that it describes

    @property
    def balance(self) -> float:
        """The harmonic mean of both (F1)."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def rule_of(tree: Tree) -> Rule:
    """The leaf with the best balance of precision and recall for the cluster that the tree was grown for."""
    total = max(float(tree.people[0, 1]), 1.0)
    rules = [
        Rule(bounds, there / max(float(tree.people[node].sum()), 1.0), there / total)
        for node, bounds in _leaves(tree, 0, {})
        for there in [float(tree.people[node, 1])]
    ]
    return max(rules, key=lambda rule: rule.balance)


def sentence(rule: Rule, names: Sequence[str]) -> str:
    """The rule in words.

    >>> sentence(Rule({0: (3.5, float("inf")), 1: (2.0, 40.0)}, 1.0, 1.0), ["trips", "basket"])
    'trips above 3.5 and basket from 2 to 40'
    """
    return " and ".join(_bound(names[column], *ends) for column, ends in rule.bounds.items()) or "everyone else"


def _bound(name: str, above: float, up_to: float) -> str:
    word = name.replace("_", " ")
    if np.isinf(above):
        return f"{word} up to {number(up_to)}"
    return f"{word} above {number(above)}" if np.isinf(up_to) else f"{word} from {number(above)} to {number(up_to)}"


def number(value: float) -> str:
    """A number as short as it can be said.

    >>> number(1234.56), number(24.5), number(0.1234), number(0)
    ('1,235', '24.5', '0.12', '0')
    """
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _leaves(tree: Tree, node: int, bounds: Bounds) -> Iterator[tuple[int, Bounds]]:
    if tree.left[node] == LEAF:
        yield node, bounds
        return
    column, edge = int(tree.feature[node]), float(tree.threshold[node])
    above, up_to = bounds.get(column, (-np.inf, np.inf))
    yield from _leaves(tree, int(tree.left[node]), {**bounds, column: (above, min(up_to, edge))})
    yield from _leaves(tree, int(tree.right[node]), {**bounds, column: (max(above, edge), up_to)})
