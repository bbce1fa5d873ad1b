"""Who had to do with what, and when: the one input of training, as flat arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.contacts import KINDS

SESSION_GAP_MS = 30 * 60_000


@dataclass(frozen=True)
class Interactions:
    """m contacts of p people with n items, sorted by (person, at).

    >>> lines = Interactions.of([("ann", "milk", "bought", 5), ("ann", "tea", "viewed", 3)])
    >>> lines.ids, lines.item.tolist(), lines.at.tolist()
    (['milk', 'tea'], [1, 0], [3, 5])
    """

    ids: list[str]  # n
    person: NDArray[np.int32]  # m, below p
    item: NDArray[np.int32]  # m, below n
    kind: NDArray[np.int8]  # m: contacts.KINDS
    at: NDArray[np.int64]  # m, ms
    people: int  # p
    traits: Mapping[str, Sequence[str | None]] = field(default_factory=dict)  # declared plain traits, p values each

    def __len__(self) -> int:
        return len(self.at)

    @staticmethod
    def of(
        lines: Sequence[tuple[str, str, str, int]], traits: Mapping[str, Mapping[str, str]] | None = None
    ) -> "Interactions":
        """From (person, item, kind, at) in any order, and {trait: {person: value}}."""
        ids = sorted({item for _, item, _, _ in lines})
        names = sorted({person for person, _, _, _ in lines})
        row = {item_id: number for number, item_id in enumerate(ids)}
        index = {name: number for number, name in enumerate(names)}
        table = np.array([(index[p], row[i], KINDS[k], at) for p, i, k, at in lines], np.int64).reshape(-1, 4)
        given = {trait: [values.get(name) for name in names] for trait, values in (traits or {}).items()}
        return Interactions.sorted(ids, table[:, 0], table[:, 1], table[:, 2], table[:, 3], len(names), given)

    @staticmethod
    def sorted(
        ids: list[str],
        person: NDArray[np.int64],
        item: NDArray[np.int64],
        kind: NDArray[np.int64],
        at: NDArray[np.int64],
        people: int,
        traits: Mapping[str, Sequence[str | None]],
    ) -> "Interactions":
        """From columns in any order; contacts of one person at one instant stand by item, as a profile keeps them."""
        order = np.lexsort((item, at, person))
        columns = (person[order].astype(np.int32), item[order].astype(np.int32), kind[order].astype(np.int8), at[order])
        return Interactions(ids, *columns, people, traits)

    def before(self, cut: int) -> "Interactions":
        """The contacts earlier than `cut` (ms); items and people keep their numbers."""
        earlier = self.at < cut
        return replace(
            self, person=self.person[earlier], item=self.item[earlier], kind=self.kind[earlier], at=self.at[earlier]
        )

    def by_frequency(self) -> "Interactions":
        """The same contacts with the items numbered from the most to the least frequent; those not met are left out."""
        count = np.bincount(self.item, minlength=len(self.ids))
        order = np.argsort(-count, kind="stable")[: np.count_nonzero(count)]
        number = np.empty(len(self.ids), np.int32)
        number[order] = np.arange(len(order), dtype=np.int32)
        return replace(self, ids=[self.ids[item] for item in order.tolist()], item=number[self.item])

    def sessions(self) -> NDArray[np.int32]:
        """The number of each contact's session: same person, no pause above 30 minutes. A basket is one session."""
        starts = np.ones(len(self), np.bool_)
        starts[1:] = (self.person[1:] != self.person[:-1]) | (np.diff(self.at) > SESSION_GAP_MS)
        return (np.cumsum(starts) - 1).astype(np.int32)
