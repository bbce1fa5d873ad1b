"""Next basket by the neighbours: what people with alike baskets take. It knows what a person has not yet tried.

    v(u)     = sum over u's contacts, k baskets back, of k^-p                        p x n
    near(u)  = cosine of log(1 + v) idf with that of everyone; the `neighbours` nearest count
    score(u) = sum over them of near v / sum of near

TIFU-kNN's group part (Hu et al., 2020, "Modeling personalized item frequency information for next-basket
recommendation"), with idf, without which everyone is near to everyone through bread and milk. `personal_frequency.py`
is its other part; the blend joins them. Whoever is asked and known is one of the own neighbours. A score walks over the
people who took what the person took: as many steps as these have contacts; not within a request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.arrays import locked, locked_sparse, named, stored, stored_sparse
from tailorbird.offer.retrievers.baskets import baskets_back
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.following import scaled
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.nearest import nearest
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.spread import spread
from tailorbird.offer.retrievers.steps_back import weighed
from tailorbird.offer.retrievers.two_step import row_scaled


@dataclass(frozen=True)
class NextBasket:
    """Fitted: what everyone takes, and who takes each item."""

    people: csr_array  # v, p x n
    holders: csr_array  # n x p: the compared rows, transposed
    idf: Floats  # n
    settings: "NextBasketRecipe"
    name: str = "next-basket"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a mean over the nearest people."""
        own = compared(self.settings.taken(asked), self.idf)
        # Zeros fall out here: whoever shares nothing is no neighbour, however few there are.
        near = nearest(csr_array(spread(own, self.holders)), self.settings.neighbours)
        return spread(row_scaled(near), self.people)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Both tables as three arrays each, and the weights."""
        return named("people", self.people) | named("holders", self.holders) | {"idf": self.idf}


class NextBasketRecipe(msgspec.Struct, frozen=True, tag="next-basket"):
    """How many neighbours, and how fast old baskets fade."""

    neighbours: int = 50
    fading: float = 0.8  # p

    @property
    def name(self) -> str:
        return "next-basket"

    def fit(self, known: Histories, seed: int = 0) -> NextBasket:
        """Weighs; there is no chance in it."""
        people = self.taken(known)
        holders = np.bincount(people.indices, minlength=known.items)
        idf = np.log(max(1, len(known)) / np.maximum(1, holders)).astype(np.float32)
        by_item = csr_array(compared(people, idf).T)
        return NextBasket(locked_sparse(people), locked_sparse(by_item), locked(idf), self)

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "NextBasketRecipe":
        """Tries more neighbours and a slower decay: only one of each, a judgement is dear here."""
        return climb(self, [each("neighbours", 150), each("fading", 0.5)], lambda one: judge(one.fit(known)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> NextBasket:
        """From its arrays."""
        idf = stored(arrays, "idf", -1)
        people = stored_sparse(arrays, "people", len(idf))
        return NextBasket(people, stored_sparse(arrays, "holders", people.shape[0]), idf, self)

    def taken(self, some: Histories) -> csr_array:
        """v, p x n."""
        return weighed(some, baskets_back(some).astype(np.float32) ** -np.float32(self.fading))


def compared(people: csr_array, idf: Floats) -> csr_array:
    """log(1 + v) idf, rows of length 1; those without any weight stay 0."""
    rows = people.copy()
    rows.data = np.log1p(rows.data) * idf[rows.indices]
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1), np.float32)).ravel()
    scale = (1 / np.where(length > 0, length, 1)).astype(np.float32)
    return scaled(rows, scale, np.ones(len(idf), np.float32))
