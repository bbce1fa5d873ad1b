"""A model of 100,000 items and four million neighbours, beside the shop's own, under as many names as wanted."""

from pathlib import Path

import numpy as np

from tailorbird.offer.recommend.model import AGAIN_SHAPE, Manifest, Model
from tailorbird.shell.layout import Layout
from tailorbird.shell.models import Models

ITEMS, NEIGHBOURS = 100_000, 40


def save_big(data: Path, *versions: str) -> Models:
    """Save them all; the registry they lie in."""
    models, rng = Models(Layout(data).models), np.random.default_rng(5)
    shape = ITEMS * NEIGHBOURS
    arrays = {
        "start": np.arange(0, shape + 1, NEIGHBOURS),
        "neighbours": rng.integers(0, ITEMS, shape, dtype=np.int32),
        "nearness": rng.uniform(0.01, 1, shape).astype(np.float32),
        "popular": np.linspace(1, 0, ITEMS, dtype=np.float32),
        "trending": np.zeros(ITEMS, np.float32),
        "again": np.full(AGAIN_SHAPE, 0.1, np.float32),
        "loyalty": np.ones(ITEMS, np.float32),
        "segment_rows": np.empty((0, 1), np.int32),
        "segment_values": np.empty((0, 1), np.float32),
    }
    for version in versions:
        models.save(Model(Manifest(version), [f"p{i}" for i in range(ITEMS)], **arrays))  # type: ignore[arg-type]
    return models


def size_mb(models: Models, version: str) -> float:
    """All its arrays on disk."""
    return sum(path.stat().st_size for path in (models.folder / version).glob("*.npy")) / 1e6
