"""Declared interests: categories that a person names themselves, in a trait or as the answer to a question.

    score(j) = INTEREST  first  value(rank of j in c)              for each category c that they name

`first` is what a first place typically scores, so what somebody asked for stands above what everybody likes from the
first page on, and below what they did a moment ago. The placement says which traits are interests; a trait holds one
name or a list of them. Names of no category say nothing.
"""

from collections.abc import Iterable

import numpy as np

from tailorbird.know.profile import Profile
from tailorbird.offer.recommend.join import RANK_VALUES, Joint
from tailorbird.offer.recommend.model import Rows, Values
from tailorbird.offer.shelf import Shelf

INTEREST = 0.4  # firsts; a click of this moment is half a first
MOST = 8  # of a list


def declared(profile: Profile, traits: Iterable[str], shelf: Shelf) -> list[str]:
    """The categories of the shelf that these traits name, each once, in the order in which they are named.

    >>> from tailorbird.events import Item
    >>> shop = Shelf([Item("1", category="TEA"), Item("2", category="soap")])
    >>> ann = Profile(b"", traits={"interests": ["tea", "skiing", 7], "hobby": "soap"})
    >>> declared(ann, ["interests", "hobby"], shop)
    ['TEA', 'soap']
    """
    named = (profile.traits.get(trait) for trait in traits)
    # A list may come from outside and be of any length: MOST of it is looked at.
    words = (word for given in named if given for word in (given[:MOST] if given.__class__ is list else [given]))
    found = (_category(word, shelf) for word in words if word.__class__ is str)
    return list(dict.fromkeys(category for category in found if category))


def interesting(categories: list[str], joint: Joint) -> tuple[Rows, Values]:
    """Slots of these categories' first items, each once, and their values, from INTEREST down."""
    slots = joint.tops[[joint.shelf.codes[category] for category in categories]]
    values = np.broadcast_to(np.float32(INTEREST) * RANK_VALUES, slots.shape)
    there = slots >= 0
    return slots[there], values[there]


def _category(word: str, shelf: Shelf) -> str:
    for spelled in (word, word.upper(), word.lower(), word.title(), word.capitalize()):
        if shelf.categories.get(spelled):
            return spelled
    return ""
