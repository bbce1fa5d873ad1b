"""Who had to do with what, and when: the one input of training, as flat arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.contacts import KINDS
from tailorbird.offer.recommend.said import NOTHING_SAID, Said

SESSION_GAP_MS = 30 * 60_000
Column: TypeAlias = tuple[list[str], NDArray[np.integer[Any]]]  # values, and the place of each contact's; -1: unknown


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
    about: Mapping[str, Column] = field(default_factory=dict)  # what visits said of themselves: circumstances.SAID
    said: Said = NOTHING_SAID  # predictions and segments, by time

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
        about: Mapping[str, Column] | None = None,
    ) -> "Interactions":
        """From columns in any order; contacts of one person at one instant stand by item, as a profile keeps them."""
        order = np.lexsort((item, at, person))
        columns = (person[order].astype(np.int32), item[order].astype(np.int32), kind[order].astype(np.int8), at[order])
        said = {name: (values, codes[order]) for name, (values, codes) in (about or {}).items()}
        return Interactions(ids, *columns, people, traits, said)

    def visit(self, contact: int) -> tuple[tuple[str, str], ...]:
        """What the visit of one contact said of itself, as pairs of name and value."""
        said = ((name, values, int(codes[contact])) for name, (values, codes) in self.about.items())
        return tuple((name, values[code]) for name, values, code in said if code >= 0)

    def before(self, cut: int) -> "Interactions":
        """The contacts earlier than `cut` (ms); items and people keep their numbers."""
        earlier = self.at < cut
        about = {name: (values, codes[earlier]) for name, (values, codes) in self.about.items()}
        columns = {name: getattr(self, name)[earlier] for name in ("person", "item", "kind", "at")}
        return replace(self, about=about, **columns)

    def by_frequency(self) -> "Interactions":
        """The same contacts with the items numbered from the most to the least frequent; those not met are left out."""
        count = np.bincount(self.item, minlength=len(self.ids))
        order = np.argsort(-count, kind="stable")[: np.count_nonzero(count)]
        # Items that nobody met get no number; no contact asks for theirs.
        number = np.empty(len(self.ids), np.int32)
        number[order] = np.arange(len(order), dtype=np.int32)
        return replace(self, ids=[self.ids[item] for item in order.tolist()], item=number[self.item])

    def sessions(self) -> NDArray[np.int32]:
        """The number of each contact's session: same person, no pause above 30 minutes. A basket is one session."""
        starts = np.ones(len(self), np.bool_)
        starts[1:] = (self.person[1:] != self.person[:-1]) | (np.diff(self.at) > SESSION_GAP_MS)
        return (np.cumsum(starts) - 1).astype(np.int32)
