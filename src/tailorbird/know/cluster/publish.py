"""A clustering as traits of the language: the centroid function in SQL, so that the engine keeps it true per event.

For a clustering `shoppers` with features trips and basket and two clusters:

    shoppers__trips    the feature transformed, its gap filled, scaled: one column of `Model.points`
    shoppers__c1       the distance to the cluster whose key is c1
    shoppers           the label of the nearest cluster

So a segment may say `shoppers = 'Weekly, big baskets'`, and any warehouse computes the same.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.cluster.definition import Feature
from tailorbird.know.cluster.model import OUTSIDE, Model
from tailorbird.know.cluster.scaling import CLIP

Matrix = NDArray[np.float64]


def published(model: Model) -> dict[str, str]:
    """Trait -> expression, in an order in which each names only those before it."""
    manifest = model.manifest
    name = manifest.definition.name
    traits = dict(_columns(model))
    scaled = list(traits)
    for place, cluster in enumerate(manifest.clusters):
        traits[f"{name}__{cluster.key}"] = _distance(model, place, scaled)
    traits[name] = _nearest(model)
    return traits


def _columns(model: Model) -> Iterator[tuple[str, str]]:
    manifest, scale = model.manifest, model.scale
    told = [f"({_told(feature)})" for feature in manifest.definition.features]
    told += _embedded(model)
    for place, (column, text) in enumerate(zip(manifest.columns, told, strict=True)):
        filled = _filled(model, place, told) if place < len(manifest.definition.features) else text
        scaled = f"({filled} - {_number(scale.centre[place])}) / {_number(scale.spread[place])}"
        clipped = f"least(greatest({scaled}, {-CLIP}), {CLIP}) * {_number(scale.weight[place])}"
        yield f"{manifest.definition.name}__{column}", clipped


def _told(feature: Feature) -> str:
    if feature.transform == "log":
        return f"sign({feature.sql}) * ln(1 + abs({feature.sql}))"
    return feature.sql


def _filled(model: Model, place: int, told: list[str]) -> str:
    filling = model.filling
    constant = _number(filling.constants[place])
    # Neighbours cannot be asked in SQL: there the mean stands in, and the model says how often that matters.
    if filling.methods[place] != "model":
        return f"coalesce({told[place]}, {constant})"
    known = [f"coalesce({text}, {_number(filling.constants[other])})" for other, text in enumerate(told)]
    slopes = filling.slopes[place]
    terms = [f"{_number(slopes[other])} * {text}" for other, text in enumerate(known) if slopes[other]]
    return f"coalesce({told[place]}, {' + '.join([_number(filling.intercepts[place]), *terms])})"


def _embedded(model: Model) -> list[str]:
    own = len(model.manifest.definition.features)
    logs = [f"ln(1 + {sql})" for sql in list(model.inputs.values())[own:]]
    if not logs:
        return []
    length = f"sqrt({' + '.join(f'power({text}, 2)' for text in logs)})"
    return [_along(direction, logs, length) for direction in model.directions.T]


def _along(direction: Matrix, logs: list[str], length: str) -> str:
    summed = " + ".join(f"{_number(part)} * {text}" for part, text in zip(direction, logs, strict=True))
    return f"coalesce(({summed}) / {length}, 0)"  # nothing bought: division by zero is NULL


def _distance(model: Model, cluster: int, scaled: list[str]) -> str:
    centroids = model.centroids
    parts = zip(scaled, centroids.centres[cluster], centroids.variances[cluster], strict=True)
    terms = [f"power({name} - {_number(centre)}, 2){_over(variance)}" for name, centre, variance in parts]
    return " + ".join([*terms, *([_number(centroids.biases[cluster])] if centroids.biases[cluster] else [])])


def _over(variance: float) -> str:
    return "" if variance == 1 else f" / {_number(variance)}"


def _nearest(model: Model) -> str:
    manifest = model.manifest
    distances = [f"{manifest.definition.name}__{cluster.key}" for cluster in manifest.clusters]
    least = f"least({', '.join(distances)})" if len(distances) > 1 else distances[0]
    outside = [] if manifest.radius is None else [f"when {least} > {_number(manifest.radius)} then {_text(OUTSIDE)}"]
    pairs = zip(distances, manifest.clusters, strict=True)
    whens = [f"when {distance} = {least} then {_text(cluster.label)}" for distance, cluster in pairs]
    chosen = f"case {' '.join([*outside, *whens])} end"
    people = manifest.definition.people
    return f"case when {people} then {chosen} end" if people else chosen


def _number(value: float) -> str:
    """A number that reads back as the same double; in brackets where a sign would run into an operator."""
    text = repr(float(value))
    return f"({text})" if text.startswith("-") else text


def _text(label: str) -> str:
    return "'" + label.replace("'", "''") + "'"
