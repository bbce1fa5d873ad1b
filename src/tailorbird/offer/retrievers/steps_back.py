"""How far back each contact of a history lies, and histories as sparse rows that weigh each contact by it."""

import numpy as np
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.histories import Floats, Histories, Longs


def steps_back(asked: Histories) -> Longs:
    """1 for the newest contact of each history, 2 for the one before it: m numbers. In a bag all are 1.

    >>> steps_back(Histories.of([[7, 8, 9], [5]], items=10)).tolist()
    [3, 2, 1, 1]
    """
    if not asked.ordered:
        return np.ones(len(asked.item), np.int64)
    return np.repeat(asked.start[1:], asked.lengths()) - np.arange(len(asked.item))


def weighed(asked: Histories, weight: Floats) -> csr_array:
    """p x n in float32: the sum of the weights (m) of each item's contacts; columns sorted, without duplicates.

    >>> weighed(Histories.of([[1, 0, 1]], items=3), np.array([0.5, 2, 1], np.float32)).toarray().tolist()
    [[2.0, 1.5, 0.0]]
    """
    parts = (weight.astype(np.float32), asked.item, asked.start)
    rows = csr_array(parts, (len(asked), asked.items), copy=True)  # the sum happens in its place
    rows.sum_duplicates()
    return rows


def decay(steps: Longs, tau: float) -> Floats:
    """exp(-(steps - 1) / tau): 1 for the nearest step, 1/e after tau more of them; tau = inf forgets nothing.

    >>> decay(np.array([1, 2, 3]), tau=2.0).astype(float).round(2).tolist()
    [1.0, 0.61, 0.37]
    """
    weights: Floats = np.exp(-(steps - 1) / tau).astype(np.float32)
    return weights
