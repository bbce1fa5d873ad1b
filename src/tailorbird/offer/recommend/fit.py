"""Interactions up to one moment become the tables of a model."""

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from tailorbird.events import DAY_MS
from tailorbird.offer.recommend.again_table import again_table
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.item_to_item import Sparse, nearest, typical_nearness
from tailorbird.offer.recommend.model import Manifest, Model, Values, Weights
from tailorbird.offer.recommend.popular import by_segment, popular, trending
from tailorbird.offer.recommend.ratios import learned
from tailorbird.offer.recommend.replay import cases
from tailorbird.offer.recommend.settings import Settings

if TYPE_CHECKING:  # retrievers bring numba and scipy, which a table of sessions need not wait for
    from tailorbird.offer.recommend.learned_near import Tables

AGAIN_DAYS = 42  # the last weeks of the training part, from which the chance of a repeat is counted
AGAIN_CASES = 5000


def fit(
    lines: Interactions, now: int, manifest: Manifest, like: Model | None = None, said: "Tables | None" = None
) -> Model:
    """The model of all contacts in `lines`, as of `now` (ms), by the settings and with the weights of `manifest`.

    `like`: a model of the same contacts at the same time, whose table of repeats, the slow one, is taken over: it goes
    by no setting. `said`: what retrievers say of these contacts, where it is known already.
    """
    # Popular items stand side by side, and what most requests touch stays in the cache (docs/why/044).
    lines, settings = lines.by_frequency(), manifest.settings
    near = nearest(lines, settings.nearness)
    if settings.made_of:
        near = _learned(lines, near, settings, said)
    row = {item_id: number for number, item_id in enumerate(lines.ids)}
    # The slowest table goes by no setting, so a search of settings counts it once.
    again, loyalty = (like.again, like.loyalty) if like else _repeats(lines, now, row)
    segments, segment_rows, segment_values = by_segment(lines, now, settings)
    typical = typical_nearness(near, np.bincount(lines.item, minlength=len(lines.ids)))
    manifest = _described(manifest, lines, segments, typical)
    if settings.made_of:
        # A learned row speaks whole, also for a contact of long ago: weights were learned for the sum of whole rows.
        manifest = msgspec.structs.replace(manifest, long_depth=settings.nearness.neighbours)
    return Model(manifest, lines.ids, near.start, near.column, near.value, popular(lines, now, settings),
                 trending(lines, now, settings), again, loyalty, segment_rows, segment_values,
                 circumstances=learned(lines, now, settings))  # fmt: skip


def _learned(lines: Interactions, near: Sparse, settings: Settings, said: "Tables | None") -> Sparse:
    from tailorbird.offer.recommend.learned_near import learned_near, tables

    said = said or tables(lines, near, [name for name, _ in settings.made_of])
    return learned_near(said, near, settings.made_of, settings.nearness.neighbours)


def _repeats(lines: Interactions, now: int, row: dict[str, int]) -> tuple[Values, Values]:
    return again_table(cases(lines, now - AGAIN_DAYS * DAY_MS, now, AGAIN_CASES), row)


def _described(manifest: Manifest, lines: Interactions, segments: list[tuple[str, str]], near: float) -> Manifest:
    people = len(np.unique(lines.person))
    return msgspec.structs.replace(manifest, segments=segments, interactions=len(lines), people=people, near=near)


def with_weights(model: Model, weights: Weights) -> Model:
    """The same tables, blended differently; without trees, which correct the blend they were learned for."""
    return replace(model, ranker=None, manifest=msgspec.structs.replace(model.manifest, weights=weights))
