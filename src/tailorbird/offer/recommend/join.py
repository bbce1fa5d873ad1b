"""The model brought onto the shelf: everything by shelf row, and the working memory of the kernel.

Made once for a shelf and a model, extended when the catalogue grows; a changed item costs nothing here.
"""

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.model import Model, Rows, Values
from tailorbird.offer.shelf import Mask, Shelf

CATEGORY_DEPTH = 200  # items of a category that a click may bring up
BASE_DEPTH = 400  # items that are proposed for being popular
CATEGORY_HALF_RANK = 8.0  # within a category the value halves every so many ranks


class Joint:
    """One shelf with one model. The arrays `n` are by model row, `c` by shelf row (its capacity).

    `base`: the part of every score that does not depend on the person.
    """

    def __init__(self, shelf: Shelf, model: Model) -> None:
        self.shelf, self.model = shelf, model
        self.version = -1
        self._joined = 0
        self._missing = {item_id: row for row, item_id in enumerate(model.ids)}  # model rows not on the shelf yet
        self.to_shelf: Rows = np.full(len(model.ids), -1, np.int32)  # n
        self.to_model: Rows = np.empty(0, np.int32)  # c
        self.base: Values = np.empty(0, np.float32)  # c
        self.nothing: Values = np.empty(0, np.float32)  # c; all zero
        self.base_rows: Rows = np.empty(0, np.int32)  # highest base first
        self.sums: Values = np.empty(0, np.float32)  # c; all zero between two calls of the kernel
        self.slots: Rows = np.empty(0, np.int32)  # c; all -1 between two calls
        self.everything: Mask = np.empty(0, np.bool_)  # c; all true: no rule
        self._tops: dict[str, tuple[Rows, Values]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Take in what the shelf has learned since; cheap to call when it has not changed."""
        if self.version == self.shelf.version and len(self.to_model) == self.shelf.capacity:
            return
        self.version = self.shelf.version
        self._tops.clear()
        fresh = self._join_new_rows()
        if len(self.to_model) != self.shelf.capacity:
            self._resize(self.shelf.capacity)
        for row, known in fresh:
            self.to_shelf[known], self.to_model[row] = row, known
        if fresh or not len(self.base):
            self._rebase()

    def _join_new_rows(self) -> list[tuple[int, int]]:
        ids = list(self.shelf.row)[self._joined :]  # a dict keeps the order of its rows
        fresh = [(row, self._missing.pop(item_id, -1)) for row, item_id in enumerate(ids, self._joined)]
        self._joined = len(self.shelf)
        return [(row, known) for row, known in fresh if known >= 0]

    def _resize(self, capacity: int) -> None:
        to_model = np.full(capacity, -1, np.int32)
        to_model[: len(self.to_model)] = self.to_model
        self.to_model = to_model
        self.base, self.sums, self.nothing = (np.zeros(capacity, np.float32) for _ in range(3))
        self.slots, self.everything = np.full(capacity, -1, np.int32), np.ones(capacity, np.bool_)
        self._rebase()

    def _rebase(self) -> None:
        weights = self.model.manifest.weights
        known = np.flatnonzero(self.to_model >= 0)
        rows = self.to_model[known]
        self.base[:] = 0
        self.base[known] = weights.popular * self.model.popular[rows] + weights.trending * self.model.trending[rows]
        order = np.argsort(-self.base[known], kind="stable")[:BASE_DEPTH]
        self.base_rows = known[order].astype(np.int32)

    def model_row(self, item_id: str) -> int:
        """The model's row of an item, also of one that has left the catalogue; -1 if it does not know it."""
        row = self.shelf.row.get(item_id)
        return self._missing.get(item_id, -1) if row is None else int(self.to_model[row])

    def top_of(self, category: str) -> tuple[Rows, Values]:
        """A category's items, most popular first (then in catalogue order), and their values, from 1 down."""
        if category not in self._tops:
            rows = np.array(self.shelf.categories.get(category, ()), np.int32)
            known: NDArray[np.int32] = self.to_model[rows]
            popular = np.where(known >= 0, self.model.popular[known] if len(self.model.ids) else 0, 0)
            best = rows[np.argsort(-popular, kind="stable")][:CATEGORY_DEPTH]
            values = np.exp2(-np.arange(len(best)) / CATEGORY_HALF_RANK).astype(np.float32)
            self._tops[category] = best, values
        return self._tops[category]


def joined(shelf: Shelf, model: Model | None) -> Joint:
    """The joint of these two, up to date; the last one is kept on the shelf."""
    joint = shelf.joint
    wanted = model or NO_MODEL
    if not isinstance(joint, Joint) or joint.model is not wanted:
        joint = shelf.joint = Joint(shelf, wanted)
    joint.refresh()
    return joint


NO_MODEL = Model.empty()
