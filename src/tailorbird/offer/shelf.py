"""The shelf: the catalogue compiled for deciding, held in memory by every worker.

A row number, once given to an id, is never given to another one, so whatever was joined to the shelf stays valid while
items come, change and go. One thread changes it; many may read.
"""

from collections.abc import Iterable
from sys import intern
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.events import Item
from tailorbird.offer.rules.allowed import OnItems

Mask = NDArray[np.bool_]
Times = NDArray[np.int64]
Codes = NDArray[np.int32]
Card = msgspec.Raw  # JSON
Scalar = TypeVar("Scalar", bound=np.generic)
FOREVER = 1 << 62
NO_ITEM = Item("")
_NO_TAGS: list[str] = []  # shared by all items without; nobody writes into an item's
_NO_ATTRIBUTES: dict[str, Any] = {}


class Shelf:
    """Items by row. `version` is the catalogue's version that it shows; `len` counts rows, removed ones included.

    Follow a catalogue by asking its version first, so that a change in between is seen twice rather than never:

        version = catalogue.version()
        if version != shelf.version:
            shelf.apply(catalogue.changes(shelf.version), version)

    >>> shelf = Shelf([Item("1", "Milk", "DAIRY"), Item("2", "Bread", "BAKERY", available=False)])
    >>> shelf.row["2"], shelf.item("2").name, shelf.open_rows(now=0)[:2].tolist()
    (1, 'Bread', [True, False])
    """

    def __init__(self, items: Iterable[Item] = (), version: int = 0) -> None:
        self.row: dict[str, int] = {}
        self.items: list[Item | None] = []  # None: removed
        self.ids: list[str] = []  # by row, also of what was removed
        self.always = bytearray()  # by row: 1 for what is available, without dates
        self.cards: list[Card | None] = []  # by row, None until `card` is asked for it
        self.categories: dict[str, list[int]] = {}  # rows in the order they came
        self.codes: dict[str, int] = {}  # the number of each category, never given to another one
        self.category_of: Codes = np.empty(0, np.int32)  # by row; -1 for a removed one
        self.version = 0
        self.applied = 0  # how often the shelf has changed
        self.whole = True  # False while it changes, for who reads it in another thread
        self.changed_at: dict[str, int] = {}  # category -> `applied` when what it has to sell last changed
        self.capacity = 0  # length of every mask and column; grows by doubling, never shrinks
        self.joint: object = None  # what recommend/join.py keeps for this shelf and one model
        self.newcomers: object = None  # what newcomers.py keeps for this shelf and one joint
        self.alike: object = None  # what similar.py keeps for this shelf and one joint
        self._opens_at: Times = np.empty(0, np.int64)
        self._closes_at: Times = np.empty(0, np.int64)
        self._open: Mask = np.empty(0, np.bool_)
        self._open_span = (0, 0)  # [from, until) in ms in which `_open` holds
        self._rules: dict[OnItems, Mask] = {}
        self._leaving: dict[str, set[int]] = {}  # category -> rows that this change takes out of it
        self.apply(((item.id, item) for item in items), version)

    def __len__(self) -> int:
        return len(self.items)

    def item(self, item_id: str) -> Item | None:
        """The item of this id, or None if there is none (any more)."""
        row = self.row.get(item_id)
        return None if row is None else self.items[row]

    def card(self, row: int) -> Card:
        """What a page needs to draw the row's item, as JSON, written once for all pages."""
        found = self.cards[row]
        if found is None:
            found = self.cards[row] = _card(self.items[row] or NO_ITEM)
        return found

    def apply(self, changes: Iterable[tuple[str, Item | None]], version: int) -> list[int]:
        """Take in (id, item or None if removed) as `Catalogue.changes` gives them; the rows that changed."""
        changes = list(changes)  # what cannot be read to its end changes nothing
        self.applied, self.whole = self.applied + 1, False
        rows = [self._place(item_id, item) for item_id, item in changes]
        self._leave()
        self._grow()
        for row in rows:
            item = self.items[row]
            self._opens_at[row], self._closes_at[row] = _opening(item)
            self.category_of[row] = -1 if item is None else self.codes[item.category]
        for rule, mask in self._rules.items():
            self._rules[rule] = self._marked(rule, longer(mask, self.capacity, False), rows)
        # Void: some item's dates may have changed.
        self._open_span = (0, 0)
        self.version, self.whole = version, True
        return rows

    def _place(self, item_id: str, item: Item | None) -> int:
        row = self.row.get(item_id)
        if row is None:
            row = self.row[item_id] = len(self.items)
            self.items.append(None)
            self.cards.append(None)
            self.ids.append(item_id)
            self.always.append(0)
        before, item = self.items[row], None if item is None else _slim(item)
        self.items[row], self.cards[row], self.always[row] = item, None, _always(item)
        self._move(row, None if before is None else before.category, None if item is None else item.category)
        if item is not None and before is not None and before.available != item.available:
            self.changed_at[item.category] = self.applied
        return row

    def _move(self, row: int, before: str | None, after: str | None) -> None:
        """From one category to another; None is that of a removed item."""
        if before == after:
            return
        if before is not None:
            self._leaving.setdefault(before, set()).add(row)
            self.changed_at[before] = self.applied
        if after is not None:
            self.codes.setdefault(after, len(self.codes))
            if row in (leaving := self._leaving.get(after, set())):
                leaving.remove(row)
            else:
                self.categories.setdefault(after, []).append(row)
            self.changed_at[after] = self.applied

    def _leave(self) -> None:
        # One pass for all that leave a category: each by itself, 10,000 of 20,000 held a web worker up for a second.
        for category, leaving in self._leaving.items():
            rows = self.categories[category]
            rows[:] = [row for row in rows if row not in leaving]
        self._leaving.clear()

    def _grow(self) -> None:
        """Double the columns, so that many small changes cost no more than one large one."""
        if len(self.items) > self.capacity:
            self.capacity = max(64, len(self.items), 2 * self.capacity)
            self._opens_at = longer(self._opens_at, self.capacity, FOREVER)
            self._closes_at = longer(self._closes_at, self.capacity, 0)
            self.category_of = longer(self.category_of, self.capacity, -1)

    def open_rows(self, now: int) -> Mask:
        """Which rows may be sold at `now`: available and within their dates. Kept until the next date passes."""
        if not self._open_span[0] <= now < self._open_span[1]:
            edges = np.concatenate([self._opens_at, self._closes_at])
            self._open = (self._opens_at <= now) & (now < self._closes_at)
            last, following = edges[edges <= now].max(initial=-FOREVER), edges[edges > now].min(initial=FOREVER)
            self._open_span = int(last), int(following)
        return self._open

    def ever_open(self, rows: NDArray[np.int64]) -> Mask:
        """Which of these rows may be sold at any time."""
        found: Mask = self._opens_at[rows] < self._closes_at[rows]
        return found

    def matching_rows(self, rule: OnItems) -> Mask:
        """Which rows match the rule, removed ones excluded. Made once for a rule, then kept up to date."""
        if rule not in self._rules:
            self._rules[rule] = self._marked(rule, np.zeros(self.capacity, np.bool_), range(len(self.items)))
        return self._rules[rule]

    def _marked(self, rule: OnItems, mask: Mask, rows: Iterable[int]) -> Mask:
        for row in rows:
            item = self.items[row]
            mask[row] = item is not None and rule.matches(item)
        return mask


def longer(column: NDArray[Scalar], length: int, filler: object) -> NDArray[Scalar]:
    """The column, filled up to `length`."""
    return np.concatenate([column, np.full(length - len(column), filler, column.dtype)])


def _always(item: Item | None) -> bool:
    """Whether it may be sold at any time."""
    return item is not None and item.available and item.available_from is None and item.available_until is None


def _opening(item: Item | None) -> tuple[int, int]:
    """[from, until) in ms during which the item may be sold; empty for a removed or unavailable one."""
    if item is None or not item.available:
        return FOREVER, 0
    opens = -FOREVER if item.available_from is None else item.available_from
    return opens, FOREVER if item.available_until is None else item.available_until


def _slim(item: Item) -> Item:
    """The item without its long text, and with shared strings and empty fields: 100k items stay below 100 MB, and the
    garbage collector has no list of each to look at.
    """
    return msgspec.structs.replace(
        item, text="", category=intern(item.category), brand=intern(item.brand), currency=intern(item.currency),
        tags=item.tags or _NO_TAGS, attributes=item.attributes or _NO_ATTRIBUTES,
    )  # fmt: skip


def _card(item: Item) -> Card:
    return Card(_encode({field: getattr(item, field) for field in _ON_CARD}))


_ON_CARD = ("name", "category", "brand", "price", "currency", "url", "image_url")
_encode = msgspec.json.Encoder().encode
