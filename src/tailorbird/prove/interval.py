"""Intervals that keep their promise on small numbers and on people who come back.

The Wilson score interval (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA
22, 1927): for k successes of n, z = 1.96 for 95 %,

    (k + z^2/2 +- z sqrt(k (n - k) / n + z^2/4)) / (n + z^2)

It never leaves [0, 1] and says something true for k = 0. It takes the n trials to be independent, which the impressions
of one person are not: who clicked once clicks again. So n is first brought down to the *effective* number of trials,
p (1 - p) / V, with V the variance of a proportion under clusters of unequal size (W. G. Cochran, Sampling Techniques,
3rd edition 1977, chapter 3; its use with Wilson: N. Dean and M. Pagano, J. Survey Statistics and Methodology 3, 2015):

    V = m / (m - 1) * sum over people (k_i - p n_i)^2 / n^2

Both hold for one look at a figure. To stop a comparison when it looks good needs an experiment.
"""

import math
from typing import NamedTuple

Z95 = 1.959963984540054
# Below this many values a mean gets no interval: its normal approximation would not be honest.
FEW = 30


class Estimate(NamedTuple):
    """A figure and the 95 % interval around it; None where there is too little to say."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Clusters(NamedTuple):
    """Sums over people with n_i trials and k_i successes each: what the variance under clusters needs."""

    people: int
    trials: int
    successes: int
    trials_squared: int  # sum of n_i^2
    successes_squared: int  # sum of k_i^2
    products: int  # sum of n_i k_i


def wilson(successes: float, trials: float, z: float = Z95) -> Estimate:
    """A rate with its Wilson interval; numbers need not be whole, for effective trials.

    >>> [round(x, 4) for x in wilson(0, 10)]
    [0.0, 0.0, 0.2775]
    >>> wilson(0, 0)
    Estimate(value=None, low=None, high=None)
    """
    if trials <= 0:
        return Estimate(None)
    centre = successes + z * z / 2
    # Effective trials are fractions: rounding may put the successes a hair above them.
    spread = z * math.sqrt(max(0.0, successes * (trials - successes) / trials) + z * z / 4)
    low, high = (centre - spread) / (trials + z * z), (centre + spread) / (trials + z * z)
    return Estimate(successes / trials, max(0.0, low), min(1.0, high))


def rate(sums: Clusters, z: float = Z95) -> Estimate:
    """A rate whose interval knows that one person's trials are alike.

    >>> alone = Clusters(people=100, trials=100, successes=10, trials_squared=100, successes_squared=10, products=10)
    >>> loyal = Clusters(people=10, trials=100, successes=10, trials_squared=1000, successes_squared=100, products=100)
    >>> [round(x, 2) for x in rate(alone)], [round(x, 2) for x in rate(loyal)]
    ([0.1, 0.06, 0.17], [0.1, 0.02, 0.42])
    """
    if not sums.trials:
        return Estimate(None)
    p, trials = sums.successes / sums.trials, effective_trials(sums)
    _, low, high = wilson(p * trials, trials, z)
    return Estimate(p, low, high)


def effective_trials(sums: Clusters) -> float:
    """How many independent trials would say as much; between 1 and `sums.trials`."""
    p = sums.successes / sums.trials
    if sums.people < 2 or p in (0.0, 1.0):
        # No variance to measure: be careful, and let each person count once.
        return float(sums.people)
    # sum (k_i - p n_i)^2, multiplied out, so that three sums a row are enough and SQL can form them in one pass.
    squares = sums.successes_squared - 2 * p * sums.products + p * p * sums.trials_squared
    variance = sums.people / (sums.people - 1) * squares / sums.trials**2
    return min(float(sums.trials), p * (1 - p) / variance) if variance > 0 else float(sums.trials)


def mean(count: int, total: float, squares: float, z: float = Z95) -> Estimate:
    """A mean with its normal interval, total / n +- z s / sqrt(n), from n values' sum and sum of squares.

    Revenue has a long tail, so the interval is only given for `FEW` values or more.

    >>> mean(100, 500.0, 2600.0).value, mean(3, 6.0, 14.0)
    (5.0, Estimate(value=2.0, low=None, high=None))
    """
    if not count:
        return Estimate(None)
    value = total / count
    if count < FEW:
        return Estimate(value)
    # The difference of two large sums may end below zero by rounding.
    variance = max(0.0, squares - total * value) / (count - 1)
    spread = z * math.sqrt(variance / count)
    return Estimate(value, value - spread, value + spread)
