"""Nearest vectors when a scan takes too long: faiss, with its recall measured against the scan and told.

What HNSW and IVF find depends on the data (from a quarter to all of what is nearest, in our trials), so an index
without its measured recall is not a promise. Up to `SCANNED` vectors the scan of offer/vectors is quick, and exact.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import MissingExtra
from tailorbird.offer.vectors.exact import Doubles, Floats, Longs, Vectors

if TYPE_CHECKING:
    import faiss

SCANNED = 150_000  # vectors: below, a scan is as quick as an index
# HNSW: links of a vector, breadth when building and when asked.
LINKS, BUILD, SEARCH = 32, 100, 128
PROBES = 200  # queries by which recall is measured


@dataclass(frozen=True)
class Approximate:
    """Answers like `Vectors`, but may miss some: `recall` of the best ten was found, in the mean."""

    index: "faiss.Index"
    recall: float

    @staticmethod
    def of(vectors: Floats, seed: int = 0) -> "Approximate":
        """An HNSW graph (Malkov & Yashunin, 2016) for inner products. Raises MissingExtra without faiss."""
        try:
            import faiss
        except ImportError:
            raise MissingExtra("Searching many vectors", "vectors") from None
        index = faiss.IndexHNSWFlat(vectors.shape[1], LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction, index.hnsw.efSearch = BUILD, SEARCH
        index.add(np.ascontiguousarray(vectors, np.float32))
        return Approximate(index, _recall(index, vectors, seed))

    def nearest(self, query: Floats, k: int) -> tuple[Longs, Doubles]:
        """(rows, inner products) of up to `k` good ones, best first."""
        products, rows = self.index.search(np.ascontiguousarray(query[None], np.float32), k)
        found = rows[0] >= 0
        return rows[0][found], products[0][found].astype(np.float64)


def nearest_by(vectors: Floats, seed: int = 0) -> Vectors | Approximate:
    """What answers for so many vectors: the scan, or above `SCANNED` the index."""
    return Vectors.of(vectors) if len(vectors) <= SCANNED else Approximate.of(vectors, seed)


def _recall(index: Any, vectors: Floats, seed: int, k: int = 10) -> float:
    """The share of the true best k that the index finds, for queries like the vectors themselves."""
    chance = np.random.default_rng(seed)
    queries = vectors[chance.integers(0, len(vectors), PROBES)] if len(vectors) else vectors
    # Moved a little: a vector of the index finds at least itself, which would flatter the figure.
    queries = (queries + 0.1 * queries.std() * chance.normal(size=queries.shape)).astype(np.float32)
    exact = Vectors.of(vectors)
    found: NDArray[np.int64] = index.search(queries, k)[1]
    right = [np.isin(exact.nearest(q, k)[0], some).mean() for q, some in zip(queries, found, strict=True)]
    return float(np.mean(right)) if right else 1.0
