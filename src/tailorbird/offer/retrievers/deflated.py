"""Deflated ridge: what EASE does, without its inverse. For catalogues where n x n does not fit.

A ridge regression of all items on all items weighs component i of A by s_i^2 / (s_i^2 + lam). Few components are large,
and only there does it bend; all small ones it weighs by s_i^2 / lam, nearly. So take one sparse product for all, and
correct the k large ones, which a randomised SVD finds:

    A = D_u^-a X D_i^-b = U S V'                       D_u, D_i: degrees of histories and items
    W = t A'A - V (t s^2 - s^2 / (s^2 + lam)) V'       t = 1 / (.3 s_k^2 + lam)
    score = h D_i^-b W D_i^c                           h: the history, each item once

The closed form is that of EASE (Steck, 2019, "Embarrassingly shallow autoencoders") without its zero diagonal, whose
place is taken by c < b: both keep what is popular from speaking for itself. n x k floats and the pairs of items are
kept: in our runs 36,000 items took 7 s of CPU, 500,000 items with 2 million contacts 59 s and 2.7 GB. A score costs
the neighbours of the history's items, and n x k products.
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
from tailorbird.offer.retrievers.singular import leading, scaled
from tailorbird.offer.retrievers.spread import spread, weighted
from tailorbird.offer.retrievers.three_hop import degrees

# The two go together: what is held back less needs to be bent less.
PENALTY_STEP = [
    {"penalty": penalty, "discount": discount}
    for penalty, discount in ((20.0, 0.3), (3.0, 0.15), (8.0, 0.3), (20.0, 0.15), (3.0, 0.0), (50.0, 0.3), (1.0, 0.0))
]
SIZES = (384,)
POWERS_STEP = [{"person_power": a, "item_power": b} for a, b in ((0.4, 0.25), (0.1, 0.1))]  # each needs its own SVD
REST = 0.3  # the share of s_k^2 that stands for all smaller components
UNIT_RANK = 256  # the penalty counts in squares of the singular value of this rank, so that it fits every size


@dataclass(frozen=True)
class Deflated:
    """Fitted: h -> (h * history_weight) pairs * item_weight - (h * inward) components @ outward."""

    pairs: csr_array  # n x n
    history_weight: Floats  # n
    item_weight: Floats  # n
    inward: Floats  # n x k: V, scaled as the history is
    outward: Floats  # n x k: what of each large component is taken back, scaled as the answer is
    name: str = "deflated"

    def scores(self, asked: Histories) -> Floats:
        """p x n: a sum over the history's items."""
        ones = weighted(asked, np.ones(asked.items, np.float32))
        rows = ones.copy()
        rows.data = self.history_weight[rows.indices]
        # k numbers stand between: n x n is never formed.
        bent: Floats = (ones @ self.inward) @ self.outward.T
        return spread(rows, self.pairs) * self.item_weight - bent

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The pairs as three arrays, two weights, and the components."""
        weights = {"history_weight": self.history_weight, "item_weight": self.item_weight}
        return named("pairs", self.pairs) | weights | {"inward": self.inward, "outward": self.outward}


@dataclass(frozen=True)
class _Spectrum:
    """What the search keeps between steps: it depends on both powers and on nothing else."""

    pairs: csr_array
    degree: Floats
    values: Floats
    vectors: Floats


class DeflatedRecipe(msgspec.Struct, frozen=True, tag="deflated"):
    """Settings; `tuned` looks at the neighbourhood that mattered."""

    person_power: float = 0.25  # a
    item_power: float = 0.25  # b
    penalty: float = 8.0  # lam, in units of s_256^2
    discount: float = 0.15  # b - c: how much popular items are held back
    components: int = 256  # k
    most_pairs: int = MOST_PAIRS

    @property
    def name(self) -> str:
        return "deflated"

    def fit(self, known: Histories, seed: int = 0) -> Deflated:
        """Pairs and components of all contacts."""
        return self._on(self._spectrum(known.matrix(), self.components, seed))

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "DeflatedRecipe":
        """Penalty, discount and number of components on each spectrum; the powers as a whole."""
        matrix, most = known.matrix(), max(self.components, *SIZES)
        spectra: dict[tuple[float, float], _Spectrum] = {}

        def quality(one: DeflatedRecipe) -> float:
            powers = one.person_power, one.item_power
            if powers not in spectra:
                spectra.clear()  # one at a time: it may take a gigabyte
                spectra[powers] = one._spectrum(matrix, most, seed)
            return judge(one._on(spectra[powers]))

        return climb(self, [PENALTY_STEP, each("components", *SIZES), POWERS_STEP, PENALTY_STEP], quality)

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Deflated:
        """From its arrays."""
        items = len(stored(arrays, "history_weight", -1))
        history, item = stored(arrays, "history_weight", items), stored(arrays, "item_weight", items)
        inward = stored(arrays, "inward", items, -1)
        outward = stored(arrays, "outward", *inward.shape)
        return Deflated(stored_sparse(arrays, "pairs", items), history, item, inward, outward)

    def _spectrum(self, matrix: csr_array, components: int, seed: int) -> _Spectrum:
        degree, lengths = degrees(matrix), np.maximum(1, np.diff(matrix.indptr)).astype(np.float32)
        # A'A brings D_u^-a from both sides.
        pairs = locked_sparse(gram(matrix, lengths ** (-2 * self.person_power), self.most_pairs))
        matrix = scaled(matrix, self.person_power, self.item_power)
        return _Spectrum(pairs, degree, *leading(matrix, components, seed))

    def _on(self, spectrum: _Spectrum) -> Deflated:
        degree, back = spectrum.degree, self.item_power - self.discount
        squares = spectrum.values[: self.components].astype(np.float64) ** 2
        vectors = spectrum.vectors[:, : self.components]
        unit = max(float(squares[min(UNIT_RANK, len(squares)) - 1]) if len(squares) else 0.0, 1e-9)
        # In squares of a singular value: what suits one data set then suits one of another size or density.
        penalty = self.penalty * unit
        rest = 1 / (REST * float(squares[-1] if len(squares) else 0.0) + penalty)
        # What the sparse product gives each large component too much of, against what a ridge would give it.
        bent = (rest * squares - squares / (squares + penalty)).astype(np.float32)
        # D_i^-b of the history and that of A'A's left side make -2b; its right side and D_i^c make c - b. So powers
        # of items are weights outside of the pairs, and one table of pairs serves all of them.
        history, item = degree ** (-2 * self.item_power) * np.float32(rest), degree ** (back - self.item_power)
        inward = vectors * (degree**-self.item_power)[:, None]
        outward = vectors * bent * (degree**back)[:, None]
        return Deflated(spectrum.pairs, locked(history), locked(item), locked(inward), locked(outward))
