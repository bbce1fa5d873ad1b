"""A graph filter: what is left of a history in the leading components of who has what. Smooth where few people agree.

    A = D_u^-a X D_i^-b = U S V'
    score = h D_i^-b V_k diag(s / s_1)^p V_k' D_i^c         h: the history, each item once

p = 0 is the ideal low-pass filter of GF-CF (Shen et al., 2021, "How powerful is graph convolution for recommendation?",
equation 14) and, at a = b = 0, PureSVD (Cremonesi et al., 2010). Alone it wants many components; in a blend it says
what the nearest neighbours cannot. Costs one randomised SVD and n x k floats; a score costs n k.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.retrievers.arrays import locked, stored
from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.singular import leading, scaled
from tailorbird.offer.retrievers.spread import weighted
from tailorbird.offer.retrievers.three_hop import degrees

STEPS = [each("components", 256, 128, 64), each("power", 0.0, 1.0, 2.0), each("discount", 0.0, 0.3)]


@dataclass(frozen=True)
class Spectral:
    """Fitted: the components as histories enter them, and as answers leave them."""

    inward: Floats  # n x k
    outward: Floats  # n x k
    name: str = "spectral"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's items."""
        # k numbers stand between, so n x n is never formed.
        return np.asarray((weighted(asked, np.ones(asked.items, np.float32)) @ self.inward) @ self.outward.T)

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Both tables."""
        return {"inward": self.inward, "outward": self.outward}


class SpectralRecipe(msgspec.Struct, frozen=True, tag="spectral"):
    """Settings."""

    person_power: float = 0.4  # a
    item_power: float = 0.25  # b
    discount: float = 0.15  # b - c: how much popular items are held back
    power: float = 0.5  # p
    components: int = 512  # k

    @property
    def name(self) -> str:
        return "spectral"

    def fit(self, known: Histories, seed: int = 0) -> Spectral:
        """One SVD."""
        matrix = known.matrix()
        components = leading(scaled(matrix, self.person_power, self.item_power), self.components, seed)
        return self._on(*components, degrees(matrix))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "SpectralRecipe":
        """Everything but the powers of persons and items, on one SVD."""
        matrix = known.matrix()
        components = leading(scaled(matrix, self.person_power, self.item_power), self.components, seed)
        degree = degrees(matrix)
        return climb(self, STEPS, lambda one: judge(one._on(*components, degree)))

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Spectral:
        """From its arrays."""
        inward = stored(arrays, "inward", -1, -1)
        return Spectral(inward, stored(arrays, "outward", *inward.shape))

    def _on(self, values: Floats, vectors: Floats, degree: Floats) -> Spectral:
        values, vectors = values[: self.components], vectors[:, : self.components]
        passed = (values / max(float(values.max(initial=0)), 1e-9)) ** np.float32(self.power)
        inward = vectors * (degree**-self.item_power)[:, None]
        return Spectral(
            locked(inward), locked(vectors * passed * (degree ** (self.item_power - self.discount))[:, None])
        )
