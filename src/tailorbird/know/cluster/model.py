"""A trained clustering: everything that says where a person belongs, and what is known of how well it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.know.cluster.centroids import OUTLIER, Centroids, Labels
from tailorbird.know.cluster.definition import Clustering
from tailorbird.know.cluster.embedding import counted, leaning
from tailorbird.know.cluster.filling import Filling
from tailorbird.know.cluster.scaling import Scale, transformed

Matrix = NDArray[np.float64]
FORMAT = 1
OUTSIDE = "Unlike the others"  # the label of outliers


class Cluster(msgspec.Struct, frozen=True):
    """One cluster, for people to read."""

    key: str  # stays through trainings and new labels: "c1"
    label: str  # what the published trait says
    proposed: str  # by the words of this training
    accepted: bool  # whether somebody chose the label
    people: int
    share: float  # of all who were sorted
    rule: str  # of the tree
    precision: float
    recall: float
    means: dict[str, float]  # of each feature, in its own units
    sets_apart: list[str]  # "trips 31 (everyone 12)"


class Tried(msgspec.Struct, frozen=True):
    """What one number of clusters came to."""

    k: int
    silhouette: float
    inertia: float
    bic: float


class Gaps(msgspec.Struct, frozen=True):
    """How a feature's gaps are filled, and how far off that is, by hiding known values."""

    method: str
    missing: float
    error: float
    share: float
    confidence: float


class Manifest(msgspec.Struct, frozen=True):
    """All of a model but its arrays."""

    version: str
    definition: Clustering
    at: int = 0
    people: int = 0
    left_out: int = 0  # whose consent does not allow it
    outliers: int = 0
    clusters: list[Cluster] = []
    tried: list[Tried] = []
    elbow: int = 0
    best_bic: int = 0
    silhouette: float = 0.0
    fidelity: float = 0.0  # of the rules: the mean of their F1, by people
    agreement: float = 1.0  # how often the nearest centroid is what the algorithm said
    stability: float | None = None  # the share of people who kept their label; None at the first training
    repeatability: float = 1.0  # the same between two trainings, each on its half of the people
    gaps: dict[str, Gaps] = {}
    categories: list[str] = []  # of the embedding
    columns: list[str] = []  # the features, then the embedding's dimensions
    low: list[str] = []  # words for each column
    high: list[str] = []
    edges: list[list[float]] = []  # of each column's bins, for drift
    shares: list[list[float]] = []
    radius: float | None = None
    adapted: int = 0  # how often the centres followed since the training
    moved: float = 0.0
    followed: bool = False  # differs from the version before by that alone; the next to follow takes its place
    trained_at: int = 0
    seconds: float = 0.0
    format: int = FORMAT


ARRAYS = {
    "constants": "filling", "slopes": "filling", "intercepts": "filling", "donors": "filling", "between": "filling",
    "centre": "scale", "spread": "scale", "weight": "scale", "low": "scale", "high": "scale",
    "centres": "centroids", "variances": "centroids", "biases": "centroids",
    "counts": "", "directions": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Values of the inputs -> clusters. Everything in it is plain arrays and text."""

    manifest: Manifest
    filling: Filling
    scale: Scale
    centroids: Centroids
    counts: Matrix  # how many people each centre stands for
    directions: Matrix  # (categories, dimensions); empty without an embedding

    @property
    def inputs(self) -> dict[str, str]:
        """Name -> expression of all that `assign` wants, in the order of its columns."""
        return inputs_of(self.manifest.definition, self.manifest.categories)

    def columns(self, raw: Matrix) -> Matrix:
        """The columns behind the inputs, in their transformed units, gaps still open."""
        return columns_of(self.manifest.definition, raw, self.directions)

    def points(self, raw: Matrix) -> tuple[Matrix, NDArray[np.bool_]]:
        """The people as points in scaled units, and which of their columns were filled in."""
        filled, gaps = self.filling.fill(self.columns(raw))
        return self.scale.apply(filled), gaps

    def assign(self, raw: Matrix) -> Labels:
        """The cluster of each person, or OUTLIER. `raw`: (people, inputs), NaN where a value is not known."""
        labels, _ = self.centroids.nearest(self.points(raw)[0])
        return labels

    def told(self, **changes: Any) -> "Model":
        """The same model with other fields in its manifest."""
        return replace(self, manifest=msgspec.structs.replace(self.manifest, **changes))

    def label(self, cluster: int) -> str:
        """What the published trait says for that cluster."""
        return OUTSIDE if cluster == OUTLIER else self.manifest.clusters[cluster].label

    def arrays(self) -> dict[str, Matrix]:
        """What is stored beside the manifest."""
        own = {"between": self.filling.spread, "counts": self.counts, "directions": self.directions}
        parts = (self.filling, self.scale, self.centroids)
        held = {field.name: getattr(part, field.name) for part in parts for field in fields(part)}
        held["spread"] = self.scale.spread
        return {name: np.asarray(own.get(name, held.get(name)), np.float64) for name in ARRAYS}

    @classmethod
    def of_arrays(cls, manifest: Manifest, arrays: Mapping[str, Any]) -> "Model":
        """The model back from what `arrays` gave; raises KeyError if one is missing."""
        methods = methods_of(manifest.definition, len(manifest.columns))
        parts = [arrays[name] for name in ("constants", "slopes", "intercepts", "donors", "between")]
        radius = np.inf if manifest.radius is None else manifest.radius
        return cls(
            manifest,
            Filling(methods, *parts),
            Scale(*(arrays[name] for name in ("centre", "spread", "weight", "low", "high"))),
            Centroids(
                arrays["centres"], arrays["variances"], arrays["biases"], radius, len(manifest.definition.features)
            ),
            arrays["counts"],
            arrays["directions"],
        )


def inputs_of(definition: Clustering, categories: Sequence[str]) -> dict[str, str]:
    """Name -> expression of all that a clustering looks at: its features, then the embedding's categories."""
    features = {feature.name: feature.sql for feature in definition.features}
    return features | {f"bought_{place}": counted([category]) for place, category in enumerate(categories)}


def columns_of(definition: Clustering, raw: Matrix, directions: Matrix) -> Matrix:
    """Features transformed, and beside them the embedding of the categories' counts."""
    own = len(definition.features)
    features = transformed(raw[:, :own], [feature.transform for feature in definition.features])
    return np.hstack([features, leaning(raw[:, own:]) @ directions]) if directions.size else features


def methods_of(definition: Clustering, columns: int) -> tuple[str, ...]:
    """How the gaps of each column are filled; an embedding has none."""
    declared = [feature.impute for feature in definition.features]
    return (*declared, *["mean"] * (columns - len(declared)))
