"""Is one model better than another, or was it luck? The paired bootstrap, people drawn whole.

Both models answered the same moments. The difference of each moment is kept, people are drawn with repeats, as many as
there are, and with each all of their moments, which are alike; the mean difference of a thousand such draws varies as
the figure itself does. B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), ch. 13 (percentiles); by
clusters: A. Davison, D. Hinkley, Bootstrap Methods and their Application (1997), 3.8.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.measured import Difference

Doubles = NDArray[np.float64]
DRAWS = 1000
FEWEST = 10  # people: below it the percentiles of so few say nothing


def differences(
    one: Mapping[str, Doubles], other: Mapping[str, Doubles], person: NDArray[np.int64], seed: int = 0
) -> dict[str, Difference]:
    """For each measure (its values by moment) the mean of `one` minus that of `other`, with its interval.

    `person`: who stood at each moment, as a number.

    >>> better, worse = {"hit": np.ones(40)}, {"hit": np.tile([0.0, 1.0], 20)}
    >>> found = differences(better, worse, np.arange(40))["hit"]
    >>> found.value, found.better, found.worse
    (0.5, True, False)
    """
    names = [name for name in one if name in other]
    apart = np.array([one[name] - other[name] for name in names]).reshape(len(names), -1)
    if not apart.size:
        return dict.fromkeys(names, Difference(0.0))
    value = apart.mean(1).tolist()
    _, who = np.unique(person, return_inverse=True)
    people = int(who.max()) + 1
    if people < FEWEST:
        return {name: Difference(v) for name, v in zip(names, value, strict=True)}
    low, high = np.quantile(_draws(apart, who, people, seed), [0.025, 0.975], axis=0)
    return dict(zip(names, map(Difference, value, low.tolist(), high.tolist()), strict=True))


def _draws(apart: Doubles, who: NDArray[np.int64], people: int, seed: int) -> Doubles:
    """Means of the drawn people's moments, DRAWS x measures."""
    sums = np.array([np.bincount(who, weights=line, minlength=people) for line in apart])
    counts = np.bincount(who, minlength=people)
    # How often each person is drawn: a thousand draws are then two matrix products.
    times = np.random.default_rng(seed).multinomial(people, np.full(people, 1 / people), DRAWS)
    drawn: Doubles = (times @ sums.T) / (times @ counts)[:, None]
    return drawn


def means(measured: Mapping[str, Doubles]) -> dict[str, float]:
    """The mean of each measure over the moments for which it is defined, 0 where there are none."""
    known = {name: values[~np.isnan(values)] for name, values in measured.items()}
    return {name: float(values.mean()) if len(values) else 0.0 for name, values in known.items()}
