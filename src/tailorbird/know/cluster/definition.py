"""What a site declares in `site/clusters.yaml`, checked.

shoppers:
  description: How households shop
  features:
    trips:  {sql: "orders('90 days')", transform: log, low: rare visits, high: frequent visits}
    basket: {sql: "avg('Order Completed', 'revenue', '90 days')", transform: log, low: small baskets}
    tier:   loyalty_points            # a trait by name, or any expression that gives a number
  k: [3, 8]
"""

import re
from collections.abc import Mapping
from typing import Any, Literal, get_args

import msgspec

from tailorbird.errors import BadDefinition

PLACE = "site/clusters.yaml"
Algorithm = Literal["kmeans", "minibatch", "mixture", "hierarchical"]
Scaling = Literal["standard", "robust", "range", "none"]
Transform = Literal["none", "log"]
Impute = Literal["mean", "mode", "knn", "model"]
MOST_FEATURES, MOST_CLUSTERS, MOST_CATEGORIES = 40, 20, 60
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Feature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number about a person, and how it counts."""

    sql: str
    name: str = ""
    transform: Transform = "none"  # "log": sign(x) * ln(1 + |x|), for what has a long tail
    weight: float = 1.0  # how much a difference in it counts
    impute: Impute = "mean"  # what stands in for it where it is not known
    low: str = ""  # words for less than others have, "rare visits"
    high: str = ""


class Embedding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Features made from what people buy: the leading directions of the matrix of people and categories."""

    dimensions: int = 3
    top: int = 12  # categories, the most bought ones
    weight: float = 0.5


class Clustering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One clustering of the site's people."""

    name: str
    features: tuple[Feature, ...]
    description: str = ""
    people: str = ""  # a predicate: who is sorted into clusters; "" everyone
    algorithm: Algorithm = "kmeans"
    scaling: Scaling = "standard"
    k: tuple[int, int] = (2, 8)
    outliers: float = 0.01  # the share that is farthest from every cluster belongs to none
    embedding: Embedding | None = None
    retrain_days: float = 7.0

    @property
    def names(self) -> list[str]:
        return [feature.name for feature in self.features]


def load_clustering(name: str, body: Mapping[str, Any]) -> Clustering:
    """The clustering of that name; raises BadDefinition naming the value, the place and what to write instead.

    >>> load_clustering("shoppers", {"features": {"trips": "orders('90 days')", "tier": "points"}}).names
    ['trips', 'tier']
    >>> load_clustering("shoppers", {"features": {"trips": "orders()"}})
    Traceback (most recent call last):
    tailorbird.errors.BadDefinition: Cluster 'shoppers' has 1 features (site/clusters.yaml). Name 2 to 40.
    """
    _named(name, "Cluster")
    if not isinstance(body, Mapping) or not isinstance(body.get("features"), Mapping):
        raise BadDefinition(f"Cluster {name!r} has no features ({PLACE}). Write features: {{NAME: EXPRESSION, ...}}.")
    features = [_feature(name, str(key), value) for key, value in body["features"].items()]
    try:
        found = msgspec.convert({**body, "features": features, "name": name}, Clustering)
    except msgspec.ValidationError as error:
        known = ", ".join(field for field in Clustering.__struct_fields__ if field != "name")
        raise BadDefinition(f"Cluster {name!r} ({PLACE}): {error}. Known fields: {known}.") from None
    for holds, message in _rules(found):
        if not holds:
            raise BadDefinition(f"Cluster {name!r} has {message}")
    return found


def load_clusterings(bodies: Mapping[str, Mapping[str, Any]]) -> dict[str, Clustering]:
    """All of a site's clusterings, by name."""
    return {name: load_clustering(name, body) for name, body in bodies.items()}


def _feature(cluster: str, name: str, value: Any) -> dict[str, Any]:
    _named(name, f"Feature of cluster {cluster!r}:")
    fields = {"sql": value} if isinstance(value, str) else value
    if not isinstance(fields, Mapping) or not isinstance(fields.get("sql"), str) or not fields["sql"].strip():
        raise BadDefinition(f"Feature {name!r} of cluster {cluster!r} is {value!r} ({PLACE}). Write sql: EXPRESSION.")
    unknown = sorted(set(fields) - set(Feature.__struct_fields__))
    if unknown:
        known = ", ".join(field for field in Feature.__struct_fields__ if field != "name")
        raise BadDefinition(
            f"Feature {name!r} of cluster {cluster!r} has unknown field {unknown[0]!r} ({PLACE}). Known: {known}."
        )
    for field, choice in (("transform", Transform), ("impute", Impute)):
        if fields.get(field, get_args(choice)[0]) not in get_args(choice):
            known = ", ".join(get_args(choice))
            raise BadDefinition(
                f"Feature {name!r} of cluster {cluster!r} has {field} {fields[field]!r} ({PLACE}). Known: {known}."
            )
    return {**fields, "name": name}


def _rules(one: Clustering) -> list[tuple[bool, str]]:
    low, high = one.k
    embedding = one.embedding or Embedding()
    return [
        (
            2 <= len(one.features) <= MOST_FEATURES,
            f"{len(one.features)} features ({PLACE}). Name 2 to {MOST_FEATURES}.",
        ),
        (2 <= low <= high <= MOST_CLUSTERS, f"k {[low, high]} ({PLACE}). Write [2, 8]: from 2 to {MOST_CLUSTERS}."),
        (0 <= one.outliers <= 0.2, f"outliers {one.outliers} ({PLACE}). Write a share from 0 to 0.2."),
        (all(feature.weight > 0 for feature in one.features), f"a weight that is not above 0 ({PLACE}). Write 1."),
        (one.retrain_days > 0, f"retrain_days {one.retrain_days} ({PLACE}). Write a number above 0."),
        (
            1 <= embedding.dimensions < embedding.top <= MOST_CATEGORIES,
            f"an embedding of {embedding.dimensions} dimensions from {embedding.top} categories ({PLACE}). "
            f"Write fewer dimensions than categories, and at most {MOST_CATEGORIES} of these.",
        ),
    ]


def _named(name: str, what: str) -> None:
    if not _NAME.fullmatch(name):
        raise BadDefinition(f"{what} {name!r} is no name ({PLACE}). Write a-z, 0-9 and _, a letter first, at most 64.")
