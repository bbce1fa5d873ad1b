"""How sure a trait's value is, from 0 (not known) to 1.

    said by the person    0.5 ** (age / half-life): what was said two years ago is half as sure to hold
    computed              1 for what was counted, less where a statistic passed its cap; 0 where it is NULL
    filled in             what hiding known values said of the filling (`cluster.filling.Hidden.confidence`)

These are not probabilities of anything but a common scale, so that a site can ask where to ask.
"""

from collections.abc import Collection, Mapping

from tailorbird.events import DAY_MS
from tailorbird.know.profile import Profile

HALF_LIFE_DAYS = 730.0
APPROXIMATE = 0.9  # of a statistic that passed its cap


def of_said(at: int, now: int, half_life_days: float = HALF_LIFE_DAYS) -> float:
    """Of what a person said at `at` (ms).

    >>> of_said(at=0, now=730 * DAY_MS)
    0.5
    """
    return float(0.5 ** (max(now - at, 0) / (half_life_days * DAY_MS)))


def of_computed(value: object, *, approximate: bool = False) -> float:
    """Of what was computed from events.

    >>> of_computed(3.0), of_computed(3.0, approximate=True), of_computed(None)
    (1.0, 0.9, 0.0)
    """
    if value is None:
        return 0.0
    return APPROXIMATE if approximate else 1.0


def confidences(
    profile: Profile | None, now: int, computed: Mapping[str, object] | None = None, approximate: Collection[str] = ()
) -> dict[str, float]:
    """Of each trait that the person declared, and of each computed one; rounded to four places.

    >>> profile = Profile(b"p" * 16, traits={"age": 40}, trait_at={"age": 0})
    >>> confidences(profile, now=0, computed={"orders": 2.0, "basket": None})
    {'age': 1.0, 'orders': 1.0, 'basket': 0.0}
    """
    said = profile.trait_at if profile is not None else {}
    found = {name: round(of_said(at, now), 4) for name, at in said.items()}
    for name, value in (computed or {}).items():
        found[name] = of_computed(value, approximate=name in approximate)
    return found
