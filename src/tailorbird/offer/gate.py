"""The gate: the one last place where it is decided whether an item may be shown (law 10).

Retrievers may look at masks to save work, but nothing reaches a page except through `Gate.let_out`, `Gate.first` or
`Gate.passing`, which ask again, item by item, whatever proposed it. A refusal has a code, counted in the steps:

    gone          not in the catalogue (any more)
    unavailable   marked as not available
    too_early     before available_from
    too_late      at or after available_until
    rule          the placement's `only`, `never` or `rule`
    excluded      by the request or the placement, or because it is the item (or in the cart) the placement is about
    hidden        by the placement's `hide`: in the cart, bought, seen
    consent       proposed from what is known of a person whose data may not be used
    too_many      more of one category than the placement takes
"""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import Protocol, TypeVar

from tailorbird.events import Item
from tailorbird.offer.placement import Placement
from tailorbird.offer.shelf import Shelf


class Proposal(Protocol):
    """What a retriever hands in: a row of the shelf, and whether knowledge of the person had a part in it."""

    @property
    def row(self) -> int: ...

    @property
    def personal(self) -> bool: ...


P = TypeVar("P", bound=Proposal)
NO_IDS = frozenset[str]()


class Gate:
    """What one decision lets out. `may_be_personal` is the answer of `consent.purpose.may`.

    >>> gate = Gate(Placement("home"), now=5, may_be_personal=True, excluded=frozenset({"2"}))
    >>> gate.refusal(Item("1"), personal=True), gate.refusal(Item("2"), personal=True)
    ('', 'excluded')
    """

    __slots__ = ("excluded", "hidden", "may_be_personal", "now", "placement", "refused")

    def __init__(
        self, placement: Placement, now: int, may_be_personal: bool, excluded: frozenset[str] = NO_IDS,
        hidden: frozenset[str] = NO_IDS,
    ) -> None:  # fmt: skip
        self.placement = placement
        self.now = now
        self.may_be_personal = may_be_personal
        self.excluded = excluded
        self.hidden = hidden
        self.refused: dict[str, int] = {}  # how often, by code

    def refusal(self, item: Item | None, personal: bool) -> str:
        """The code of why the item may not be shown, "" if it may."""
        if item is None:
            return "gone"
        if not item.available:
            return "unavailable"
        opens, closes = item.available_from, item.available_until
        if opens is not None and self.now < opens:
            return "too_early"
        if closes is not None and self.now >= closes:
            return "too_late"
        item_id = item.id
        if item_id in self.excluded:
            return "excluded"
        if item_id in self.hidden:
            return "hidden"
        if personal and not self.may_be_personal:
            return "consent"
        allowed = self.placement.allowed
        return "" if allowed is None or allowed.matches(item) else "rule"

    def let_out(self, proposals: Iterable[P], items: Sequence[Item | None], limit: int) -> list[tuple[Item, P]]:
        """The first `limit` proposals that may be shown, in their order, no more of a category than its share.

        Where nothing else is left, those over the category's share fill the page. Proposals are taken one by one and
        no further than needed, so a long tail of fillers costs nothing; `items` is the shelf's, by row.
        """
        room: dict[str, int] = {}
        most = max(1, ceil(limit * self.placement.per_category))
        chosen: list[tuple[Item, P]] = []
        surplus: list[tuple[Item, P]] = []
        settled: set[int] = set()
        rows = len(items)
        for proposal in proposals if limit > 0 else ():
            row = proposal.row
            if row in settled:
                continue
            item = items[row] if 0 <= row < rows else None
            refusal = self.refusal(item, proposal.personal)
            if refusal != "consent":  # a proposal that knows nothing of the person may still bring this item
                settled.add(row)
            if refusal or item is None:
                self.count(refusal)
                continue
            category = item.category
            taken = room[category] = room.get(category, 0) + 1
            (chosen if taken <= most else surplus).append((item, proposal))
            if len(chosen) == limit:
                break
        return self._topped_up(chosen, surplus, limit)

    def first(
        self, rows: Sequence[int], personal: Sequence[int], categories: Sequence[int], shelf: Shelf, limit: int
    ) -> list[int]:
        """The places of the first `limit` of these rows that `let_out` would choose of their proposals; fewer where
        they do not fill the page. Each row is there once, and of the shelf; `categories`: its numbers. Nothing is
        counted.
        """
        most = max(1, ceil(limit * self.placement.per_category))
        room: dict[int, int] = {}
        chosen: list[int] = []
        all_alike = self.may_be_personal and self.placement.allowed is None
        row_of = shelf.row
        unwanted = {row_of[one] for one in self.excluded | self.hidden if one in row_of}
        # Short, and near in memory: an item, its id and its dates lie in five lines that nobody else has asked for.
        always = shelf.always
        for place, row in enumerate(rows):
            # What nothing can be said against, as most are, passes without a call; all else is asked in full.
            plain = all_alike and always[row] and row not in unwanted
            if not plain and self.refusal(shelf.items[row], bool(personal[place])):
                continue
            category = categories[place]
            taken = room[category] = room.get(category, 0) + 1
            if taken <= most:
                chosen.append(place)
                if len(chosen) == limit:
                    break
        return chosen

    def passing(self, proposals: Iterable[P], items: Sequence[Item | None]) -> Iterator[tuple[Item, P]]:
        """All proposals that may be shown, in their order, each item once: for who shares the places out otherwise."""
        settled: set[int] = set()
        for proposal in proposals:
            row = proposal.row
            if row in settled:
                continue
            item = items[row] if 0 <= row < len(items) else None
            refusal = self.refusal(item, proposal.personal)
            if refusal != "consent":
                settled.add(row)
            if refusal or item is None:
                self.count(refusal)
            else:
                yield item, proposal

    def _topped_up(
        self, chosen: list[tuple[Item, P]], surplus: list[tuple[Item, P]], limit: int
    ) -> list[tuple[Item, P]]:
        if not surplus:
            return chosen
        missing = max(0, limit - len(chosen))
        self.count("too_many", max(0, len(surplus) - missing))
        return chosen + surplus[:missing]

    def count(self, code: str, times: int = 1) -> None:
        """Note refusals, for the decision's steps."""
        self.refused[code] = self.refused.get(code, 0) + times
