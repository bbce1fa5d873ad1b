"""The whole year in the order of time: identify, campaigns, coupons and orders merged into one stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from operator import itemgetter

import numpy as np

from tailorbird.shell.demo.households import baskets_by_day, campaigns, identifies, redeemed, redemptions
from tailorbird.shell.demo.lines import Lines
from tailorbird.shell.demo.orders import OrderWriter, ProductLabels, Sent
from tailorbird.shell.demo.source import Source
from tailorbird.shell.demo.week import Shift


@dataclass(frozen=True, slots=True)
class Year:
    """All events of the demo; the same `source`, `shift` and `lines` give the same events in the same order."""

    source: Source
    lines: Lines
    shift: Shift

    def events(self) -> Iterator[Sent]:
        """Every event, oldest first; of equal times the smaller kinds come before the order they led to."""
        baskets = baskets_by_day(self.lines)
        small = sorted(self._small(baskets), key=itemgetter(0, 2))
        orders = OrderWriter(self.lines, ProductLabels.read(self.source), self._coupons(baskets), self.shift)
        # Merged as they come: a year of orders as text, all at once, would take hundreds of megabytes.
        return merge(small, orders.orders(), key=itemgetter(0))

    def count(self) -> int:
        """How many events that will be, for the progress bar."""
        return len(self._small(baskets_by_day(self.lines))) + int(np.unique(self.lines.basket).size)

    def _small(self, baskets: dict[tuple[int, int], tuple[int, int]]) -> list[Sent]:
        present = set(np.unique(self.lines.household).tolist())
        mailed = list(campaigns(self.source, present, self.shift))
        used = [sent for sent in redemptions(self.source, baskets, self.shift) if sent.household in present]
        households, first = np.unique(self.lines.household, return_index=True)
        first_seen = dict(zip(households.tolist(), self.lines.at[first].tolist(), strict=True))
        for sent in (*mailed, *used):
            first_seen[sent.household] = min(first_seen[sent.household], sent.at)
        return [*identifies(self.source, first_seen, self.shift), *mailed, *used]

    def _coupons(self, baskets: dict[tuple[int, int], tuple[int, int]]) -> dict[int, str]:
        used = ((row["household_id"], row["day"], row["coupon_upc"]) for row in redeemed(self.source))
        return {baskets[household, day][0]: str(upc) for household, day, upc in used if (household, day) in baskets}
