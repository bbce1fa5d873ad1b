"""Buy it again: the chance that the next basket holds an item that this person has bought before.

The chance is read from a table that training counts out (so it is calibrated on the site's own data), by

    times   how often it was bought                                      1, 2, 3, 4-6, 7 and more
    rate    share of the person's orders since the first time that hold it
    ratio   time since the last time, in units of the person's own gap between two of them

times `loyalty`, how much more often the item itself is bought again than the table says (shrunk towards 1).
A person's own frequency with recency is the strongest single signal for baskets: Hu et al., "Modeling Personalized Item
Frequency Information for Next-basket Recommendation", SIGIR 2020, section 3.
"""

import numpy as np

from tailorbird.offer.recommend.join import NO_SLOTS, NO_VALUES, Joint
from tailorbird.offer.recommend.model import Rows, Values
from tailorbird.offer.recommend.person import SHORTEST_GAP_MS, Person

TIMES = np.array([1.5, 2.5, 3.5, 6.5])
RATES = np.array([0.05, 0.1, 0.15, 0.22, 0.3, 0.45, 0.65])
RATIOS = np.array([0.2, 0.4, 0.7, 1.0, 1.5, 2.5, 5.0])
EDGES = TIMES, RATES, RATIOS, float(SHORTEST_GAP_MS)


def again_of(person: Person, joint: Joint, now: int) -> tuple[Rows, Values]:
    """Slots of what the person bought before (-1 for unknown items), and the chance that the next basket holds each."""
    columns, model = person.columns(joint), joint.model
    if not len(columns.bought_slots):
        return NO_SLOTS, NO_VALUES
    from tailorbird.offer.recommend.again_kernel import chances

    bought = (*columns.bought, columns.bought_slots)
    return columns.bought_slots, chances(bought, float(now), columns.order_gap_ms, EDGES, model.again, model.loyalty)
