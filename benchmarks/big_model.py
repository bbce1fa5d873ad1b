"""A model of 100,000 items, made up in a second: popularity falls from the first to the last, and what is popular is
met and is a neighbour more often (six times of ten it is one of the first fifth).
"""

import time
from pathlib import Path

import numpy as np

from tailorbird.offer.recommend.model import AGAIN_SHAPE, Manifest, Model
from tailorbird.offer.recommend.ranker import Ranker
from tailorbird.offer.recommend.settings import Nearness
from tailorbird.shell.layout import Layout
from tailorbird.shell.models import Models

ITEMS, NEIGHBOURS = 100_000, Nearness().neighbours  # as many as training keeps
POPULAR_POWER = 3


def big(version: str, ranker: Ranker | None = None) -> Model:
    """The model of the items p0, p1 ..."""
    rng, shape = np.random.default_rng(5), ITEMS * NEIGHBOURS
    arrays = {
        "start": np.arange(0, shape + 1, NEIGHBOURS),
        "neighbours": (ITEMS * rng.random(shape) ** POPULAR_POWER).astype(np.int32),
        "nearness": -np.sort(-rng.uniform(0.01, 1, (ITEMS, NEIGHBOURS)).astype(np.float32), axis=1).ravel(),
        "popular": np.linspace(1, 0, ITEMS, dtype=np.float32),
        "trending": np.zeros(ITEMS, np.float32),
        "again": np.full(AGAIN_SHAPE, 0.1, np.float32),
        "loyalty": np.ones(ITEMS, np.float32),
        "segment_rows": np.empty((0, 1), np.int32),
        "segment_values": np.empty((0, 1), np.float32),
    }
    # Of this moment: one of 1970 is due for a refit, which would put other tables in its place half a minute later.
    manifest = Manifest(version, trained_at=time.time_ns() // 1_000_000)
    return Model(manifest, [f"p{i}" for i in range(ITEMS)], **arrays, ranker=ranker)  # type: ignore[arg-type]


def save_big(data: Path, *versions: str) -> Models:
    """Save it under all these names beside the shop's own; the registry they lie in."""
    models = Models(Layout(data).models)
    for version in versions:
        models.save(big(version))
    return models


def size_mb(models: Models, version: str) -> float:
    """All its arrays on disk."""
    return sum(path.stat().st_size for path in (models.folder / version).glob("*.npy")) / 1e6
