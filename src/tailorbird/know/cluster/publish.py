"""A clustering in the language: the centroid function as segments and a trait, which the engine keeps true per event.

For a clustering `shoppers`:

    segment shoppers_c1    whether the cluster whose key is c1 is the nearest: live, with Entered and Left
    segment shoppers_c2    ...
    trait   shoppers       the label of the cluster they are in

So a segment may say `shoppers = 'Big baskets, rare visits'`, and any warehouse computes the same. The distances of
`centroids` are multiplied out: what all clusters have in common goes, so that of k-means a weighted sum is left.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.cluster.definition import Feature
from tailorbird.know.cluster.embedding import counted
from tailorbird.know.cluster.model import OUTSIDE, Model

Matrix = NDArray[np.float64]
DIGITS = 12  # of a number; what is lost decides nothing but for who stands on the very border


class Published(NamedTuple):
    """The definitions that a model comes to."""

    segments: dict[str, dict[str, str]]
    traits: dict[str, dict[str, str]]


def published(model: Model) -> Published:
    """The definitions, as `site/segments.yaml` and `site/traits.yaml` would hold them."""
    manifest = model.manifest
    name = manifest.definition.name
    columns = _columns(model)
    scores = [_score(model, place, columns) for place in range(len(manifest.clusters))]
    made_by = f"Cluster of {name}, version {manifest.version}."
    segments = {
        segment_name(name, cluster.key): {
            "sql": _nearest(model, place, columns, scores),
            "label": cluster.label,
            "description": f"{made_by} {cluster.rule.capitalize()}.",
        }
        for place, cluster in enumerate(manifest.clusters)
    }
    trait = {"sql": _label(model), "description": f"{made_by} The label of the cluster they are in."}
    return Published(segments, {name: trait})


def segment_name(clustering: str, key: str) -> str:
    """What a cluster's segment is called.

    >>> segment_name("shoppers", "c1")
    'shoppers_c1'
    """
    return f"{clustering}_{key}"


def _columns(model: Model) -> list[str]:
    """Each feature, its gap filled, clipped, transformed: what `Scale` centres and divides."""
    scale, features = model.scale, model.manifest.definition.features
    return [_column(model, place, scale.low[place], scale.high[place]) for place in range(len(features))]


def _column(model: Model, place: int, low: float, high: float) -> str:
    feature = model.manifest.definition.features[place]
    # Clipped before the logarithm, at the bounds taken back: it rises throughout, so this comes to the same.
    bounds = (_natural(low), _natural(high)) if feature.transform == "log" else (low, high)
    clipped = f"least(greatest(coalesce({feature.sql}, {_stand_in(model, place)}), {_number(bounds[0])})"
    return _told(f"{clipped}, {_number(bounds[1])})", feature, low)


def _told(text: str, feature: Feature, low: float) -> str:
    if feature.transform != "log":
        return text
    return f"ln(1 + {text})" if low >= 0 else f"sign({text}) * ln(1 + abs({text}))"


def _stand_in(model: Model, place: int) -> str:
    """What is taken where the feature is not known, in its own units."""
    filling, features = model.filling, model.manifest.definition.features
    constant = filling.constants[place]
    log = features[place].transform == "log"
    # Neighbours cannot be asked in SQL: there the mean stands in, and `Manifest.gaps` says how far off that is.
    if filling.methods[place] != "model":
        return _number(_natural(constant) if log else constant)
    known = [
        _told(f"coalesce({one.sql}, {_number(_of(one, filling.constants[other]))})", one, model.scale.low[other])
        for other, one in enumerate(features)
    ]
    summed = _sum(filling.intercepts[place], filling.slopes[place][: len(features)], known)
    if not log:
        return f"({summed})"
    return f"(exp({summed}) - 1)" if model.scale.low[place] >= 0 else f"(sign({summed}) * (exp(abs({summed})) - 1))"


def _of(feature: Feature, value: float) -> float:
    return _natural(value) if feature.transform == "log" else value


def _natural(value: float) -> float:
    return float(np.sign(value) * np.expm1(abs(value)))


def _score(model: Model, cluster: int, columns: list[str]) -> str:
    """Larger is nearer. Of round clusters 2 c.x - c.c is left of the distance; else all of it, with a minus."""
    centroids, own = model.centroids, len(columns)
    centre, variance = centroids.centres[cluster], centroids.variances[cluster]
    if (centroids.variances == 1).all():
        slopes, offset = _unscaled(model, 2 * centre)
        offset -= float(centre @ centre) + float(centroids.biases[cluster])
        return " + ".join([_sum(offset, slopes[:own], columns), *_taste(model, slopes[own:])])
    terms = [_apart(model, place, centre, variance, columns) for place in range(own)]
    return f"0 - ({_number(centroids.biases[cluster])} + {' + '.join(terms)})"


def _unscaled(model: Model, slopes: Matrix) -> tuple[Matrix, float]:
    """Slopes on scaled columns as slopes on the columns themselves, and the constant that this leaves."""
    plain = slopes * model.scale.weight / model.scale.spread
    return plain, -float(plain @ model.scale.centre)


def _apart(model: Model, place: int, centre: Matrix, variance: Matrix, columns: list[str]) -> str:
    scale = model.scale
    factor = scale.weight[place] / scale.spread[place]
    middle = scale.centre[place] + centre[place] / factor
    return f"{_number(factor**2 / variance[place])} * power({columns[place]} - {_number(middle)}, 2)"


def _taste(model: Model, slopes: Matrix) -> list[str]:
    """The embedding's part of a score: its directions and their slopes multiplied into one weight a category."""
    categories = model.manifest.categories
    if not categories:
        return []
    weights = model.directions @ slopes
    roots = [f"sqrt({counted([category])})" for category in categories]
    # Of whoever bought nothing 0 / 0 is NULL here, and 0 in `embedding.leaning`.
    return [f"coalesce(({_sum(0.0, weights, roots)}) / sqrt({counted(categories)}), 0)"]


def _nearest(model: Model, cluster: int, columns: list[str], scores: list[str]) -> str:
    others = [score for place, score in enumerate(scores) if place != cluster]
    most = f"greatest({', '.join(others)})" if len(others) > 1 else others[0]
    # Of two exactly as near both hold; the trait takes the first (`_label`).
    tests = [f"{scores[cluster]} >= {most}"]
    if model.manifest.radius is not None:
        centre, variance = model.centroids.centres[cluster], model.centroids.variances[cluster]
        apart = [_apart(model, place, centre, variance, columns) for place in range(len(columns))]
        tests.append(f"{' + '.join(apart)} <= {_number(model.manifest.radius)}")
    people = model.manifest.definition.people
    return " and ".join([*([f"({people})"] if people else []), *tests])


def _label(model: Model) -> str:
    """Of two clusters exactly as near the first counts, as in `Centroids.nearest`."""
    name, people = model.manifest.definition.name, model.manifest.definition.people
    pairs = [(segment_name(name, one.key), one.label) for one in model.manifest.clusters]
    whens = " ".join(f"when segment('{segment}') then {_text(label)}" for segment, label in pairs)
    outside = f"when {people} then {_text(OUTSIDE)}" if people else f"else {_text(OUTSIDE)}"
    return f"case {whens} {outside} end"


def _sum(offset: float, slopes: Matrix | Sequence[float], texts: Sequence[str]) -> str:
    terms = [f"{_number(slope)} * {text}" for slope, text in zip(slopes, texts, strict=True) if slope]
    start = [_number(offset)] if offset or not terms else []
    return " + ".join([*start, *terms])


def _number(value: float) -> str:
    """A number; in brackets where its sign would run into an operator."""
    text = f"{float(value):.{DIGITS}g}"
    return f"({text})" if text.startswith("-") else text


def _text(label: str) -> str:
    return "'" + label.replace("'", "''") + "'"
