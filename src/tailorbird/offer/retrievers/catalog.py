"""The catalog: which recipes suit which kind of question, cheapest first. An entry makes one known to `auto`."""

from typing import Literal

import msgspec

from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.popular import PopularRecipe
from tailorbird.offer.retrievers.retriever import Kind, Recipe

ALL: tuple[Kind, ...] = ("collaborative", "next-item", "sessions", "baskets")


class Entry(msgspec.Struct, frozen=True):
    """A recipe with its defaults, and what has to be known before it is tried."""

    recipe: Recipe
    kinds: tuple[Kind, ...]
    needs: tuple[Literal["attributes", "time"], ...] = ()
    online: bool = True  # cheap enough to answer one history within a request
    floor: bool = False  # printed beside the others, untuned and never blended: what a model has to beat

    @property
    def name(self) -> str:
        return self.recipe.name


CATALOG: tuple[Entry, ...] = (Entry(PopularRecipe(), ALL),)


def entries(kind: Kind, known: Histories) -> list[Entry]:
    """What can be tried on such data."""
    has = {"attributes": known.attributes is not None, "time": known.at is not None}
    return [entry for entry in CATALOG if kind in entry.kinds and all(has[need] for need in entry.needs)]
