"""Behavioural embeddings: people placed by what they buy, in the few directions in which people differ most.

The matrix of people and categories holds the square root of each category's share of the lines a person ever bought
(Hellinger's geometry: rows have length 1, so it tells what is bought and not how much). The leading right singular
vectors of the centred matrix are the directions (Deerwester et al., "Indexing by latent semantic analysis", 1990); a
person's embedding is their row times these.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
_NAMED = 2  # categories that name an end of a direction


def leaning(counts: Matrix) -> Matrix:
    """Each row as the roots of its shares; a row of nothing stays 0.

    >>> leaning(np.array([[1.0, 3.0], [0.0, 0.0]])).round(3).tolist()
    [[0.5, 0.866], [0.0, 0.0]]
    """
    rows = np.nan_to_num(counts)
    whole = rows.sum(axis=1, keepdims=True)
    result: Matrix = np.sqrt(rows / np.where(whole > 0, whole, 1.0))
    return result


def directions(counts: Matrix, dimensions: int) -> Matrix:
    """(categories, dimensions): the directions, the most telling first; of each the largest part is positive."""
    rows = leaning(counts)
    centred = rows - rows.mean(axis=0)
    # The small square matrix has the same right singular vectors, however many people there are.
    _, vectors = np.linalg.eigh(centred.T @ centred)
    found = vectors[:, ::-1][:, :dimensions]
    largest = np.abs(found).argmax(axis=0)
    result: Matrix = found * np.where(found[largest, np.arange(found.shape[1])] < 0, -1.0, 1.0)
    return result


def ends(direction: Matrix, categories: Sequence[str]) -> tuple[str, str]:
    """Words for the low and the high end of a direction: what is bought most there.

    >>> ends(np.array([0.1, 0.9, -0.7]), ["Milk", "Cola", "Salad"])
    ('salad', 'cola and milk')
    """
    order = np.argsort(direction)
    low = [categories[place] for place in order[:_NAMED] if direction[place] < 0]
    high = [categories[place] for place in order[::-1][:_NAMED] if direction[place] > 0]
    return _listed(low), _listed(high)


def _listed(names: list[str]) -> str:
    return " and ".join(name.lower() for name in names) or "other things"


def counted(categories: Sequence[str]) -> str:
    """The expression for how many lines of these categories a person ever bought.

    >>> counted(["Milk", "Eggs"])
    "count('Order Completed', where => category in ('Milk', 'Eggs'), each => 'products')"
    """
    texts = ["'" + category.replace("'", "''") + "'" for category in categories]
    test = f"category in ({', '.join(texts)})" if len(texts) > 1 else f"category = {texts[0]}"
    return f"count('Order Completed', where => {test}, each => 'products')"
