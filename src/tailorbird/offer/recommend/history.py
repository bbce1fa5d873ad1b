"""The contacts that a page starts from: the person's own, or the items that the page is about."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.events import DAY_MS
from tailorbird.know.profile import Touch
from tailorbird.offer.recommend.contacts import KINDS
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.person import NO_COLUMNS, Columns

CART_MS = 7 * DAY_MS
CONTEXT = KINDS["context"]


class History(msgspec.Struct, frozen=True, gc=False):
    """Contacts, oldest first. What each is worth depends on its own kind and age only, never on its neighbours: so
    taking one away can raise no item's score.
    """

    ids: list[str]
    kinds: list[int]
    past: tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.float64]]  # slots (-1: unknown), kinds, times in ms
    said: list[str]  # what `reasons` says of each contact, "" until it is asked
    lent: NDArray[np.int64]  # addresses of `past`: see lending.py


def history_of(columns: Columns) -> History:
    """The person's own."""
    return History(columns.ids, columns.kinds, (columns.slots, columns.kind, columns.at), columns.said, columns.lent)


NOTHING = history_of(NO_COLUMNS)


def context_history(ids: list[str], joint: Joint, now: int) -> History:
    """The items a page is about, as a history of this moment: for "goes with" recipes."""
    from tailorbird.offer.recommend.lending import lend_past

    past = joint.slots_of(ids), np.full(len(ids), CONTEXT, np.int8), np.full(len(ids), float(now))
    return History(ids, [CONTEXT] * len(ids), past, [""] * len(ids), lend_past(past))


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
