"""Sequential rules: what came soon after the items of a history. Cheap to fit, and hard to beat.

    C[i, j] = sum over pairs, i then j in one history, d <= reach steps apart, of 1 / d
    score(j) = sum over the history, k steps back from its end, of k^-p  C[i_k, j] / n_i^b / n_j^c

n: how often an item was met. Sequential rules (SR) of Ludewig & Jannach (2018), "Evaluation of session-based
recommendation algorithms", section 3.1; theirs are p = inf (the last item alone), b = 1, c = 0. Fitting costs
contacts x reach, a score the followers of the history's items: some thousand additions, within a request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.arrays import locked_sparse, named, stored, stored_sparse
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.following import following, met, scaled
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.spread import spread
from tailorbird.offer.retrievers.steps_back import steps_back, weighed

STEPS = [
    each("fading", 0.7, 1.5, 0.5, 2.5),
    each("own_power", 0.25, 0.75),
    each("other_power", 0.15, 0.3),
]


@dataclass(frozen=True)
class Rules:
    """Fitted: who follows whom, and how fast a history fades."""

    followers: csr_array  # n x n
    fading: float
    name: str = "rules"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's contacts."""
        weight = steps_back(asked).astype(np.float32) ** -np.float32(self.fading)
        return spread(weighed(asked, weight), self.followers)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The followers as three arrays."""
        return named("followers", self.followers)


class RulesRecipe(msgspec.Struct, frozen=True, tag="rules"):
    """Settings that were good for baskets of a week, clicks of a minute and songs of a year alike."""

    reach: int = 10
    fading: float = 1.0  # p
    own_power: float = 0.5  # b
    other_power: float = 0.0  # c

    @property
    def name(self) -> str:
        return "rules"

    def fit(self, known: Histories, seed: int = 0) -> Rules:
        """Counts; there is no chance in it."""
        return self._on(self._counted(known), known)

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "RulesRecipe":
        """Tries the powers on one count."""
        counted = self._counted(known)
        return climb(self, STEPS, lambda one: judge(one._on(counted, known)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Rules:
        """From its arrays."""
        items = len(stored(arrays, "followers_start", -1)) - 1
        return Rules(stored_sparse(arrays, "followers", items), self.fading)

    def _counted(self, known: Histories) -> csr_array:
        return following(known, (1 / np.arange(1, self.reach + 1)).astype(np.float32))

    def _on(self, counted: csr_array, known: Histories) -> Rules:
        often = met(known)
        return Rules(locked_sparse(scaled(counted, often**-self.own_power, often**-self.other_power)), self.fading)
