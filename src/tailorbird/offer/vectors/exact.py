"""The k of n vectors with the largest inner product with a query: all of them are looked at, none is missed.

Each vector x is kept twice: as it is, and as bytes with what the bytes leave out, x = scale * code + rest. The scan
reads the bytes only, a quarter of the memory, and knows how far off it can be (Cauchy-Schwarz):

    | q.x - q~.(scale * code) |  <=  |q| |rest| + |q - q~| scale |code|,      q~: the query in 16 bits

Whatever could be among the best k by that bound is then weighed exactly. So the answer is that of a plain scan in
float64, for any vectors. Above some 100,000 vectors a scan takes longer than a request has: `shell/approximate.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.errors import Corrupt

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Longs = NDArray[np.int64]

LARGEST = 2**31 // (127 * 32767)  # dimensions: above, the sum of a scan could pass 31 bits
ROUNDING = 1e-6  # of |q| |x|: what float32 may lose on the way


@dataclass(frozen=True)
class Vectors:
    """n vectors of d dimensions.

    >>> some = Vectors.of(np.array([[1, 0], [0, 1], [0.9, 0.1]], np.float32))
    >>> rows, products = some.nearest(np.array([1, 0.2], np.float32), 2)
    >>> rows.tolist(), products.round(2).tolist()
    ([0, 2], [1.0, 0.92])
    """

    exact: Floats  # n x d
    code: NDArray[np.int8]  # n x d
    scale: Floats  # n: x is about scale * code
    off: Floats  # n x 2: |rest| with the rounding, and |scale * code|

    @staticmethod
    def of(vectors: Floats) -> "Vectors":
        """Raises ValueError for numbers that are not finite, or for more dimensions than the scan can add up."""
        exact = np.ascontiguousarray(vectors, np.float32)
        if exact.ndim != 2 or not 0 < exact.shape[1] <= LARGEST or not np.isfinite(exact).all():
            raise ValueError(f"Vectors have 1 to {LARGEST} finite dimensions; these have the shape {exact.shape}.")
        # At least a little: a vector of zeros would divide by 0.
        scale = np.maximum(np.abs(exact).max(axis=1, initial=0), 1e-30) / np.float32(127)
        code = np.rint(exact / scale[:, None]).astype(np.int8)
        coarse = code * scale[:, None].astype(np.float64)
        length = np.linalg.norm(coarse, axis=1)
        rest = np.linalg.norm(exact - coarse, axis=1) + ROUNDING * length
        made = Vectors(exact, code, scale, np.stack([rest, length], 1).astype(np.float32) * np.float32(1 + ROUNDING))
        for array in made.arrays().values():
            array.flags.writeable = False
        return made

    def nearest(self, query: Floats, k: int, allowed: NDArray[np.bool_] | None = None) -> tuple[Longs, Doubles]:
        """(rows, inner products) of the best k among the `allowed` (n), best first; of equal ones the lower row first.
        Fewer where there are fewer. Raises ValueError for a query of another size, or that is not finite.
        """
        if query.shape != self.exact.shape[1:] or not np.isfinite(query).all():
            raise ValueError(f"A query has {self.exact.shape[1]} finite numbers; this one has the shape {query.shape}.")
        wide = query.astype(np.float64)
        unit = max(float(np.abs(wide).max()), 1e-30) / 32767
        short = np.rint(wide / unit).astype(np.int16)
        bound = np.array([unit, np.linalg.norm(wide), np.linalg.norm(wide - short * unit)])
        doors = np.zeros(0, np.bool_) if allowed is None else allowed
        rows = _possible(self.code, self.scale, self.off, short, bound, doors, min(k, len(self.code)))
        products = self.exact[rows].astype(np.float64) @ wide
        # Exact products decide; of equal ones the lower row, so that the answer is the same in every build.
        order = np.lexsort((rows, -products))[:k]
        return rows[order], products[order]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What to store and map; `restored` is the inverse."""
        return {"exact": self.exact, "code": self.code, "scale": self.scale, "off": self.off}

    @staticmethod
    def restored(arrays: Mapping[str, NDArray[Any]]) -> "Vectors":
        """Raises Corrupt where arrays are missing or do not fit together."""
        kinds = {"exact": np.float32, "code": np.int8, "scale": np.float32, "off": np.float32}
        wrong = [name for name, kind in kinds.items() if name not in arrays or arrays[name].dtype != kind]
        if wrong:
            raise Corrupt(f"The vectors lack {', '.join(wrong)}, or have them in another form. Train them again.")
        n, d = arrays["exact"].shape if arrays["exact"].ndim == 2 else (-1, -1)
        shapes = [arrays[name].shape for name in kinds]
        if shapes != [(n, d), (n, d), (n,), (n, 2)] or not 0 < d <= LARGEST:
            raise Corrupt(f"The vectors have shapes that do not fit together: {shapes}. Train them again.")
        return Vectors(**{name: arrays[name] for name in kinds})


@njit(cache=True)
def _possible(code, scale, off, short, bound, allowed, k):  # type: ignore[no-untyped-def]
    """All rows that may be among the best k: the most they can have is no less than what k others have at least."""
    found, most = np.empty(len(code), np.int64), np.empty(len(code), np.float32)
    # A heap whose root is the smallest of the k largest.
    least = np.full(max(k, 1), np.float32(-np.inf))
    unit, length, lost = np.float32(bound[0]), np.float32(bound[1]), np.float32(bound[2])
    products = _products(code, short)
    count = 0
    for i in range(len(code) if k > 0 else 0):
        near, away = np.float32(products[i]) * unit * scale[i], length * off[i, 0] + lost * off[i, 1]
        if near + away >= least[0] and (len(allowed) == 0 or allowed[i]):
            found[count], most[count] = i, near + away
            count += 1
            # The heap holds what others have at the very least: no row is thrown out that could still be among the
            # best.
            if near - away > least[0]:
                _replace_root(least, near - away)
    # Once more at the end: the floor has risen since the first rows were let in.
    return found[:count][most[:count] >= least[0]]


@njit(cache=True)
def _products(code, short):  # type: ignore[no-untyped-def]
    """All products in whole numbers. On its own and with nothing else in the loop it becomes vector instructions: twice
    as fast as together with what `_possible` asks of each row.
    """
    products = np.empty(len(code), np.int32)
    for i in range(len(code)):
        total = np.int32(0)
        for d in range(len(short)):
            total += np.int32(code[i, d]) * np.int32(short[d])
        products[i] = total
    return products


@njit(cache=True)
def _replace_root(heap, value):  # type: ignore[no-untyped-def]
    place = 0
    while 2 * place + 1 < len(heap):
        child = 2 * place + 1
        if child + 1 < len(heap) and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = value
