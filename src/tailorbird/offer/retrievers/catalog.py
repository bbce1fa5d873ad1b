"""The catalog: which recipes suit which kind of question, cheapest first. An entry makes one known to `auto`."""

from typing import Literal

import msgspec

from tailorbird.offer.retrievers.als import AlsRecipe
from tailorbird.offer.retrievers.biased_svd import BiasedSvdRecipe
from tailorbird.offer.retrievers.bpr import BprRecipe
from tailorbird.offer.retrievers.co_occurrence import CoOccurrenceRecipe
from tailorbird.offer.retrievers.content import ContentRecipe
from tailorbird.offer.retrievers.deflated import DeflatedRecipe
from tailorbird.offer.retrievers.ease import EaseRecipe
from tailorbird.offer.retrievers.embeddings import EmbeddingsRecipe
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.item_knn import ItemKnnRecipe
from tailorbird.offer.retrievers.local_ridge import LocalRidgeRecipe
from tailorbird.offer.retrievers.next_basket import NextBasketRecipe
from tailorbird.offer.retrievers.own_frequency import OwnFrequencyRecipe
from tailorbird.offer.retrievers.personal_frequency import PersonalFrequencyRecipe
from tailorbird.offer.retrievers.popular import PopularRecipe
from tailorbird.offer.retrievers.rating import MeansRecipe, RatingRecipe
from tailorbird.offer.retrievers.reorder import ReorderRecipe
from tailorbird.offer.retrievers.repeats import RepeatsRecipe
from tailorbird.offer.retrievers.retriever import Kind, Recipe
from tailorbird.offer.retrievers.rules import RulesRecipe
from tailorbird.offer.retrievers.sequential_ridge import SequentialRidgeRecipe
from tailorbird.offer.retrievers.session_knn import SessionKnnRecipe
from tailorbird.offer.retrievers.spectral import SpectralRecipe
from tailorbird.offer.retrievers.stan import StanRecipe
from tailorbird.offer.retrievers.three_hop import ThreeHopRecipe
from tailorbird.offer.retrievers.two_step import TwoStepRecipe
from tailorbird.offer.retrievers.user_knn import UserKnnRecipe

ALL: tuple[Kind, ...] = ("collaborative", "next-item", "sessions", "baskets")
COLLABORATIVE: tuple[Kind, ...] = ("collaborative",)
SEQUENCES: tuple[Kind, ...] = ("next-item", "sessions")
WITHOUT_ORDER: tuple[Kind, ...] = ("collaborative", "next-item")  # what a history holds says much of what comes next
BASKETS: tuple[Kind, ...] = ("baskets",)


class Entry(msgspec.Struct, frozen=True):
    """A recipe with its defaults, and what has to be known before it is tried."""

    recipe: Recipe
    kinds: tuple[Kind, ...]
    needs: tuple[Literal["attributes", "time", "vectors"], ...] = ()
    online: bool = True  # cheap enough to answer one history within a request
    floor: bool = False  # printed beside the others, untuned and never blended: what a model has to beat

    @property
    def name(self) -> str:
        return self.recipe.name


# The order is that in which they get their share of the time: what the cheap ones leave goes to the dear ones.
CATALOG: tuple[Entry, ...] = (
    Entry(PopularRecipe(), ALL),
    Entry(ItemKnnRecipe(), COLLABORATIVE, floor=True),
    Entry(OwnFrequencyRecipe(filled=False), BASKETS, floor=True),
    Entry(OwnFrequencyRecipe(), BASKETS, floor=True),
    Entry(ThreeHopRecipe(), WITHOUT_ORDER),
    Entry(LocalRidgeRecipe(), COLLABORATIVE),
    Entry(UserKnnRecipe(), COLLABORATIVE, online=False),
    Entry(SpectralRecipe(), COLLABORATIVE),
    Entry(DeflatedRecipe(), COLLABORATIVE),
    Entry(EaseRecipe(), COLLABORATIVE),
    Entry(AlsRecipe(), WITHOUT_ORDER),
    Entry(BprRecipe(), COLLABORATIVE),
    Entry(ContentRecipe(), ALL, needs=("attributes",)),
    Entry(EmbeddingsRecipe(), ALL, needs=("vectors",)),
    Entry(RepeatsRecipe(), SEQUENCES),
    Entry(RulesRecipe(), SEQUENCES),
    Entry(CoOccurrenceRecipe(), SEQUENCES),
    Entry(TwoStepRecipe(), SEQUENCES),
    Entry(SessionKnnRecipe(), SEQUENCES),
    Entry(StanRecipe(), SEQUENCES),
    Entry(SequentialRidgeRecipe(), SEQUENCES),
    Entry(PersonalFrequencyRecipe(), BASKETS),
    Entry(ReorderRecipe(), BASKETS),
    Entry(NextBasketRecipe(), BASKETS, online=False),
)

RATINGS: tuple[RatingRecipe, ...] = (MeansRecipe(), BiasedSvdRecipe())


def entries(kind: Kind, known: Histories) -> list[Entry]:
    """What can be tried on such data."""
    has = {"attributes": known.attributes, "time": known.at, "vectors": known.vectors}
    return [entry for entry in CATALOG if kind in entry.kinds and all(has[need] is not None for need in entry.needs)]
