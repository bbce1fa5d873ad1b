"""Own frequency: what the person has had most often, then what everybody has. The floor for next baskets.

    own-frequency             score(i) = how often the history holds i + share(i) / 2
    personal-top-frequency    score(i) = how often the history holds i

share is the part of all contacts, so that popularity orders what the person never had and breaks ties, and no more.
Known as GP-TopFreq and P-TopFreq: Li, Jullien, Ariannezhad and de Rijke, "A next basket recommendation reality check",
2023, where the first beats most of the neural networks compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.retrievers.arrays import locked, stored
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.retriever import Judge


@dataclass(frozen=True)
class OwnFrequency:
    """Fitted: the popularity of each item, below 1; 0 where only the own counts."""

    share: Floats  # n
    name: str = "own-frequency"

    def scores(self, asked: Histories) -> Floats:
        """p x n."""
        out = np.repeat(self.share[None], len(asked), axis=0)
        # Not `+=`, which counts an item once that stands in a history twice.
        np.add.at(out, (asked.rows(), asked.item), np.float32(1))
        return out

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Popularity."""
        return {"share": self.share}


class OwnFrequencyRecipe(msgspec.Struct, frozen=True, tag="own-frequency"):
    """With popularity or without."""

    filled: bool = True  # False: what a person never had is all alike, and so is what they had as often

    @property
    def name(self) -> str:
        return "own-frequency" if self.filled else "personal-top-frequency"

    def fit(self, known: Histories, seed: int = 0) -> OwnFrequency:
        """Counts."""
        counts = np.bincount(known.item, minlength=known.items) / max(1, len(known.item))
        return OwnFrequency(locked((self.filled * counts / 2).astype(np.float32)), self.name)

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "OwnFrequencyRecipe":
        """Itself."""
        return self

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> OwnFrequency:
        """From what `arrays` gave."""
        return OwnFrequency(stored(arrays, "share", -1), self.name)
