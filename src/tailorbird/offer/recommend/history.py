"""A person's live history as the arrays that scoring takes; made from the profile at each request."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.profile import Touch
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.model import Rows, Values

KINDS = {"viewed": 0, "clicked": 1, "added": 2, "removed": 3, "bought": 4, "context": 5}
# What a contact says for weeks, and what it says about this very visit (in firsts: see Weights.first).
LONG_WORTH = np.array([0.2, 0.3, 0.5, 0.0, 1.0, 0.0])
LIVE_WORTH = np.array([0.5, 0.6, 0.5, 0.0, 0.0, 2.0])
LIVE_HALF_LIFE_MS = 3 * HOUR_MS
CART_MS = 7 * DAY_MS
CLICK_FLOOR = 0.02  # below this a click says nothing about the visit any more


@dataclass(frozen=True, slots=True)
class History:
    """Contacts, oldest first: ids, model rows (-1 for unknown items), and the worth of each now."""

    ids: list[str]
    rows: Rows
    kinds: NDArray[np.int64]
    long: Values
    live: Values
    cart: frozenset[str] = frozenset()


NOTHING = History([], np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.float32))


def history_of(recent: list[Touch], joint: Joint, now: int) -> History:
    """The history of these contacts. Worth depends on a contact's own kind and age only, never on its neighbours:
    so taking one away can raise no item's score.
    """
    from tailorbird.offer.recommend.kernel import fade

    if not recent:
        return NOTHING
    ids = [touch.item for touch in recent]
    kinds = np.array([KINDS.get(touch.kind, 3) for touch in recent])
    at = np.array([touch.at for touch in recent], np.float64)
    weights = joint.model.manifest.weights
    long = fade(at, kinds, float(now), LONG_WORTH * weights.item, weights.half_life_days * DAY_MS)
    live = fade(at, kinds, float(now), LIVE_WORTH * weights.first, float(LIVE_HALF_LIFE_MS))
    rows = np.array([joint.model_row(item_id) for item_id in ids], np.int32)
    return History(ids, rows, kinds, long, live, cart_of(recent, now))


def context_history(ids: tuple[str, ...], joint: Joint) -> History:
    """The items a page is about, as a history of their own: for "goes with" recipes."""
    rows = np.array([joint.model_row(item_id) for item_id in ids], np.int32)
    kinds = np.full(len(ids), KINDS["context"])
    live = np.full(len(ids), joint.model.manifest.weights.first, np.float32)
    return History(list(ids), rows, kinds, np.zeros(len(ids), np.float32), live)


def cart_of(recent: list[Touch], now: int) -> frozenset[str]:
    """What was put into the cart in the last week, and neither taken out nor bought since.

    >>> sorted(cart_of([Touch("a", "added", 1), Touch("b", "added", 2), Touch("a", "bought", 3)], now=4))
    ['b']
    """
    cart: set[str] = set()
    for touch in recent:
        if touch.kind == "added" and touch.at > now - CART_MS:
            cart.add(touch.item)
        elif touch.kind in ("removed", "bought"):
            cart.discard(touch.item)
    return frozenset(cart)


def seen_ids(recent: list[Touch]) -> frozenset[str]:
    """What the person lately looked at or clicked."""
    return frozenset(touch.item for touch in recent if touch.kind in ("viewed", "clicked"))
