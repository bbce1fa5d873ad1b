"""One look at a clustering: how well it holds today, and how far people have moved since it was trained."""

import numpy as np

from tailorbird.know.cluster.drift import DRIFTED, psi, shares_of
from tailorbird.know.cluster.model import Manifest, Model
from tailorbird.know.cluster.quality import silhouette
from tailorbird.shell.clustering.choosing import sample
from tailorbird.shell.clustering.registry import Look
from tailorbird.shell.clustering.training import Matrix, Table


def look_of(model: Model, table: Table, now: int, *, moved: float = 0.0, stability: float | None = None) -> Look:
    """What the model comes to for the people of `table`."""
    manifest = model.manifest
    # By the model's own scaling: how people lie now in what was drawn then.
    points, _ = model.points(table.raw)
    labels, _ = model.centroids.nearest(points)
    some = sample(points, 0)
    drifts = _drifts(manifest, model.columns(table.raw))
    return Look(
        at=now,
        version=manifest.version,
        people=len(points),
        silhouette=round(silhouette(points[some], labels[some]), 4),
        outliers=round(float((labels < 0).mean()), 4),
        shares={one.key: round(float((labels == place).mean()), 4) for place, one in enumerate(manifest.clusters)},
        psi=drifts,
        drifted=[column for column, drift in drifts.items() if drift > DRIFTED],
        moved=round(moved, 4),
        stability=stability,
    )


def _drifts(manifest: Manifest, columns: Matrix) -> dict[str, float]:
    parts = zip(manifest.columns, columns.T, manifest.edges, manifest.shares, strict=True)
    return {name: round(psi(then, shares_of(now, np.array(edges))), 4) for name, now, edges, then in parts}
