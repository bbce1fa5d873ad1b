"""Choosing a recipe: settings, weights and what the item-to-item table is made of, on the validation part only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tailorbird.offer.recommend.blend import MARGIN, chosen_weights, with_first
from tailorbird.offer.recommend.evaluate import evaluate, pages, scored, targets_of
from tailorbird.offer.recommend.fit import fit, with_weights
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.item_to_item import nearest
from tailorbird.offer.recommend.model import Manifest, Model, Weights
from tailorbird.offer.recommend.noise import differences
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.recommend.settings import MadeOf, Nearness, Settings
from tailorbird.offer.shelf import Shelf

if TYPE_CHECKING:
    from tailorbird.offer.recommend.learned_near import Tables


MEASURED_AT = 20
OF_TABLES = ("item", "half_life_days")  # the weights that go with an item-to-item table


class Chosen(NamedTuple):
    """What a choice came to; `trials` of tuning were done for it."""

    settings: Settings
    weights: Weights
    trials: int = 0


@dataclass(frozen=True)
class Bench:
    """What choosing goes by: the training part, and the validation moments behind it."""

    lines: Interactions
    shelf: Shelf
    moments: list[Case]
    now: int  # ms: where the training part ends
    more: list[Case] = field(default_factory=list)  # other moments behind it, from which tables are learned

    @cached_property
    def plain(self) -> Model:
        """The model of the settings as they come."""
        return fit(self.lines, self.now, Manifest(""))

    def model(self, settings: Settings) -> Model:
        """The model of these settings."""
        if settings == self.plain.manifest.settings:
            return self.plain
        # What retrievers say goes by no setting, but the table of sessions beside them goes by `nearness`.
        said = self.said if settings.made_of and settings.nearness == Nearness() else None
        return fit(self.lines, self.now, Manifest("", settings=settings), self.plain, said)

    @cached_property
    def said(self) -> "Tables":
        """What each retriever says of the items."""
        from tailorbird.offer.recommend.learned_near import tables

        lines = self.lines.by_frequency()
        return tables(lines, nearest(lines, Nearness()))

    @cached_property
    def found(self) -> MadeOf:
        """What they make together, in the weights that suit the other moments best; empty where it is no gain."""
        from tailorbird.offer.recommend.learned_near import made_of

        return made_of(self.said, self.plain.ids, self.more)

    def weighed(self, model: Model) -> Weights:
        """The best weights for it that a coordinate search finds."""
        return chosen_weights(model, self.shelf, self.moments)

    def reweighed(self, model: Model, weights: Weights) -> Weights:
        """The same for what another item-to-item table may change, from weights that suit the one before."""
        return chosen_weights(model, self.shelf, self.moments, weights, OF_TABLES)

    def score(self, model: Model, weights: Weights) -> float:
        """NDCG@20 of the model with these weights, on the validation moments."""
        return float(evaluate(with_weights(model, weights), self.shelf, self.moments)["ndcg@20"])

    def finished(self, model: Model, weights: Weights) -> Weights:
        """The weights with the unit in which clicks count, measured for them."""
        return with_first(model, self.shelf, self.moments, weights)


Choose = Callable[[Bench], Chosen]


def untuned(bench: Bench, champion: Manifest | None = None) -> Chosen:
    """The champion's settings, else as they come; the best weights found for them, or its own if these are better.

    So what a tuning found lives on in the trainings of the nights that follow.
    """
    settings = champion.settings if champion else Settings()
    model = bench.model(settings)
    found = bench.weighed(model)
    # Its weights may have come from a long tuning: what one search finds gives way where they are better.
    if champion and bench.score(model, champion.weights) > MARGIN * bench.score(model, found):
        found = bench.finished(model, champion.weights)
    return Chosen(settings, found)


def with_learned_near(bench: Bench, chosen: Chosen) -> Chosen:
    """The same with another item-to-item table, where that is better beyond noise in the whole blend.

    So a champion gives up the table that it has only for a better one: learned anew, or that of sessions.
    """
    best = chosen
    # (): the table of sessions alone, which may also be what was found.
    for made_of in dict.fromkeys([bench.found, ()]):
        if made_of != chosen.settings.made_of:
            settings = msgspec.structs.replace(chosen.settings, made_of=made_of)
            weights = bench.reweighed(bench.model(settings), best.weights)
            other = best._replace(settings=settings, weights=weights)
            best = other if _better(bench, other, best) else best
    return best


def _better(bench: Bench, one: Chosen, other: Chosen) -> bool:
    """Whether the first is better beyond noise, by NDCG@20 on the validation moments."""
    targets = targets_of(bench.moments, bench.shelf)
    lists = (
        pages(with_weights(bench.model(chosen.settings), chosen.weights), bench.shelf, bench.moments, MEASURED_AT)
        for chosen in (one, other)
    )
    mine, theirs = ({"ndcg": scored(shown, targets, (MEASURED_AT,))[f"ndcg@{MEASURED_AT}"]} for shown in lists)
    return bool(bench.moments) and differences(mine, theirs, targets.person)["ndcg"].better
