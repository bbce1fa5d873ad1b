"""Who proposes in a placement: its recipe, new items among it, and behind it what fills the page."""

from collections.abc import Iterator
from itertools import chain

from tailorbird.offer.fillers import fillers
from tailorbird.offer.newcomers import with_newcomers
from tailorbird.offer.recommend.rank import Ask, Found, Proposal, proposed, ranked
from tailorbird.offer.similar import similar

ALONE = ("buy_again", "similar")  # recipes that rather show nothing than something else


def led_by(ask: Ask, found: Found | None = None) -> Iterator[Proposal]:
    """What the recipe itself proposes, best first. `found`: its columns, where they were asked for already."""
    recipe = ask.placement.recipe
    if recipe == "similar":
        return similar(ask)
    first = ranked(ask) if found is None else proposed(found)
    return first if recipe in ALONE else with_newcomers(ask, first)


def proposals(ask: Ask, found: Found | None = None) -> Iterator[Proposal]:
    """All of it, one by one: whoever takes no further than needed pays for no more."""
    first = led_by(ask, found)
    return first if ask.placement.recipe in ALONE else chain(first, fillers(ask))
