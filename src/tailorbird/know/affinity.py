"""What a person leans to: sums of contacts that fade by half every thirty days.

Forward decay (Cormode, Shkapenyuk, Srivastava, Xu: "Forward Decay", ICDE 2009): each contact is kept at the weight it
has seen from a fixed landmark, `weight * 2 ** ((t - LANDMARK) / half-life)`, and is scaled back to `now` when read.
So an affinity is one float, adding is a plain sum, and the order of arrival and of merging does not matter.
"""

from collections.abc import Mapping
from math import exp, log

from tailorbird.events import DAY_MS

HALF_LIFE_DAYS = 30
RATE = log(2) / (HALF_LIFE_DAYS * DAY_MS)  # per ms
LANDMARK = 1_577_836_800_000  # 2020-01-01; floats carry it until the year 2100
# "removed" leaves what was there.
WEIGHTS = {"viewed": 1.0, "clicked": 2.0, "added": 3.0, "bought": 5.0}
NAMES = 100  # categories, and brands, a profile keeps


def forward(weight: float, at: int) -> float:
    """What a contact of `weight` at `at` (ms) adds to an affinity."""
    return weight * exp(RATE * (at - LANDMARK))


def lean(affinities: dict[str, float], name: str, value: float) -> None:
    """Add one contact, as `forward` gives it."""
    if name in affinities:
        affinities[name] += value
        return
    affinities[name] = value
    if len(affinities) > NAMES:
        forget(affinities)


def decayed(affinity: float, now: int) -> float:
    """An affinity's value at `now`.

    >>> round(decayed(forward(8.0, at=0), now=60 * 86_400_000), 9)
    2.0
    """
    return affinity * exp(RATE * (LANDMARK - now))


def shares(affinities: Mapping[str, float], now: int = 0) -> dict[str, float]:
    """Each one's part of the whole, largest first; they add up to 1. All fade alike, so it is the same at any `now`.

    >>> shares({"tea": 3.0, "milk": 1.0})
    {'tea': 0.75, 'milk': 0.25}
    """
    whole = sum(affinities.values())
    ordered = sorted(affinities.items(), key=lambda pair: (-pair[1], pair[0]))
    return {name: value / whole for name, value in ordered} if whole > 0 else {}


def forget(affinities: dict[str, float]) -> None:
    """Drop the weakest fifth, so that the next names come without this work."""
    # Names break ties, so that equal weights go in the same order everywhere.
    weakest = sorted(affinities, key=lambda name: (affinities[name], name))
    for name in weakest[: len(affinities) - NAMES * 4 // 5]:
        del affinities[name]


def joined(a: Mapping[str, float], b: Mapping[str, float]) -> dict[str, float]:
    """The affinities of both."""
    both = dict(a)
    for name, value in b.items():
        both[name] = both.get(name, 0.0) + value
    if len(both) > NAMES:
        forget(both)
    return both
