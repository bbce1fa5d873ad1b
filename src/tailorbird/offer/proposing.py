"""Who proposes in a placement: its recipe, new items among it, and behind it what fills the page."""

from collections.abc import Iterator
from itertools import chain

from tailorbird.offer.fillers import fillers
from tailorbird.offer.newcomers import with_newcomers
from tailorbird.offer.recommend.rank import Ask, Proposal, ranked
from tailorbird.offer.similar import similar

ALONE = ("buy_again", "similar")  # recipes that rather show nothing than something else


def led_by(ask: Ask) -> Iterator[Proposal]:
    """What the recipe itself proposes, best first."""
    recipe = ask.placement.recipe
    if recipe == "similar":
        return similar(ask)
    return ranked(ask) if recipe in ALONE else with_newcomers(ask, ranked(ask))


def proposals(ask: Ask) -> Iterator[Proposal]:
    """All of it, one by one: whoever takes no further than needed pays for no more."""
    return led_by(ask) if ask.placement.recipe in ALONE else chain(led_by(ask), fillers(ask))
