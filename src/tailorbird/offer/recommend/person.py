"""A person's profile as the arrays that scoring takes, made once and kept for as long as the profile stays the same."""

from collections.abc import Collection

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.profile import Bought, Profile
from tailorbird.offer.recommend.contacts import KINDS
from tailorbird.offer.recommend.join import NOTHING_LENT, Joint
from tailorbird.offer.recommend.model import Rows

Doubles = NDArray[np.float64]
SHORTEST_GAP_MS = 12 * HOUR_MS
UNKNOWN_GAP_MS = 7 * DAY_MS
SILENT = KINDS["removed"]  # also for kinds of a later release


class Columns(msgspec.Struct, frozen=True, gc=False):
    """What is known of one person that does not change with the time, in the slots of one joint (-1: unknown item)."""

    ids: list[str]  # of the contacts, oldest first
    kinds: list[int]
    slots: Rows
    kind: NDArray[np.int8]
    at: Doubles  # ms
    bought: tuple[Doubles, Doubles, Doubles]  # times, first_at, last_at
    bought_slots: Rows
    order_gap_ms: float
    segments: tuple[int, ...]  # rows of the model's segments whose trait the person shares
    has_cart: bool  # whether anything was put into the cart among the contacts
    said: list[str]  # what `reasons` says of each contact, "" until it is asked
    lent: NDArray[np.int64]  # addresses of slots, kind and at: see lending.py


class Person:
    """A profile that nobody changes any more, its columns for the joint in use, and the segments as of now.

    A page asks for several placements, and comes back: whoever keeps the profile keeps one of these instead.
    """

    __slots__ = ("_columns", "_joint", "_version", "profile", "segments")

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.segments: frozenset[str] = frozenset()  # names; whoever looks the person up says so each time
        self._joint: Joint | None = None
        self._version = -1
        self._columns = NO_COLUMNS

    def columns(self, joint: Joint) -> Columns:
        """The columns in the slots of this joint; an item that came into the catalogue since has its slot."""
        # A changed shelf may know an item that was none before.
        if self._joint is not joint or self._version != joint.version:
            self._columns = _columns_of(self.profile, joint)
            self._joint, self._version = joint, joint.version
        return self._columns


def _columns_of(profile: Profile, joint: Joint) -> Columns:
    from tailorbird.offer.recommend.lending import lend_past

    segment_row = joint.model.segment_row
    recent, bought = profile.recent, profile.bought
    ids = [touch.item for touch in recent]
    kinds = [KINDS.get(touch.kind, SILENT) for touch in recent]
    shared = (segment_row(trait, value) for trait, value in profile.traits.items())
    at = np.array([touch.at for touch in recent], np.float64)
    past = joint.slots_of(ids), np.array(kinds, np.int8), at
    return Columns(
        ids,
        kinds,
        *past,
        bought_columns(bought.values()),
        joint.slots_of(list(bought)),
        order_gap_ms(profile),
        tuple(row for row in shared if row >= 0),
        KINDS["added"] in kinds,
        [""] * len(ids),
        lend_past(past),
    )


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
    # n orders have n - 1 gaps between them.
    return max(float(SHORTEST_GAP_MS), (profile.last_order_at - profile.first_order_at) / (profile.orders - 1))


_NOTHING = np.empty(0, np.float64)
NO_COLUMNS = Columns(
    [], [], np.empty(0, np.int32), np.empty(0, np.int8), _NOTHING, (_NOTHING, _NOTHING, _NOTHING),
    np.empty(0, np.int32), float(UNKNOWN_GAP_MS), (), False, [], NOTHING_LENT,
)  # fmt: skip
