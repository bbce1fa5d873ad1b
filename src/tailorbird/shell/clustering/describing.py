"""Clusters in words: a shallow tree for each, what sets it apart, and a label to accept."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.cluster.centroids import Labels
from tailorbird.know.cluster.definition import Clustering
from tailorbird.know.cluster.embedding import ends
from tailorbird.know.cluster.model import Cluster
from tailorbird.know.cluster.scaling import transformed, unlogged
from tailorbird.know.cluster.tree import Rule, Tree, number, rule_of, sentence
from tailorbird.know.cluster.words import Trait, Words, effects, labels_for, sets_apart, words_for

Matrix = NDArray[np.float64]
DEPTH = 3
LEAST_LEAF = 0.01  # of the people
TOLD = 5  # features that are told of each cluster


class Described(NamedTuple):
    """What people read of a clustering."""

    clusters: list[Cluster]
    fidelity: float


def words_of(definition: Clustering, columns: list[str], directions: Matrix, categories: list[str]) -> list[Words]:
    """How each column is spoken of: as declared, or for an embedding by what is bought at its ends."""
    said = [words_for(feature.name, feature.low, feature.high) for feature in definition.features]
    made = [ends(direction, categories) for direction in directions.T]
    said += [Words(f"{low} rather than {high}", f"{high} rather than {low}") for low, high in made]
    return said[: len(columns)]


def natural(definition: Clustering, filled: Matrix) -> Matrix:
    """Filled columns in the units of their features, for people to read."""
    transforms = [feature.transform for feature in definition.features]
    transforms += ["none"] * (filled.shape[1] - len(transforms))
    return transformed(filled, transforms, unlogged)


def describe(
    definition: Clustering,
    columns: list[str],
    words: list[Words],
    filled: Matrix,
    points: Matrix,
    labels: Labels,
    seed: int,
) -> Described:
    """Rule, means and proposed label of each cluster, in the order of their numbers."""
    values, inside = natural(definition, filled), labels >= 0
    count = int(labels.max()) + 1
    # One against all others: a single tree for all clusters would describe the small ones by what is left over.
    rules = [rule_of(grow(values[inside], labels[inside] == cluster, seed)) for cluster in range(count)]
    pairs = zip(effects(points, labels, count), rules, strict=True)
    traits = [sets_apart(effect, list(rule.bounds)) for effect, rule in pairs]
    proposed = labels_for(traits, words)
    everyone = values[inside].mean(axis=0)
    clusters = [
        _cluster(
            place, proposed[place], rules[place], traits[place], columns, values[labels == place], everyone, len(labels)
        )
        for place in range(count)
    ]
    told = sum(rule.balance * one.people for rule, one in zip(rules, clusters, strict=True))
    return Described(clusters, told / max(int(inside.sum()), 1))


def grow(values: Matrix, members: NDArray[np.bool_], seed: int) -> Tree:
    """A decision tree of depth 3 that tells a cluster from all others, by the features as people read them."""
    from sklearn.tree import DecisionTreeClassifier

    # A leaf of a few people would be a rule about them and not about the cluster.
    least = max(1, int(len(values) * LEAST_LEAF))
    grown = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, random_state=seed).fit(values, members)
    inner = grown.tree_
    people = inner.value[:, 0, :]
    # Shares or counts, by release; counts are wanted.
    people = people / people.sum(axis=1, keepdims=True) * inner.n_node_samples[:, None]
    both = np.zeros((len(people), 2))
    both[:, grown.classes_.astype(int)] = people
    return Tree(inner.feature, inner.threshold, inner.children_left, inner.children_right, both)


def _cluster(
    place: int,
    label: str,
    rule: Rule,
    traits: list[Trait],
    columns: list[str],
    values: Matrix,
    everyone: Matrix,
    people: int,
) -> Cluster:
    means = values.mean(axis=0)
    told = [f"{_plain(columns[t.column])} {number(means[t.column])} (all {number(everyone[t.column])})" for t in traits]
    return Cluster(
        key=f"c{place + 1}",
        label=label,
        proposed=label,
        accepted=False,
        people=len(values),
        share=round(len(values) / people, 4),
        rule=sentence(rule, columns),
        precision=round(rule.precision, 4),
        recall=round(rule.recall, 4),
        means={column: round(float(mean), 6) for column, mean in zip(columns, means, strict=True)},
        sets_apart=told[:TOLD],
    )


def _plain(column: str) -> str:
    return column.replace("_", " ")
