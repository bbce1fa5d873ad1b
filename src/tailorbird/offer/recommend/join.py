"""The model brought onto the shelf, and the working memory of the kernel.

Both number their items in their own way; a *slot* is the number they share: the model's row of what the model knows,
else the count of the model's items plus the shelf's row. The model's rows run from the most popular item down, so that
the lines which most requests touch lie side by side in the processor's cache.

Made once for a shelf and a model, extended when the catalogue grows; a changed item costs next to nothing.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.contacts import fading_of
from tailorbird.offer.recommend.ids import Places
from tailorbird.offer.recommend.model import Model, Rows, Values
from tailorbird.offer.shelf import Mask, Shelf, longer

Lent = tuple[NDArray[np.int64], NDArray[np.int64]]  # addresses: see lending.py
CATEGORY_DEPTH = 24  # items of a category that a click may bring up: the last one by an eighth of what the first gets
PAGE_DEPTH = 200  # items of a category that its own page may bring up
BASE_DEPTH = 150  # items that are proposed for being popular
MOST_MIXES = 1000  # combinations of segments that are kept
CATEGORY_HALF_RANK = 8.0  # within a category the value halves every so many ranks


class Joint:
    """One shelf with one model of `n` items. The arrays `c` are by slot: n + the shelf's capacity long.

    `base`: the part of every score that does not depend on the person.
    """

    def __init__(self, shelf: Shelf, model: Model) -> None:
        self.shelf, self.model = shelf, model
        self.version = -1
        self._joined = 0
        self._places = Places(model.ids)
        self.slot_of_row: Rows = np.empty(0, np.int32)  # the shelf's capacity
        self.row_of: Rows = np.full(len(model.ids), -1, np.int32)  # c: shelf row, -1 for what is not on the shelf
        self.base: Values = np.empty(0, np.float32)  # c
        self.base_slots: Rows = np.empty(0, np.int32)  # highest base first
        self.highest = 0.0  # no base is above this
        self.nothing: Values = np.empty(0, np.float32)  # c; all zero
        self.tops: Rows = np.empty((0, CATEGORY_DEPTH), np.int32)  # by category: its first slots, -1 behind them
        self.desks: tuple[Values, Values] = _desks(0, 0)  # the kernel's working memory, all zero between calls
        self.fading = fading_of(model.manifest.weights)
        # What the kernel takes that does not depend on the request, in its own order.
        self.near: tuple[NDArray[np.int64], Rows, Values, float, int] = (
            model.start, model.neighbours, model.nearness, model.manifest.near, model.manifest.long_depth,
        )  # fmt: skip
        self.ranks: tuple[Rows, Rows, Values] = (NO_SLOTS, self.tops, RANK_VALUES)
        self._lent: Lent | None = None
        self.mixes: object = None  # what here.py keeps for this joint
        self._tops: dict[str, tuple[Rows, Values]] = {}
        self._mixes: dict[tuple[int, ...], tuple[Rows, Values]] = {}
        self._open: tuple[Mask, Mask] = np.empty(0, np.bool_), np.empty(0, np.bool_)  # of the shelf; by slot
        self.refresh()

    def refresh(self) -> None:
        """Take in what the shelf has learned since; cheap to call when it has not changed."""
        if self.version == self.shelf.applied:
            return
        # First: what stops this in the middle must not leave addresses of arrays that are gone.
        self._lent, before = None, self.version
        # One item more or less may move all others of its category; whoever opens its page makes the list anew.
        self._tops.clear()
        slots = len(self.model.ids) + self.shelf.capacity
        if len(self.base) != slots:  # also of an empty shelf: the kernel asks for every slot of the model
            self._resize(slots)
        if self._joined != len(self.shelf):
            self._join_new_rows()
        self._rank_categories(before)
        self.ranks = self.shelf.category_of, self.tops, RANK_VALUES
        self.version = self.shelf.applied

    def _resize(self, slots: int) -> None:
        self.slot_of_row = longer(self.slot_of_row, self.shelf.capacity, -1)
        self.row_of = longer(self.row_of, slots, -1)
        self.base, self.nothing = np.zeros(slots, np.float32), np.zeros(slots, np.float32)
        self.desks = _desks(slots, len(self.tops))
        weights, n = self.model.manifest.weights, len(self.model.ids)
        self.base[:n] = weights.popular * self.model.popular + weights.trending * self.model.trending
        # The kernel skips what could not be chosen even with this, without reading its base (docs/why/044).
        self.highest = float(self.base.max(initial=0.0))

    def _join_new_rows(self) -> None:
        n, ids = len(self.model.ids), list(self.shelf.row)[self._joined :]  # a dict keeps the order of its rows
        known, rows = self._places.of(ids), np.arange(self._joined, self._joined + len(ids), dtype=np.int32)
        slots = np.where(known >= 0, known, n + rows)
        self.slot_of_row[rows], self.row_of[slots] = slots, rows
        self._joined += len(ids)
        # Only what is on the shelf: the model also knows what is no longer sold.
        there = np.flatnonzero(self.row_of[:n] >= 0)
        self.base_slots = there[np.argsort(-self.base[there], kind="stable")][:BASE_DEPTH].astype(np.int32)

    def lent(self) -> Lent:
        """What the kernel borrows until it is refreshed: all that does not depend on the request, and the base."""
        if self._lent is None:
            from tailorbird.offer.recommend.lending import lend_pair, lend_shop

            shop = lend_shop(self.fading, self.near, self.ranks, self.row_of, self.desks)
            self._lent = shop, lend_pair(self.base_slots, self.base)
        return self._lent

    def slots_of(self, ids: Sequence[str]) -> Rows:
        """The slot of each item, -1 for what neither the model nor the shelf knows."""
        slots, n = self._places.of(ids), len(self.model.ids)
        for unknown in np.flatnonzero(slots < 0).tolist():
            row = self.shelf.row.get(ids[unknown], -1)
            if 0 <= row < self._joined:
                slots[unknown] = n + row
        return slots

    def _rank_categories(self, before: int) -> None:
        """Write down the first items of each category that has changed since."""
        codes = self.shelf.codes
        if len(codes) > len(self.tops):
            # Doubled, so that categories that come one by one are not copied each time. Desks are all zero between
            # calls, so a new one is as good as the old.
            more = np.full((max(64, 2 * len(codes)) - len(self.tops), CATEGORY_DEPTH), -1, np.int32)
            self.tops = np.concatenate([self.tops, more])
            self.desks = _desks(len(self.row_of), len(self.tops))
        for category, code in codes.items():
            if self.shelf.changed_at[category] > before:
                best = self._ranked(category)[:CATEGORY_DEPTH]
                self.tops[code], self.tops[code, : len(best)] = -1, best

    def _ranked(self, category: str) -> Rows:
        """The slots of what a category has to sell, most popular first, then in catalogue order."""
        rows = np.array(self.shelf.categories.get(category, []), np.int64)  # once, for the two that it picks from
        slots = self.slot_of_row[rows][self.shelf.ever_open(rows)]
        popular = np.zeros(len(slots), np.float32)
        known = slots < len(self.model.ids)
        popular[known] = self.model.popular[slots[known]]
        return slots[np.argsort(-popular, kind="stable")]

    def open_slots(self, now: int) -> Mask:
        """Which slots may be sold at `now`."""
        open_rows = self.shelf.open_rows(now)
        # The shelf gives the same array as long as nothing opens or shuts. A slot without a row reads the last one, by
        # -1, and is taken out by the other half of the test.
        if self._open[0] is not open_rows:
            self._open = open_rows, (self.row_of >= 0) & open_rows[self.row_of] if len(open_rows) else self.row_of >= 0
        return self._open[1]

    def top_of(self, category: str) -> tuple[Rows, Values]:
        """What a category's own page brings up: its slots, and their values, from 1 down."""
        if category not in self._tops:
            best = self._ranked(category)[:PAGE_DEPTH]
            self._tops[category] = best, _rank_values(len(best))
        return self._tops[category]

    def popular_with(self, segments: tuple[int, ...]) -> tuple[Rows, Values]:
        """Slots popular in these segments, and their mean values there, weighted. Kept, as many people share them."""
        if segments not in self._mixes:
            if len(self._mixes) >= MOST_MIXES:
                self._mixes.clear()
            rows, values = self.model.segment_rows[list(segments)], self.model.segment_values[list(segments)]
            slots, where = np.unique(rows[rows >= 0], return_inverse=True)
            total = np.bincount(where, weights=values[rows >= 0], minlength=len(slots))
            factor = self.model.manifest.weights.segment / len(segments)
            self._mixes[segments] = slots.astype(np.int32), (total * factor).astype(np.float32)
        return self._mixes[segments]


def _rank_values(ranks: int) -> Values:
    return np.exp2(-np.arange(ranks) / CATEGORY_HALF_RANK).astype(np.float32)


def _desks(slots: int, categories: int) -> tuple[Values, Values]:
    return np.zeros(slots, np.float32), np.zeros((categories, 3), np.float32)


def joined(shelf: Shelf, model: Model | None) -> Joint:
    """The joint of these two, up to date; the last one is kept on the shelf."""
    joint = shelf.joint
    wanted = model or NO_MODEL
    # By identity: a model is never changed, only replaced.
    if not isinstance(joint, Joint) or joint.model is not wanted:
        joint = shelf.joint = Joint(shelf, wanted)
    joint.refresh()
    return joint


NO_MODEL = Model.empty()
NO_SLOTS: Rows = np.empty(0, np.int32)
NO_VALUES: Values = np.empty(0, np.float32)
NOTHING_LENT: NDArray[np.int64] = np.zeros(4, np.int64)  # of a history, or of slots and values: none of them
RANK_VALUES = _rank_values(CATEGORY_DEPTH)
