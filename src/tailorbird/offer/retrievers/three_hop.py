"""Three hops from a history: its items, who else had them, what else these had. Cheap, and the first to try.

    G = X' D_u^-g X              D_u, D_i: how many items a history holds, how many histories hold an item
    score = h D_i^-b G D_i^-d    h: the history, each item once

g weighs down histories that hold everything, b items that everybody has, d what is proposed to everybody. This is the
P3 walk of Cooper et al. (2014, "Random walks in recommender systems") and the popularity discount of RP3-beta (Paudel
et al., 2016), with a power for each of three normalisations: g = 1, b = 1 is RP3; g = 0, b = d = 1/2 is item-to-item
cosine. Fitting costs sum_u |u|^2, a score the neighbours of the history's items.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.arrays import locked, locked_sparse, named, stored, stored_sparse
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.gram import MOST_PAIRS, gram
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.spread import spread, weighted

ITEM_STEPS = [each("item_power", 0.2, 0.4, 0.1, 0.5), each("history_power", 0.4, 0.6, 0.3, 0.7)]
PERSON_STEP = each("person_power", 0.25, 0.75)  # each needs a table of its own


@dataclass(frozen=True)
class ThreeHop:
    """Fitted: the pairs, and what each item weighs in a history and as an answer."""

    pairs: csr_array  # n x n
    history_weight: Floats  # n
    item_weight: Floats  # n
    name: str = "three-hop"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's items."""
        return spread(weighted(asked, self.history_weight), self.pairs) * self.item_weight

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The pairs as three arrays, and the two weights."""
        return named("pairs", self.pairs) | {"history_weight": self.history_weight, "item_weight": self.item_weight}


class ThreeHopRecipe(msgspec.Struct, frozen=True, tag="three-hop"):
    """Settings; the defaults are where the search begins."""

    person_power: float = 0.5  # g
    history_power: float = 0.5  # b
    item_power: float = 0.3  # d; .5 is that of cosine
    most_pairs: int = MOST_PAIRS

    @property
    def name(self) -> str:
        return "three-hop"

    def fit(self, known: Histories, seed: int = 0) -> ThreeHop:
        """Counts pairs; there is no chance in it."""
        matrix = known.matrix()
        return self._on(self._pairs(matrix), degrees(matrix))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "ThreeHopRecipe":
        """Tries both item powers on one table, then other tables at the best of them."""
        matrix = known.matrix()
        degree, pairs = degrees(matrix), self._pairs(matrix)
        # Both item powers are factors outside of the table, so a step costs a second; another person power counts anew.
        best = climb(self, ITEM_STEPS, lambda one: judge(one._on(pairs, degree)))
        return climb(best, [PERSON_STEP], lambda one: judge(one._on(one._pairs(matrix), degree)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> ThreeHop:
        """From its arrays."""
        items = len(stored(arrays, "history_weight", -1))
        history, item = stored(arrays, "history_weight", items), stored(arrays, "item_weight", items)
        return ThreeHop(stored_sparse(arrays, "pairs", items), history, item)

    def _pairs(self, matrix: csr_array) -> csr_array:
        lengths = np.maximum(1, np.diff(matrix.indptr))
        return locked_sparse(gram(matrix, np.power(lengths, -self.person_power, dtype=np.float32), self.most_pairs))

    def _on(self, pairs: csr_array, degree: Floats) -> ThreeHop:
        return ThreeHop(pairs, locked(degree**-self.history_power), locked(degree**-self.item_power))


def degrees(matrix: csr_array) -> Floats:
    """How many histories hold each item; 1 for what nobody met, which keeps its powers finite."""
    return np.maximum(1, np.bincount(matrix.indices, minlength=matrix.shape[1])).astype(np.float32)
