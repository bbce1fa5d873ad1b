"""Training, adapting, labelling and watching the clusterings of a site; each ends in traits and segments in force."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import BadRequest, Corrupt
from tailorbird.events import DAY_MS
from tailorbird.know.cluster.adapt import Adapted, adapt
from tailorbird.know.cluster.definition import Clustering, load_clustering
from tailorbird.know.cluster.model import Model
from tailorbird.shell.clustering.looking import look_of
from tailorbird.shell.clustering.publishing import publish
from tailorbird.shell.clustering.registry import Registry, registry
from tailorbird.shell.clustering.training import Table, continued, train
from tailorbird.shell.clustering.values import table_of
from tailorbird.shell.engines import Engines

Matrix = NDArray[np.float64]
Say = Callable[[str], None]
# Adapting: what a centre stands for counts as at most so many times the people of one look.
MEMORY = 10.0


def definitions_of(engines: Engines) -> dict[str, Clustering]:
    """The clusterings that the site declares, by name."""
    return {one.name: load_clustering(one.name, one.body) for one in engines.definitions.all("cluster")}


def definition_of(engines: Engines, name: str) -> Clustering:
    """One of them; raises BadRequest naming the known ones."""
    found = definitions_of(engines)
    if name not in found:
        known = ", ".join(found) or "none; declare them in site/clusters.yaml and `tailorbird apply` it"
        raise BadRequest(f"There is no clustering {name!r}. Known: {known}.")
    return found[name]


def retrain(engines: Engines, name: str, now: int, say: Say = lambda step: None) -> Model:
    """Train on all that the lake holds; clusters keep key and label as far as they keep their people."""
    definition = definition_of(engines, name)
    versions = registry(engines.layout, name)
    say("values")
    table = table_of(engines, definition, now)
    model = train(definition, table, version_at(now), say=say)
    before = _before(versions)
    if before is not None:
        model = _continued(engines, model, before, table)
    model = versions.save(model)
    publish(engines, model)
    versions.look(look_of(model, table, now, stability=model.manifest.stability))
    return model


def follow(engines: Engines, name: str, now: int) -> Model:
    """Let the centres follow their people, and note quality and drift; labels stay as they are.

    It takes the place of the one that followed before, so that the last few versions are trainings and labels.
    """
    versions = registry(engines.layout, name)
    model = versions.serving()
    table = table_of(engines, model.manifest.definition, now, model.manifest.categories)
    points, _ = model.points(table.raw)
    if not len(points):
        raise BadRequest(f"Clustering {name!r} has nobody to follow: no one fits its `people` now.")
    # Bounded, or a centre that stands for years of people could not follow those of today.
    adapted = adapt(model.centroids, model.counts, points, MEMORY * len(points) / len(model.centroids.centres))
    moved = versions.save(_moved(model, adapted, points, now))
    publish(engines, moved)
    if model.manifest.followed:
        versions.drop(model.manifest.version)
    versions.look(look_of(moved, table, now, moved=adapted.moved))
    return moved


def _moved(model: Model, adapted: Adapted, points: Matrix, now: int) -> Model:
    manifest = model.manifest
    labels, _ = adapted.centroids.nearest(points)
    clusters = [
        msgspec.structs.replace(one, people=int(here.sum()), share=round(float(here.mean()), 4))
        for place, one in enumerate(manifest.clusters)
        for here in [labels == place]
    ]
    told = model.told(
        version=version_at(now),
        at=now,
        adapted=manifest.adapted + 1,
        moved=round(manifest.moved + adapted.moved, 4),
        followed=True,
        clusters=clusters,
        people=len(points),
        outliers=int((labels < 0).sum()),
    )
    return replace(told, centroids=adapted.centroids, counts=adapted.counts)


def accept(engines: Engines, name: str, key: str, label: str, now: int) -> Model:
    """Call a cluster so from now on; a new version only where it was not called so, and accepted, before.

    Raises BadRequest for an unknown cluster, and for a label that another has.
    """
    versions = registry(engines.layout, name)
    model = versions.serving()
    clusters = model.manifest.clusters
    if key not in {one.key for one in clusters}:
        raise BadRequest(f"{name!r} has no cluster {key!r}. Known: {', '.join(one.key for one in clusters)}.")
    label = label.strip() or next(one.proposed for one in clusters if one.key == key)
    if any(one.label == label and one.key != key for one in clusters) or len(label) > 100:
        raise BadRequest(
            f"Another cluster of {name!r} is called {label!r}, or it has more than 100 letters. Take another."
        )
    named = [msgspec.structs.replace(one, label=label, accepted=True) if one.key == key else one for one in clusters]
    if named != clusters:
        model = versions.save(model.told(version=version_at(now), clusters=named, followed=False))
    publish(engines, model)
    return model


def roll_back(engines: Engines, name: str) -> Model:
    """Let the version before serve again, with its labels."""
    versions = registry(engines.layout, name)
    versions.roll_back()
    model = versions.serving()
    publish(engines, model)
    return model


def due(engines: Engines, definition: Clustering, now: int) -> str:
    """Why a clustering has to be trained, "" if it need not: following will do."""
    versions: Registry = registry(engines.layout, definition.name)
    if not versions.current():
        return "it never was"
    before = _before(versions)
    if before is None:
        return "what serves cannot be read"
    manifest = before.manifest
    if manifest.definition != definition:
        return "its definition changed"
    if now - manifest.trained_at >= definition.retrain_days * DAY_MS:
        return f"{definition.retrain_days:g} days have passed"
    looks = versions.looks()
    return f"people changed: {', '.join(looks[-1].drifted)}" if looks and looks[-1].drifted else ""


def _before(versions: Registry) -> Model | None:
    """What serves; None where nothing does, or nothing that can be read: then labels begin anew."""
    try:
        return versions.serving()
    except (BadRequest, Corrupt):
        return None


def _continued(engines: Engines, new: Model, old: Model, table: Table) -> Model:
    """The new clusters with the keys and labels of the old ones, by where today's people are in both."""
    same = new.inputs == old.inputs
    # Another definition asks for other columns: the old model has to see what it was trained on.
    before = table if same else table_of(engines, old.manifest.definition, table.at, old.manifest.categories)
    was = dict(zip(before.people, old.assign(before.raw).tolist(), strict=True))
    now = dict(zip(table.people, new.assign(table.raw).tolist(), strict=True))
    # Only who was there both times can tell where a cluster went.
    both = [person for person in now if person in was]
    return continued(new, old, *(np.array([side[person] for person in both], np.int64) for side in (was, now)))


def version_at(now: int) -> str:
    """What a version made now is called."""
    return datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%d-%H%M%S")
