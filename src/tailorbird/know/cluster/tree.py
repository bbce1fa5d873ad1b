"""A shallow decision tree, read as sentences: who is in a cluster, in the units of the features."""

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
    people: NDArray[np.float64]  # (nodes, clusters): how many of each are there


@dataclass(frozen=True, slots=True)
class Rule:
    """The leaf that says most of a cluster: its bounds, and how true it is."""

    bounds: Bounds
    precision: float  # of those whom it describes, the share that is in the cluster
    recall: float  # of the cluster, the share that it describes


def rule_of(tree: Tree, cluster: int) -> Rule:
    """The leaf with the best balance of precision and recall (F1) for this cluster."""
    total = float(tree.people[0, cluster])
    best, score = Rule({}, 0.0, 0.0), -1.0
    for node, bounds in _leaves(tree, 0, {}):
        there = float(tree.people[node, cluster])
        precision, recall = there / max(float(tree.people[node].sum()), 1.0), there / max(total, 1.0)
        balance = 2 * precision * recall / (precision + recall) if there else 0.0
        if balance > score:
            best, score = Rule(bounds, precision, recall), balance
    return best


def fidelity(tree: Tree) -> float:
    """The share of people whom the whole tree puts into their cluster."""
    leaves = tree.left == LEAF
    return float(tree.people[leaves].max(axis=1).sum() / max(float(tree.people[0].sum()), 1.0))


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
