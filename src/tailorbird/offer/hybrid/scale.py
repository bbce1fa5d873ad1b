"""Scales: scores of different retrievers, and of different people, are made comparable before they are added.

    span     (score - least of the pool) / (mean of the 20 best - least): the worst candidate 0, a good one 1
    normal   (score - mean of the pool) / its standard deviation

A retriever that says the same of all candidates of a person says 0 of them. Which scale is used is chosen on
validation, by what the blend is worth with it.
"""

from typing import Literal

import numpy as np
from numba import njit

from tailorbird.offer.hybrid.pool import Pool
from tailorbird.offer.retrievers.histories import Floats, Longs

Scale = Literal["span", "normal"]
SCALES: tuple[Scale, ...] = ("span", "normal")
BEST = 20


def scaled(pool: Pool, scale: Scale) -> Pool:
    """The same pool with scores (retrievers x m) on one scale.

    >>> pool = Pool(np.array([0, 3]), np.arange(3, dtype=np.int32), np.array([[1, 3, 1]], np.float32), ("one",))
    >>> scaled(pool, "span").scores.round(2).tolist()
    [[0.0, 3.0, 0.0]]
    """
    kernel = {"span": _span, "normal": _normal}[scale]
    return Pool(pool.start, pool.item, kernel(pool.scores, pool.start), pool.retrievers)


@njit(cache=True)
def _span(scores: Floats, start: Longs) -> Floats:
    out = np.zeros_like(scores)
    for k in range(len(scores)):
        for r in range(len(start) - 1):
            own = scores[k, start[r] : start[r + 1]]
            if len(own) == 0:
                continue
            ordered = np.sort(own)
            least = ordered[0]
            length = ordered[max(0, len(own) - BEST) :].mean() - least
            if length > 0:
                for c in range(len(own)):
                    out[k, start[r] + c] = (own[c] - least) / length
    return out


@njit(cache=True)
def _normal(scores: Floats, start: Longs) -> Floats:
    out = np.zeros_like(scores)
    for k in range(len(scores)):
        for r in range(len(start) - 1):
            own = scores[k, start[r] : start[r + 1]]
            if len(own) == 0:
                continue
            mean, spread = own.mean(), own.std()
            if spread > 0:
                for c in range(len(own)):
                    out[k, start[r] + c] = (own[c] - mean) / spread
    return out
