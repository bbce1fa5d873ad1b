"""What a person, or somebody who may know, said about them: the last word by the time of the event."""

from collections.abc import Mapping
from typing import Any

from tailorbird.know.profile import Consent, Profile
from tailorbird.know.tables import encode

TRAITS = 500  # names a profile keeps; a client that invents names must not grow it without end
VALUES = 100  # readable identifiers of one type, and groups


def declare(profile: Profile, traits: Mapping[str, Any], at: int) -> None:
    """Take over each trait that is not known from a later event."""
    for name, value in traits.items():
        known_at = profile.trait_at.get(name)
        # What is known already is still updated; only new names are left out.
        if known_at is None and len(profile.traits) >= TRAITS:
            continue
        if known_at is None or at > known_at or (at == known_at and _ahead(value, profile.traits[name])):
            profile.traits[name] = value
            profile.trait_at[name] = at


def _ahead(value: Any, known: Any) -> bool:
    # Two words of the same millisecond: any rule will do that does not depend on which came first.
    return encode(value) > encode(known)


def say(consents: dict[str, Consent], purpose: str, word: Consent) -> None:
    """Take over a word about a purpose unless a later one is known; of two at once the refusal counts."""
    known = consents.get(purpose)
    if known is None or (word.at, not word.granted, word.source) > (known.at, not known.granted, known.source):
        consents[purpose] = word


def include(values: list[str], value: str) -> None:
    """Add a value to a sorted list, once."""
    if value not in values and len(values) < VALUES:
        values.append(value)
        values.sort()
