"""Popular: what most histories hold. The floor that every other retriever has to beat, and the end of the chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import Corrupt
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.retriever import Judge


@dataclass(frozen=True)
class Popular:
    """Fitted: one score for each item, the same for everyone."""

    share: Floats  # n
    name: str = "popular"

    def scores(self, asked: Histories) -> Floats:
        return np.repeat(self.share[None], len(asked), axis=0)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        return {"share": self.share}


class PopularRecipe(msgspec.Struct, frozen=True, tag="popular"):
    """The share of histories that hold the item, however often."""

    @property
    def name(self) -> str:
        return "popular"

    def fit(self, known: Histories, seed: int = 0) -> Popular:
        # By histories, not by contacts: one who buys milk daily is one who likes milk.
        counts = np.bincount(known.matrix().indices, minlength=known.items)
        share = (counts / max(1, len(known))).astype(np.float32)
        share.flags.writeable = False
        return Popular(share)

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "PopularRecipe":
        return self

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Popular:
        share = arrays.get("share")
        if share is None or share.ndim != 1:
            raise Corrupt(f"A model of popularity holds {sorted(arrays)}, not `share`. Train it anew.")
        return Popular(share)
