"""Vectors: the ten nearest of 100,000 by an exact scan, beside numpy's product and partition of the same."""

from functools import partial
from statistics import mean

import numpy as np

from benchmarks.table import Row, row
from benchmarks.trees import least_us
from tailorbird.offer.vectors.exact import Vectors

N, D, K, QUERIES = 100_000, 128, 10, 100


def run() -> list[Row]:
    return [
        one("in all directions", *scattered()),
        one("in clusters", *clustered()),
    ]


def one(kind: str, vectors: np.ndarray, queries: np.ndarray) -> Row:
    some = Vectors.of(vectors)
    ours = mean(least_us(partial(some.nearest, query, K), 20) for query in queries[:10]) / 1000
    theirs = mean(least_us(partial(by_numpy, vectors, query), 20) for query in queries[:10]) / 1000
    double = vectors.astype(np.float64)
    right = [len(np.intersect1d(best(double @ query), some.nearest(query, K)[0])) / K for query in queries]
    recall = mean(right)
    promise = f"{K} nearest of {N:,} x {D}, {kind} (recall {recall:.4f}; beside numpy)"
    return row(promise, ours, "ms", "<= 1.5 at recall >= 0.99", ours <= 1.5 and recall >= 0.99, theirs)


def by_numpy(vectors: np.ndarray, query: np.ndarray) -> np.ndarray:
    return best(vectors @ query)


def best(products: np.ndarray) -> np.ndarray:
    some = np.argpartition(-products, K)[:K]
    return some[np.argsort(-products[some])]


def scattered() -> tuple[np.ndarray, np.ndarray]:
    """In all directions: the hardest case, no vector is much nearer than the next."""
    return unit(np.random.default_rng(0).normal(size=(N, D))), unit(np.random.default_rng(1).normal(size=(QUERIES, D)))


def clustered() -> tuple[np.ndarray, np.ndarray]:
    """As items are: 500 sorts, some popular, of different lengths."""
    chance = np.random.default_rng(2)
    centres, of = chance.normal(size=(500, D)), np.minimum(chance.zipf(1.3, N), 500) - 1
    vectors = centres[of] + 0.6 * chance.normal(size=(N, D))
    queries = centres[chance.integers(0, 500, QUERIES)] + 0.6 * chance.normal(size=(QUERIES, D))
    return (unit(vectors) * chance.uniform(0.5, 1, (N, 1))).astype(np.float32), unit(queries)


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
