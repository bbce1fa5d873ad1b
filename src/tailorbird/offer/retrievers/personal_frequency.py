"""Personal frequency: what this person takes most often, and lately. In groceries hard to beat.

    score(i) = sum over the person's baskets with i, k baskets back, of k^-p

p = 0 is the personal top-frequency that papers compare with; the decay is that of TIFU-kNN's personal part (Hu et al.,
2020, "Modeling personalized item frequency information for next-basket recommendation"), as a power. Learns nothing
from others; one look at each contact to score.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.retrievers.baskets import baskets_back
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.steps_back import weighed


@dataclass(frozen=True)
class PersonalFrequency:
    """Nothing but its decay."""

    fading: float
    name: str = "personal-frequency"

    def scores(self, asked: Histories) -> Floats:
        """p x n: 0 outside of the history."""
        # By baskets and not by contacts: ten things of one order lie equally far back.
        weight = baskets_back(asked).astype(np.float32) ** -np.float32(self.fading)
        return weighed(asked, weight).toarray()

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """None."""
        return {}


class PersonalFrequencyRecipe(msgspec.Struct, frozen=True, tag="personal-frequency"):
    """How fast old baskets fade."""

    fading: float = 0.4  # p

    @property
    def name(self) -> str:
        return "personal-frequency"

    def fit(self, known: Histories, seed: int = 0) -> PersonalFrequency:
        """Nothing to learn."""
        return PersonalFrequency(self.fading)

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "PersonalFrequencyRecipe":
        """Tries slower and faster."""
        return climb(self, [each("fading", 0.2, 0.6, 0.9)], lambda one: judge(one.fit(known)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> PersonalFrequency:
        """From nothing."""
        return PersonalFrequency(self.fading)
