"""Exploration: some places are filled by chance among the next candidates, with the probability of what came out.

Each place is thrown for on its own: with the chance `share` it is given to a candidate that is drawn without putting
back, else it keeps what the ranking put there. So of a page with n places, m of them given by chance, and k candidates

    P(page)          = share^m (1 - share)^(n - m) (k - m)! / k!
    P(item in place) = 1 - share where it was ranked there, share / k where it was drawn

the propensities that off-policy evaluation divides by (Horvitz & Thompson 1952). With fewer candidates than places the
first places are left alone, so that this stays exact. There is no chance in it but the seed's: the same seed and
candidates give the same page.
"""

from dataclasses import dataclass
from hashlib import shake_128
from math import factorial
from typing import Generic, TypeVar

import numpy as np

E = TypeVar("E")
_FACES = 1 << 32


@dataclass(frozen=True, slots=True)
class Explored(Generic[E]):
    """A page with what chance did to it."""

    page: list[E]
    chances: list[float]  # of each entry to stand where it stands
    probability: float  # of the whole page
    places: list[int]  # from 0: where chance chose


def explored(page: list[E], spare: list[E], share: float, seed: str) -> Explored[E]:
    """The page with a `share` of its places, on average, filled from `spare`.

    >>> explored(["a", "b"], ["c", "d"], 0.5, "d7")
    Explored(page=['a', 'c'], chances=[0.5, 0.25], probability=0.125, places=[1])
    """
    n, k = len(page), len(spare)
    first = max(0, n - k)
    # From the decision's id and not from a generator: whoever has the log can throw again and check the propensities.
    thrown = np.frombuffer(shake_128(seed.encode()).digest(4 * (n - first + k)), "<u4")
    places = [first + int(place) for place in np.flatnonzero(thrown[: n - first] < share * _FACES)]
    drawn = np.argsort(thrown[n - first :], kind="stable").tolist()
    found, chances = list(page), [1.0] * first + [1 - share] * (n - first)
    for place, which in zip(places, drawn, strict=False):
        found[place], chances[place] = spare[which], share / k
    m = len(places)
    ways = factorial(k) // factorial(k - m)
    return Explored(found, chances, share**m * (1 - share) ** (n - first - m) / ways, places)
