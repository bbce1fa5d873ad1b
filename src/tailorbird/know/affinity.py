"""What a person leans to: sums of contacts that fade by half every thirty days.

An affinity is sum(weight_i * 2 ** -((t - t_i) / half-life)), kept as its value at the time of its latest contact;
an older contact that arrives late is faded before it is added, so the order of arrival does not matter.
"""

from collections.abc import Mapping
from math import exp, log

from tailorbird.events import DAY_MS
from tailorbird.know.profile import Decayed

HALF_LIFE_DAYS = 30
RATE = log(2) / (HALF_LIFE_DAYS * DAY_MS)  # per ms
WEIGHTS = {"viewed": 1.0, "clicked": 2.0, "added": 3.0, "bought": 5.0}  # "removed" leaves what was there
NAMES = 100  # categories, and brands, a profile keeps


def lean(affinities: dict[str, Decayed], name: str, weight: float, at: int) -> None:
    """Add one contact of `weight` at `at`."""
    known = affinities.get(name)
    if known is None:
        affinities[name] = Decayed(weight, at)
        if len(affinities) > NAMES:
            forget(affinities)
        return
    gap = at - known.at
    if gap > 0:
        known.value = known.value * exp(-RATE * gap) + weight
        known.at = at
    else:
        known.value += weight * exp(RATE * gap)


def decayed(affinity: Decayed, now: int) -> float:
    """Its value at `now`.

    >>> decayed(Decayed(8.0, at=0), now=60 * 86_400_000)
    2.0
    """
    return affinity.value * exp(-RATE * (now - affinity.at))


def shares(affinities: Mapping[str, Decayed], now: int) -> dict[str, float]:
    """Each one's part of the whole at `now`, largest first; they add up to 1.

    >>> shares({"tea": Decayed(3.0, 0), "milk": Decayed(1.0, 0)}, now=0)
    {'tea': 0.75, 'milk': 0.25}
    """
    values = {name: decayed(affinity, now) for name, affinity in affinities.items()}
    whole = sum(values.values())
    ordered = sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
    return {name: value / whole for name, value in ordered} if whole > 0 else {}


def forget(affinities: dict[str, Decayed]) -> None:
    """Drop the weakest fifth, so that the next names come without this work."""
    # log(value) + RATE * at orders them as their values at any one time do, without over- or underflow.
    strength = {name: log(kept.value or 1e-300) + RATE * kept.at for name, kept in affinities.items()}
    weakest = sorted(strength, key=lambda name: (strength[name], name))
    for name in weakest[: len(affinities) - NAMES * 4 // 5]:
        del affinities[name]


def joined(a: Mapping[str, Decayed], b: Mapping[str, Decayed]) -> dict[str, Decayed]:
    """The affinities of both."""
    both = {name: Decayed(kept.value, kept.at) for name, kept in a.items()}
    for name, kept in sorted(b.items()):
        lean(both, name, kept.value, kept.at)
    return both
