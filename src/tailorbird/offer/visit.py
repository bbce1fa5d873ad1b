"""Whose popularity counts: that of the visit's circumstances, for who is not known by what they did.

    unknown, or at most FEW_ORDERS orders    popular on this device, in this country, at this hour: recommend/here.py
    known better, or no such circumstance    popular everywhere

Orders, and not the history that speaks, so that taking an item out of the history can raise nothing (docs/why/040).
"""

from tailorbird.consent.purpose import Policy, may
from tailorbird.offer.placement import Placement
from tailorbird.offer.recommend.circumstances import HOUR, NEW, VISITOR, WEEKDAY, Circumstance, hour_of, weekday_of
from tailorbird.offer.recommend.here import Here, here_of
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.request import Request

FEW_ORDERS = 2


def popularity_for(
    placement: Placement, request: Request, joint: Joint, person: Person | None, may_use: bool, now: int
) -> Here | None:
    """The circumstances that stand in for what is not known of somebody; None for popularity as it is everywhere.

    `may_use`: whether what the visit says of itself may be used. The recipe "popular" is for anybody.
    """
    if joint.model.circumstances is None:
        return None
    if person is not None and person.profile.orders > FEW_ORDERS and placement.recipe != "popular":
        return None
    return here_of(joint, circumstances(request, person, may_use, now))


def circumstances(request: Request, person: Person | None, may_use: bool, now: int) -> list[Circumstance]:
    """All that is known of this visit: what it says of itself, the time, whether nobody is known to buy."""
    new = person is None or not person.profile.orders
    always = [(HOUR, hour_of(now)), (WEEKDAY, weekday_of(now)), *([(VISITOR, NEW)] if new else [])]
    # The hour and the weekday are nobody's: they count for those, too, who said no.
    return [*request.visit, *always] if may_use else always


def may_use_visit(person: Person | None, unknown: bool, policy: Policy, now: int) -> bool:
    """Of somebody who may be known, of a stranger by the site's default, and of nobody who said no (law 7)."""
    return person is not None or (unknown and may("personalization", {}, policy, now).allowed)
