"""How good predictions were, once the outcome is known."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
BINS = 10
_Z = 1.96  # 95 of 100


class Bin(NamedTuple):
    """People who were told about the same: what was said, what came, and its 95 % interval."""

    said: float
    came: float
    low: float
    high: float
    people: int


def brier(said: Array, outcome: Array) -> float:
    """The mean squared error of a probability; less is better. Brier, Monthly Weather Review 78 (1950).

    >>> brier(np.array([0.9, 0.2]), np.array([1.0, 0.0]))
    0.025
    """
    return round(float(np.mean((said - outcome) ** 2)), 12)


def auc(said: Array, outcome: Array) -> float:
    """The chance that somebody who did it was told more than somebody who did not; equal ones count half. 0.5 if moot.

    >>> auc(np.array([0.1, 0.4, 0.4, 0.8]), np.array([0.0, 0.0, 1.0, 1.0]))
    0.875
    """
    positive = outcome > 0
    count, others = int(positive.sum()), int((~positive).sum())
    if not count or not others:
        return 0.5
    _, back, counts = np.unique(said, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[back]  # the mean rank of ties
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * others))


def lift_at(said: Array, outcome: Array, share: float = 0.1) -> float:
    """How many times as often it came among those told most, the top `share`, as among all. Ties count by their mean.

    >>> lift_at(np.array([0.9, 0.1, 0.2, 0.3]), np.array([1.0, 0.0, 1.0, 0.0]), 0.25)
    2.0
    """
    base = float(outcome.mean())
    if not base:
        return 1.0
    wanted = max(1.0, share * len(said))
    border = np.sort(said)[::-1][int(np.ceil(wanted)) - 1]
    above, at = said > border, said == border
    # Of the people at the border only so many are wanted as complete the share.
    part = (wanted - above.sum()) / at.sum()
    return float((outcome[above].sum() + part * outcome[at].sum()) / wanted / base)


def reliability(said: Array, outcome: Array, bins: int = BINS) -> list[Bin]:
    """The reliability curve: bins of about equally many people, by what they were told; equal ones stay together."""
    edges = np.unique(np.quantile(said, np.linspace(0, 1, bins + 1)[1:-1]))
    place = np.searchsorted(edges, said, side="right")
    return [_bin(said[place == one], outcome[place == one]) for one in np.unique(place)]


def _bin(said: Array, outcome: Array) -> Bin:
    people, came = len(said), float(outcome.mean())
    if set(np.unique(outcome)) <= {0.0, 1.0}:
        low, high = wilson(came, people)
    else:
        half = _Z * float(outcome.std()) / float(np.sqrt(people))
        low, high = came - half, came + half
    return Bin(float(said.mean()), came, low, high, people)


def wilson(rate: float, people: int) -> tuple[float, float]:
    """The 95 % interval of a rate. Wilson, J. Am. Stat. Assoc. 22 (1927).

    >>> tuple(round(one, 4) for one in wilson(0.5, 100))
    (0.4038, 0.5962)
    """
    square = _Z * _Z / people
    middle = (rate + square / 2) / (1 + square)
    half = _Z * float(np.sqrt(rate * (1 - rate) / people + square / (4 * people))) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def off(curve: list[Bin]) -> float:
    """The expected calibration error: how far said and come lie apart, over all people."""
    people = sum(one.people for one in curve)
    return sum(one.people * abs(one.said - one.came) for one in curve) / people if people else 0.0


class Gain(NamedTuple):
    """How much less is lost than by something simpler, a person; with the half of its 95 % interval."""

    mean: float
    half: float

    @property
    def is_real(self) -> bool:
        """Whether it is beyond noise."""
        return self.mean - self.half > 0


def gain(losses: Array, simpler: Array) -> Gain:
    """The paired difference of two losses of the same people.

    >>> gain(np.array([0.1, 0.1, 0.2]), np.array([0.3, 0.2, 0.3])).is_real
    True
    """
    saved = simpler - losses
    if len(saved) < 2:
        return Gain(float(saved.sum()), float("inf"))
    return Gain(float(saved.mean()), _Z * float(saved.std(ddof=1)) / float(np.sqrt(len(saved))))
