"""A table of values -> a trained clustering. The same table and seed give the same model."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import BadRequest
from tailorbird.know.cluster.centroids import Centroids, Labels
from tailorbird.know.cluster.definition import Clustering
from tailorbird.know.cluster.drift import edges_of, shares_of
from tailorbird.know.cluster.embedding import directions
from tailorbird.know.cluster.matching import matched
from tailorbird.know.cluster.model import Cluster, Gaps, Manifest, Model, columns_of, methods_of
from tailorbird.know.cluster.scaling import Scale, scale_of
from tailorbird.shell.clustering.choosing import Chosen, choose, repeatability
from tailorbird.shell.clustering.describing import describe, words_of
from tailorbird.shell.imputing import fit_filling, hidden_errors

Matrix = NDArray[np.float64]
LEAST = 20  # people


class Table(NamedTuple):
    """The values of a clustering's inputs, as of `at`."""

    people: list[bytes]
    raw: Matrix  # (people, inputs); NaN where a value is not known
    categories: list[str]  # of the embedding: the last columns of `raw` count their lines
    at: int
    left_out: int = 0  # people whose consent does not allow it


def train(
    definition: Clustering, table: Table, version: str, seed: int = 0, say: Callable[[str], None] = lambda step: None
) -> Model:
    """A clustering of these people. Raises BadRequest where they are too few to be told apart."""
    _refuse_too_few(definition, table)
    leading = _directions(definition, table)
    columns = columns_of(definition, table.raw, leading)
    methods = methods_of(definition, columns.shape[1])
    say("gaps")
    filling = fit_filling(columns, methods, seed)
    # Gaps first, then the scale: else the spread would be that of those who answered.
    filled, _ = filling.fill(columns)
    scale = _unbounded(scale_of(filled, definition.scaling, _weights(definition, columns.shape[1])), definition)
    points = scale.apply(filled)
    chosen = _ordered(choose(definition, points, seed, say), points)
    labels, _ = chosen.centroids.nearest(points)
    names = [*definition.names, *(f"taste_{place + 1}" for place in range(leading.shape[1]))]
    words = words_of(definition, names, leading, table.categories)
    say("words")
    described = describe(definition, names, words, filled, points, labels, seed)
    best = max(chosen.tried, key=lambda one: one.silhouette)
    errors = hidden_errors(columns, methods, seed)
    # Of the columns with their gaps: a filled number has not drifted, it was made up.
    edges = [edges_of(column) for column in columns.T]
    manifest = Manifest(
        version=version,
        definition=definition,
        at=table.at,
        trained_at=table.at,
        people=len(table.raw),
        left_out=table.left_out,
        outliers=int((labels < 0).sum()),
        clusters=described.clusters,
        tried=chosen.tried,
        elbow=chosen.elbow,
        best_bic=chosen.best_bic,
        silhouette=best.silhouette,
        fidelity=round(described.fidelity, 4),
        agreement=round(chosen.agreement, 4),
        repeatability=round(repeatability(definition, points, best.k, seed), 4),
        gaps={names[column]: Gaps(*_rounded(error)) for column, error in errors.items()},
        categories=table.categories,
        columns=names,
        low=[word.low for word in words],
        high=[word.high for word in words],
        edges=[edge.tolist() for edge in edges],
        shares=[shares_of(column, edge).tolist() for column, edge in zip(columns.T, edges, strict=True)],
        radius=float(chosen.centroids.radius) if np.isfinite(chosen.centroids.radius) else None,
    )
    counts = np.bincount(labels[labels >= 0], minlength=best.k).astype(np.float64)
    return Model(manifest, filling, scale, chosen.centroids, counts, leading)


def _refuse_too_few(definition: Clustering, table: Table) -> None:
    least = max(LEAST, 2 * definition.k[0])
    if len(table.raw) < least:
        raise BadRequest(
            f"Cluster {definition.name!r} has {len(table.raw)} people to learn from, which is too few. "
            f"Wait for {least}, or widen its `people`."
        )


def continued(new: Model, old: Model, was: Labels, now: Labels) -> Model:
    """The new model with the keys, and the accepted labels, of the old clusters that its own continue.

    `was` and `now` are the clusters of the same people today, by the old and by the new model.
    """
    before, after = old.manifest.clusters, new.manifest.clusters
    found = matched(was, now, len(before), len(after))
    taken = {before[place].key for place in found.of_new if place is not None}
    # Never a key that was there before, even of a cluster that ended: a campaign may still name it.
    fresh = (key for number in range(1, 1000) if (key := f"c{number}") not in {*taken, *(one.key for one in before)})
    clusters = [
        _fresh(one, next(fresh)) if place is None else _continuing(one, before[place])
        for one, place in zip(after, found.of_new, strict=True)
    ]
    stability = round(found.stability, 4)
    return new.told(clusters=_apart(clusters), stability=stability)


def _fresh(one: Cluster, key: str) -> Cluster:
    return msgspec.structs.replace(one, key=key)


def _continuing(one: Cluster, before: Cluster) -> Cluster:
    """A label that somebody chose stays; a proposed one stays as well, for segments may name it."""
    return msgspec.structs.replace(one, key=before.key, label=before.label, accepted=before.accepted)


def _apart(clusters: list[Cluster]) -> list[Cluster]:
    """A new cluster's label must not be one that an old cluster carries on."""
    made: list[Cluster] = []
    for one in clusters:
        taken = {other.label for other in (*made, *clusters) if other.key != one.key}
        names = [one.label, *(f"{one.label} ({number})" for number in range(2, 100))]
        label = one.label if one.accepted else next(name for name in names if name not in taken or name == one.label)
        free = label if label not in {other.label for other in made} else next(n for n in names if n not in taken)
        made.append(msgspec.structs.replace(one, label=free))
    return made


def _directions(definition: Clustering, table: Table) -> Matrix:
    if definition.embedding is None or not table.categories:
        return np.empty((0, 0))
    counts = table.raw[:, len(definition.features) :]
    return directions(counts, min(definition.embedding.dimensions, len(table.categories)))


def _weights(definition: Clustering, columns: int) -> list[float]:
    own = [feature.weight for feature in definition.features]
    taste = definition.embedding.weight if definition.embedding else 1.0
    return own + [taste] * (columns - len(own))


def _unbounded(scale: Scale, definition: Clustering) -> Scale:
    """The scale without bounds on the embedding, which has no long tails: so in SQL it stays a weighted sum."""
    taste = np.arange(len(scale.low)) >= len(definition.features)
    low, high = np.where(taste, -np.inf, scale.low), np.where(taste, np.inf, scale.high)
    return Scale(scale.centre, scale.spread, scale.weight, low, high)


def _ordered(chosen: Chosen, points: Matrix) -> Chosen:
    """The largest cluster first, so that numbers mean something and the same people give the same order."""
    centroids = chosen.centroids
    labels, _ = centroids.nearest(points)
    order = np.argsort(-np.bincount(labels[labels >= 0], minlength=len(centroids.centres)), kind="stable")
    parts = (centroids.centres[order], centroids.variances[order], centroids.biases[order])
    return chosen._replace(centroids=Centroids(*parts, centroids.radius, centroids.own))


def _rounded(error: object) -> tuple[str, float, float, float, float]:
    return tuple(
        value if isinstance(value, str) else round(value, 4)
        for value in (getattr(error, name) for name in ("method", "missing", "error", "share", "confidence"))
    )  # type: ignore[return-value]
