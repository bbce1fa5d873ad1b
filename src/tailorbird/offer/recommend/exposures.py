"""Pages that were seen, and what was clicked on them: what trees may learn from where it was logged."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.int8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Doubles = NDArray[np.float64]

NOTHING, CLICKED, BOUGHT = 0, 1, 2  # what became of an item; BOUGHT: clicked, and then bought
UNSURE = -1  # bought without a click: whether the page had a part in it, nobody knows
MOST_PLACES = 100  # of a page, see placement.MOST_ITEMS


@dataclass(frozen=True)
class Exposures:
    """e pages by (person, at), with s places in all: those of page p are the rows [start[p], start[p + 1])."""

    person: Ints  # e: as in Interactions
    at: Longs  # e, ms: when it was decided
    kind: Ints  # e: a number for each placement and model: scores of one kind are of one scale
    start: Longs  # e + 1
    item: list[str]  # s: ids
    score: Doubles  # s
    propensity: Doubles  # s: of standing there; NaN where it was not logged
    taken: Bytes  # s: NOTHING, CLICKED, BOUGHT or UNSURE

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def page(self) -> Longs:
        """s: the page of each place."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    @cached_property
    def place(self) -> Longs:
        """s: the place on its page, from 0."""
        return np.arange(len(self.item)) - self.start[:-1][self.page]

    @property
    def clicked(self) -> NDArray[np.bool_]:
        """s: whether it was clicked."""
        return self.taken > NOTHING

    @cached_property
    def drawn(self) -> NDArray[np.bool_]:
        """s: whether chance put the item there, as far as the propensities of its page tell.

        On an exploring page an item that the ranking kept has 1 - share, one that was drawn share / k
        (rules/chance.py): one far below the largest that is not certain was drawn.
        """
        # 1 is certain: a place that exploration leaves alone, as the first ones of a page.
        by_chance = np.where(self.propensity < 1, self.propensity, 0.0)  # NaN: 0
        largest = np.zeros(len(self))
        np.maximum.at(largest, self.page, by_chance)
        drawn: NDArray[np.bool_] = (by_chance > 0) & (by_chance < largest[self.page] / 2)
        return drawn

    def between(self, since: int, until: int) -> "Exposures":
        """The pages that were decided in [since, until) (ms)."""
        return self.of((self.at >= since) & (self.at < until))

    def of(self, pages: NDArray[np.bool_]) -> "Exposures":
        """The pages where `pages` (e) is true."""
        places = pages[self.page]
        start = np.concatenate([[0], np.cumsum(np.diff(self.start)[pages])]).astype(np.int64)
        item = [self.item[row] for row in np.flatnonzero(places).tolist()]
        return Exposures(
            self.person[pages], self.at[pages], self.kind[pages], start, item, self.score[places],
            self.propensity[places], self.taken[places],
        )  # fmt: skip
