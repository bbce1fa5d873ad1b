"""Labels that stay with the same people when a clustering is trained anew."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]


class Matched(NamedTuple):
    """Which old cluster each new one continues."""

    of_new: list[int | None]  # of each new cluster the old one, None where it is new
    stability: float  # the share of people whose label stays


def overlap(old: Labels, new: Labels, olds: int, news: int) -> NDArray[np.int64]:
    """(old, new): how many people are in both; outliers are left out.

    >>> overlap(np.array([0, 0, 1, -1]), np.array([1, 1, 0, 0]), 2, 2).tolist()
    [[0, 2], [1, 0]]
    """
    both = (old >= 0) & (new >= 0)
    return np.bincount(old[both] * news + new[both], minlength=olds * news).reshape(olds, news)


def matched(old: Labels, new: Labels, olds: int, news: int) -> Matched:
    """The one-to-one continuation that keeps the label of most people.

    Kuhn, "The Hungarian method for the assignment problem" (1955), by scipy's linear_sum_assignment. Clusters that
    share nobody are not matched. `old` and `new` are the same people's clusters, today, by both models.

    >>> matched(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 1]), 2, 2)
    Matched(of_new=[1, 0], stability=0.75)
    """
    from scipy.optimize import linear_sum_assignment

    shared = overlap(old, new, olds, news)
    rows, columns = linear_sum_assignment(shared, maximize=True)
    of_new: list[int | None] = [None] * news
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if shared[row, column]:
            of_new[column] = row
    together = int(shared.sum())
    return Matched(of_new, float(shared[rows, columns].sum() / together) if together else 1.0)
