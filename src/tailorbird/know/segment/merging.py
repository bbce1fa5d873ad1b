"""Two standings that prove to be one person's."""

from tailorbird.know.segment.plan import Plan
from tailorbird.know.segment.standing import Standing


def join(plan: Plan, standing: Standing, other: Standing) -> bool:
    """Take the slots and members of `other` in; False, with both in an unknown state, where only folding anew can."""
    for slot in plan.all_slots():
        mine, theirs = getattr(standing, slot.name), getattr(other, slot.name)
        # A number is drawn for the person, whose id is `standing`'s.
        if slot.statistic is None or theirs is None:
            continue
        if mine is None:
            setattr(standing, slot.name, theirs)
        elif slot.statistic.joins:
            mine += theirs
        else:
            return False
    standing.at = max(standing.at, other.at)
    for segment, since in other.members.items():
        standing.members[segment] = min(since, standing.members.get(segment, since))
    return True
