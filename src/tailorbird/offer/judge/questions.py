"""A trial: what may be learned from, who is asked, what the right answers are, and by which rules it counts."""

from dataclasses import dataclass, replace

import numpy as np

from tailorbird.offer.retrievers.histories import Histories, Ints, Longs
from tailorbird.offer.retrievers.retriever import Kind


@dataclass(frozen=True)
class Trial:
    """Fit on `known`, ask each of `asked` for a list, compare with its targets target[start[r]:start[r + 1]].

    A target of -1 is an item outside the catalogue: nobody can name it, and it counts in full. No target stands in
    `known`, and none in the history that is asked for it, unless people repeat themselves.
    """

    kind: Kind
    known: Histories
    asked: Histories
    start: Longs  # p + 1
    target: Ints  # items, or -1
    masked: bool  # may an item of the asked history be named? False: it may, all items are ranked
    at: int  # how long a list is
    chosen_by: str  # the measure that decides between models

    def __len__(self) -> int:
        return len(self.asked)

    def part(self, begin: int, end: int) -> "Trial":
        """The questions [begin, end)."""
        first, last = self.start[begin], self.start[end]
        start = self.start[begin : end + 1] - first
        return replace(self, asked=self.asked.part(begin, end), start=start, target=self.target[first:last])

    def of_rows(self, rows: Longs) -> "Trial":
        """These questions, in this order."""
        asked = histories_of_rows(self.asked, rows)
        start, target = gathered(self.start, self.target, rows)
        return replace(self, asked=asked, start=start, target=target)

    def sample(self, most: int, seed: int) -> "Trial":
        """At most so many questions, drawn evenly, in their own order."""
        return self if len(self) <= most else self.of_rows(drawn(len(self), most, seed))


def drawn(total: int, most: int, seed: int) -> Longs:
    """At most so many of the numbers below `total`, in their order."""
    # The first of one permutation: a larger sample of the same seed holds the smaller one.
    rows = np.random.default_rng(seed).permutation(total)[:most]
    return np.sort(rows).astype(np.int64)


def gathered(start: Longs, values: Ints, rows: Longs) -> tuple[Longs, Ints]:
    """The lists values[start[r]:start[r + 1]] of some rows, one behind the other.

    >>> start, values = gathered(np.array([0, 2, 3]), np.array([7, 8, 9], np.int32), np.array([1, 0]))
    >>> start.tolist(), values.tolist()
    ([0, 1, 3], [9, 7, 8])
    """
    places, ends = places_of(start, rows)
    return ends, values[places]


def histories_of_rows(histories: Histories, rows: Longs) -> Histories:
    """The histories of some rows."""
    places, start = places_of(histories.start, rows)
    at = None if histories.at is None else histories.at[places]
    return replace(histories, start=start, item=histories.item[places], at=at)


def places_of(start: Longs, rows: Longs) -> tuple[Longs, Longs]:
    """(where the contents of some rows stand, one row behind the other; where each of them then starts)."""
    lengths = start[rows + 1] - start[rows]
    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return np.arange(ends[-1]) - np.repeat(ends[:-1] - start[rows], lengths), ends
