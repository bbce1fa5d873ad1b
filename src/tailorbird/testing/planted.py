"""People with planted clusters, drawn around known centres: the truth against which a clustering is held."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]
# visits, basket, share of fresh food: rare and large, frequent and small, fresh.
CENTRES = np.array([[2.0, 80.0, 0.1], [30.0, 15.0, 0.1], [12.0, 40.0, 0.5]])
WIDTHS = np.array([1.5, 5.0, 0.03])


def planted(
    people: int = 600, seed: int = 1, centres: Matrix = CENTRES, widths: Matrix = WIDTHS
) -> tuple[Matrix, Labels]:
    """(values, group): as many people around each centre, in random order.

    >>> values, group = planted(9)
    >>> values.shape, sorted(group.tolist())
    ((9, 3), [0, 0, 0, 1, 1, 1, 2, 2, 2])
    """
    random = np.random.default_rng(seed)
    group = random.permutation(np.arange(people) % len(centres))
    return np.abs(centres[group] + random.normal(size=(people, centres.shape[1])) * widths), group


def with_gaps(values: Matrix, column: int, share: float, seed: int = 2) -> Matrix:
    """A copy in which so large a share of a column is not known, chosen at random."""
    gappy = values.copy()
    gappy[np.random.default_rng(seed).random(len(values)) < share, column] = np.nan
    return gappy


def agreement(group: Labels, found: Labels) -> float:
    """The share of people who are in the cluster that most of their planted group are in."""
    together = np.zeros((group.max() + 1, found.max() + 1))
    np.add.at(together, (group[found >= 0], found[found >= 0]), 1)
    return float(together.max(axis=1).sum() / len(group))
