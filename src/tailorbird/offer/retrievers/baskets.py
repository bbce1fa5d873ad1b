"""Histories as baskets: contacts of one row with the same `at` were taken together. Without times each is its own."""

import numpy as np

from tailorbird.offer.retrievers.histories import Histories, Longs


def baskets_back(asked: Histories) -> Longs:
    """1 for the contacts of each history's newest basket, 2 for those of the one before it: m numbers.

    >>> some = Histories.of([[7, 8, 9], [5]], items=10)
    >>> baskets_back(some).tolist()
    [3, 2, 1, 1]
    >>> from dataclasses import replace
    >>> baskets_back(replace(some, at=np.array([0.1, 0.2, 0.2, 0.9], np.float32))).tolist()
    [2, 1, 1, 1]
    """
    row, at = asked.rows(), asked.at
    opens = np.ones(len(row), np.bool_)
    opens[1:] = (row[1:] != row[:-1]) | (at is None or at[1:] != at[:-1])
    basket = np.cumsum(opens)
    newest = np.zeros(len(asked), np.int64)
    np.maximum.at(newest, row, basket)
    back: Longs = newest[row] - basket + 1
    return back
