"""What a training's pages are compared with: items as the training part met them, and the categories of each person.

The measures themselves are those of `judge/breadth.py`, with an item's category as its only kind.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from tailorbird.offer.judge.breadth import Around, shares
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.shelf import Shelf


def surroundings(lines: Interactions, shelf: Shelf, moments: Sequence[Case]) -> Around:
    """As the training part knew items, by shelf row, and as the moments knew people."""
    contacts = np.zeros(len(shelf))
    count = np.bincount(lines.item, minlength=len(lines.ids))
    for number in np.flatnonzero(count).tolist():
        if (row := shelf.row.get(lines.ids[number])) is not None:
            contacts[row] = count[number]
    kinds = _one_hot(shelf)
    return Around(contacts, kinds, shares(csr_array(_histories(shelf, moments) @ kinds)))


def _one_hot(shelf: Shelf) -> csr_array:
    """Rows x categories; a removed item has none."""
    codes = shelf.category_of[: len(shelf)]
    rows = np.flatnonzero(codes >= 0)
    return csr_array((np.ones(len(rows)), (rows, codes[rows])), shape=(len(shelf), max(1, len(shelf.codes))))


def _histories(shelf: Shelf, moments: Sequence[Case]) -> csr_array:
    """Moments x rows: how often each person bought each item; of who bought nothing yet, what they had to do with."""
    found = [_history(shelf, moment) for moment in moments]
    at = np.repeat(np.arange(len(moments)), [len(one) for one in found])
    rows = np.array([row for one in found for row, _ in one], np.int64)
    times = np.array([float(times) for one in found for _, times in one])
    return csr_array((times, (at, rows)), shape=(len(moments), len(shelf)))


def _history(shelf: Shelf, moment: Case) -> list[tuple[int, int]]:
    bought = moment.profile.bought
    if bought:
        return [(shelf.row[item], one.times) for item, one in bought.items() if item in shelf.row]
    return [(shelf.row[touch.item], 1) for touch in moment.profile.recent if touch.item in shelf.row]
