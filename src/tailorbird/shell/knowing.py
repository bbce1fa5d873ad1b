"""How sure and how complete what is known of a person is, as the API and the command line show it."""

from collections.abc import Collection, Mapping
from typing import Any

from tailorbird.know.confidence import confidences
from tailorbird.know.profile import Profile
from tailorbird.offer.placement import Placements
from tailorbird.offer.question import complete


def knowing(
    profile: Profile, placements: Placements, now: int, computed: Mapping[str, Any], approximate: Collection[str]
) -> dict[str, Any]:
    """The confidence of each trait; and where the site asks questions, the profile's completeness and what is missing.

    >>> from tailorbird.offer.placement import BUILT_IN
    >>> profile = Profile(b"p" * 16, traits={"age": 40}, trait_at={"age": 0})
    >>> knowing(profile, BUILT_IN, 0, {"orders": 3.0}, [])
    {'confidence': {'age': 1.0, 'orders': 1.0}}
    """
    shown: dict[str, Any] = {"confidence": confidences(profile, now, computed, approximate)}
    wanted = {trait: one for placement in placements.values() for trait, one in placement.ask.items()}
    if wanted:
        told = complete(wanted, profile, now)
        missing = [{"trait": gain.trait, "gain": round(gain.by, 4)} for gain in told.missing]
        shown["completeness"] = {"score": round(told.score, 4), "missing": missing}
    return shown
