"""Histories: who had to do with which items, in order. What retrievers are fitted on and what they are asked."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Histories:
    """p histories over n items: that of row r is item[start[r]:start[r + 1]], oldest first.

    A history is a person's, or a session's. `at` says when, as a share of the time that the log spans: 0 is its first
    instant, 1 its last; None where only the order is known. `attributes` describe the items, not the histories.

    >>> some = Histories.of([[2, 0], [], [1]], items=3)
    >>> len(some), some.items, some.of_row(0).tolist()
    (3, 3, [2, 0])
    """

    start: Longs  # p + 1
    item: Ints  # m, in [0, items)
    items: int  # n: all that may be recommended, also those nobody met
    at: Floats | None = None  # m, in [0, 1]
    ordered: bool = True  # False: a bag, its order says nothing
    attributes: csr_array | None = None  # n x words: weights of what is known of each item
    vectors: Floats | None = None  # n x d: what an encoder made of each item; zeros for one it does not know

    def __len__(self) -> int:
        return len(self.start) - 1

    @staticmethod
    def of(rows: list[list[int]], items: int, *, ordered: bool = True) -> "Histories":
        """From lists of item rows."""
        lengths = np.array([len(row) for row in rows], np.int64)
        start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return Histories(start, np.array([i for row in rows for i in row], np.int32), items, ordered=ordered)

    def of_row(self, row: int) -> Ints:
        """The items of one history, oldest first."""
        return self.item[self.start[row] : self.start[row + 1]]

    def lengths(self) -> Longs:
        """The number of contacts in each history."""
        return np.diff(self.start)

    def rows(self) -> Longs:
        """The history of each contact: m numbers."""
        return np.repeat(np.arange(len(self)), self.lengths())

    def matrix(self) -> csr_array:
        """p x n in float32: how often each item stands in each history; columns sorted, without duplicates.

        >>> some = Histories.of([[0, 0], [1]], items=2)
        >>> some.matrix().toarray().tolist(), some.start.tolist()
        ([[2.0, 0.0], [0.0, 1.0]], [0, 2, 3])
        """
        values = np.ones(len(self.item), np.float32)
        # The starts are copied: `sum_duplicates` writes into them, and they are the histories' own.
        counted = csr_array((values, self.item.astype(np.int32), self.start.copy()), shape=(len(self), self.items))
        counted.sum_duplicates()
        return counted

    def part(self, begin: int, end: int) -> "Histories":
        """The histories [begin, end)."""
        first, last = self.start[begin], self.start[end]
        at = None if self.at is None else self.at[first:last]
        return replace(self, start=self.start[begin : end + 1] - first, item=self.item[first:last], at=at)

    def chosen(self, keep: NDArray[np.bool_]) -> "Histories":
        """Only the contacts where `keep` (m) is true; all histories keep their rows, some may become empty."""
        start = np.concatenate([[0], np.cumsum(np.bincount(self.rows()[keep], minlength=len(self)))]).astype(np.int64)
        return replace(self, start=start, item=self.item[keep], at=None if self.at is None else self.at[keep])
