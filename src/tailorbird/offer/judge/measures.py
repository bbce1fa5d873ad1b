"""Measures of lists: means over questions, from the ranks of their targets.

With T the targets of a question, k the length of a list, and r the (mid-)ranks of the targets:

    recall     |{r <= k}| / |T|
    precision  |{r <= k}| / k
    hr         1 if any r <= k, else 0
    mrr        1 / the smallest r, 0 if that is above k
    ndcg       sum of 1 / log2(r + 1) over r <= k, as a share of the best possible with |T| targets
    map        sum over hits, best first, of (hits so far / r), over min(|T|, k)

Formulas: Manning, Raghavan, Schütze, Introduction to Information Retrieval, ch. 8; binary relevance.
"""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.retrievers.histories import Longs

Doubles: TypeAlias = NDArray[np.float64]
NAMES = ("recall", "ndcg", "precision", "hr", "mrr", "map")
RESAMPLES = 400


def by_question(start: Longs, ranks: Doubles, at: int) -> dict[str, Doubles]:
    """Each measure of each question; one without targets scores 0.

    >>> measured = by_question(np.array([0, 2, 3]), np.array([1.0, 30.0, 2.0]), 20)
    >>> {name: values.round(3).tolist() for name, values in measured.items() if name in ("recall", "mrr", "ndcg")}
    {'recall': [0.5, 1.0], 'ndcg': [0.613, 0.631], 'mrr': [1.0, 0.5]}
    """
    counts = np.diff(start)
    row = np.repeat(np.arange(len(counts)), counts)
    # By question and rank: average precision asks how many hits stand before each.
    order = np.lexsort((ranks, row))
    sorted_ranks = ranks[order]
    hit = sorted_ranks <= at
    hits = np.bincount(row[hit], minlength=len(counts)).astype(np.float64)
    gains, best = 1 / np.log2(np.where(hit, sorted_ranks, 1) + 1), best_gains(counts, at)
    gain = np.bincount(row[hit], gains[hit], minlength=len(counts))
    # Mid-ranks may be tied: more hits than places so far would make a precision above 1, so the lesser of both counts.
    so_far = np.arange(len(ranks)) - np.repeat(start[:-1], counts) + 1
    precisions = np.bincount(row[hit], (np.minimum(so_far, sorted_ranks) / sorted_ranks)[hit], minlength=len(counts))
    first = np.full(len(counts), np.inf)
    np.minimum.at(first, row, ranks)
    return {
        "recall": hits / np.maximum(counts, 1),
        "ndcg": gain / np.maximum(best, 1e-12),
        "precision": hits / at,
        "hr": (hits > 0).astype(np.float64),
        "mrr": np.where(first <= at, 1 / first, 0.0),
        "map": precisions / np.maximum(np.minimum(counts, at), 1),
    }


def best_gains(counts: Longs, at: int) -> Doubles:
    """The gain of a list of length `at` that begins with all of the targets."""
    gains = np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(2, at + 2)))])
    best: Doubles = gains[np.minimum(counts, at)]
    return best


def means(measured: Mapping[str, Doubles]) -> dict[str, float]:
    """The mean of each over all questions; 0 where there are none."""
    return {name: float(values.mean()) if len(values) else 0.0 for name, values in measured.items()}


def interval(values: Doubles, seed: int = 0, share: float = 0.95) -> tuple[float, float]:
    """Where the mean lies in `share` of the cases, by the bootstrap over questions (Efron, 1979; percentiles).

    Questions of one person (the clicks of a session) are taken as independent of each other.

    >>> low, high = interval(np.array([0.0, 1.0] * 50))
    >>> 0.35 < low < 0.45 < 0.55 < high < 0.65
    True
    """
    if not len(values):
        return 0.0, 0.0
    rng = np.random.default_rng(seed)
    drawn = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(drawn, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


def beyond_noise(better: Doubles, worse: Doubles, errors: float = 2.0) -> bool:
    """Is `better` above `worse` in the mean of paired differences, by so many standard errors?

    >>> beyond_noise(np.array([1.0, 1.0, 0.9, 1.0]), np.array([0.0, 0.1, 0.0, 0.0]))
    True
    """
    difference = better - worse
    if len(difference) < 2:
        return False
    # Paired: what makes a question hard is hard for both, and falls out of the difference.
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    # Above 0 by more than rounding, too: two equal models have no error to be compared with.
    return bool(difference.mean() > max(errors * error, 1e-12))


def rmse(predicted: Doubles, true: Doubles) -> float:
    """Root of the mean squared error.

    >>> round(rmse(np.array([1.0, 3.0]), np.array([1.0, 1.0])), 4)
    1.4142
    """
    return float(np.sqrt(np.mean((predicted - true) ** 2))) if len(true) else 0.0


def mae(predicted: Doubles, true: Doubles) -> float:
    """The mean absolute error.

    >>> mae(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    1.0
    """
    return float(np.mean(np.abs(predicted - true))) if len(true) else 0.0
