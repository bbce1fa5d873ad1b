"""Buy it again: the chance that the next basket holds an item that this person has bought before.

The chance is read from a table that training counts out (so it is calibrated on the site's own data), by

    times   how often it was bought                                      1, 2, 3, 4-6, 7 and more
    rate    share of the person's orders since the first time that hold it
    ratio   time since the last time, in units of the person's own gap between two of them

times `loyalty`, how much more often the item itself is bought again than the table says (shrunk towards 1).
A person's own frequency with recency is the strongest single signal for baskets: Hu et al., "Modeling Personalized Item
Frequency Information for Next-basket Recommendation", SIGIR 2020, section 3.
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.profile import Bought, Profile
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.model import Rows, Values

Doubles = NDArray[np.float64]

TIMES = np.array([1.5, 2.5, 3.5, 6.5])
RATES = np.array([0.05, 0.1, 0.15, 0.22, 0.3, 0.45, 0.65])
RATIOS = np.array([0.2, 0.4, 0.7, 1.0, 1.5, 2.5, 5.0])
SHORTEST_GAP_MS = 12 * HOUR_MS
UNKNOWN_GAP_MS = 7 * DAY_MS


def again_of(profile: Profile, joint: Joint, now: int) -> tuple[Rows, Values]:
    """Slots of what the person bought before (-1 for unknown items), and the chance that the next basket holds each."""
    from tailorbird.offer.recommend.kernel import chances

    if not profile.bought:
        return np.empty(0, np.int32), np.empty(0, np.float32)
    slot, model = joint.slot.get, joint.model
    slots = np.array([slot(item_id, -1) for item_id in profile.bought], np.int32)
    columns = bought_columns(profile.bought.values())
    edges = (TIMES, RATES, RATIOS, float(SHORTEST_GAP_MS))
    return slots, chances((*columns, slots), float(now), order_gap_ms(profile), edges, model.again, model.loyalty)


def bought_columns(held: Collection[Bought]) -> tuple[Doubles, Doubles, Doubles]:
    """(times, first_at, last_at) of the bought items."""
    return (
        np.array([item.times for item in held], np.float64),
        np.array([item.first_at for item in held], np.float64),
        np.array([item.last_at for item in held], np.float64),
    )


def order_gap_ms(profile: Profile) -> float:
    """Mean time between two orders of this person; a week where one order or none is known."""
    if profile.orders < 2:
        return float(UNKNOWN_GAP_MS)
    return max(float(SHORTEST_GAP_MS), (profile.last_order_at - profile.first_order_at) / (profile.orders - 1))
