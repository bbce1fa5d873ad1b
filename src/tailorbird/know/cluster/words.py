"""A label proposed for each cluster: what its people have more or less of than others, and no two alike."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
WORTH_SAYING = 0.45  # spreads between the cluster's mean and everyone's
SAID = 3  # features in a label at most
TREE_BONUS = 1.25  # what the tree splits by is what tells people apart


class Trait(NamedTuple):
    """A feature that sets a cluster apart."""

    column: int
    effect: float  # the cluster's mean, in spreads from everyone's


class Words(NamedTuple):
    """How one feature is spoken of."""

    low: str
    high: str


def words_for(name: str, low: str, high: str) -> Words:
    """The declared words, or plain ones.

    >>> words_for("coupon_use", "", "coupon users")
    Words(low='low coupon use', high='coupon users')
    """
    plain = name.replace("_", " ")
    return Words(low or f"low {plain}", high or f"high {plain}")


def effects(points: Matrix, labels: NDArray[np.int64], clusters: int) -> Matrix:
    """(clusters, columns): each cluster's mean in spreads from everyone's; outliers are left out."""
    inside = points[labels >= 0]
    spread = inside.std(axis=0)
    everyone, spread = inside.mean(axis=0), np.where(spread > 1e-9, spread, 1.0)
    return np.stack([(points[labels == one].mean(axis=0) - everyone) / spread for one in range(clusters)])


def sets_apart(effect: Matrix, in_tree: Sequence[int] = ()) -> list[Trait]:
    """The features worth saying of one cluster, the strongest first; those of its rule a little stronger."""
    bonus = np.ones(len(effect))
    bonus[list(in_tree)] = TREE_BONUS
    order = np.argsort(-np.abs(effect) * bonus, kind="stable").tolist()
    return [Trait(column, float(effect[column])) for column in order if abs(effect[column]) >= WORTH_SAYING]


def labels_for(traits: Sequence[Sequence[Trait]], words: Sequence[Words]) -> list[str]:
    """One label a cluster; where two would be the same, each says one thing more.

    >>> words = [Words("rare visits", "weekly"), Words("small baskets", "big baskets")]
    >>> labels_for([[Trait(0, 2.0)], [Trait(0, -1.0), Trait(1, 1.0)], []], words)
    ['Weekly', 'Rare visits, big baskets', 'Like most others']
    """
    made: list[str] = []
    for own in traits:
        said = [_said(trait, words) for trait in own]
        label = ", ".join(said[:SAID]) or "like most others"
        more = SAID
        while _capital(label) in made and more < len(said):
            more += 1
            label = ", ".join(said[:more])
        made.append(_free(_capital(label), made))
    return made


def _said(trait: Trait, words: Sequence[Words]) -> str:
    own = words[trait.column]
    return own.high if trait.effect > 0 else own.low


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _free(label: str, taken: list[str]) -> str:
    names = [label, *(f"{label} ({number})" for number in range(2, 100))]
    return next(name for name in names if name not in taken)
