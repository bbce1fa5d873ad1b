"""A person's live history as the arrays that scoring takes; made from the profile at each request."""

from typing import NamedTuple

import numpy as np

from tailorbird.events import DAY_MS
from tailorbird.know.profile import Touch
from tailorbird.offer.recommend.contacts import KINDS
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.model import Rows, Values

CART_MS = 7 * DAY_MS
CLICK_FLOOR = 0.02  # below this a click says nothing about the visit any more


class History(NamedTuple):
    """Contacts, oldest first: ids, kinds, slots (-1 for unknown items), and the worth of each now."""

    ids: list[str]
    kinds: list[int]
    slots: Rows
    long: Values
    live: Values
    speakers: dict[str, tuple[float, int]]  # live category -> (summed worth, position of its strongest contact)
    cart: frozenset[str] = frozenset()


NOTHING = History([], [], np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32), {})


def history_of(recent: list[Touch], joint: Joint, now: int) -> History:
    """The history of these contacts. Worth depends on a contact's own kind and age only, never on its neighbours:
    so taking one away can raise no item's score.
    """
    from tailorbird.offer.recommend.kernel import fade

    if not recent:
        return NOTHING
    slot = joint.slot.get
    ids = [touch.item for touch in recent]
    kinds = [KINDS.get(touch.kind, 3) for touch in recent]
    slots = np.array([slot(item_id, -1) for item_id in ids], np.int32)
    kind, at = np.array(kinds), np.array([touch.at for touch in recent], np.float64)
    long, live = fade(at, kind, float(now), *joint.fading)
    cart = cart_of(recent, now) if KINDS["added"] in kinds else frozenset[str]()
    return History(ids, kinds, slots, long, live, live_categories(joint, ids, live), cart)


def context_history(ids: list[str], joint: Joint) -> History:
    """The items a page is about, as a history of their own: for "goes with" recipes."""
    slots = np.array([joint.slot.get(item_id, -1) for item_id in ids], np.int32)
    live = np.full(len(ids), joint.model.manifest.weights.first, np.float32)
    kinds = [KINDS["context"]] * len(ids)
    return History(ids, kinds, slots, np.zeros(len(ids), np.float32), live, live_categories(joint, ids, live))


def live_categories(joint: Joint, ids: list[str], live: Values) -> dict[str, tuple[float, int]]:
    """Category -> (summed live worth of its contacts, position of the strongest, the later of equals)."""
    found: dict[str, tuple[float, int]] = {}
    floor = CLICK_FLOOR * joint.model.manifest.weights.first
    for position in np.flatnonzero(live > floor).tolist():
        item = joint.shelf.item(ids[position])
        if item is not None:
            total, best = found.get(item.category, (0.0, position))
            best = position if live[position] >= live[best] else best
            found[item.category] = total + float(live[position]), best
    return found


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
