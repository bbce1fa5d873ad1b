"""Where vectors begin: those of items that stand near each other in histories point the same way from the start.

    W = (C + C') / sqrt(n_i n_j)      C as in `offer/retrievers/co_occurrence.py`
    W ~ V diag(s) V'                  the d largest s > 0, by subspace iteration (Saad, 2011, chapter 5)
    v_i = row i of V sqrt(s), made 1 long, turned by chance
    A Q ~ v                           by ridge: A what is said of the items, Q the vectors of the words

An item is the sum of its own vector and of what its words say, so its own begins with what these leave over; items that
nobody met begin as their words say.

A sequence model that begins with random vectors spends most of its epochs on finding these. Shifted positive pointwise
mutual information factored like this is what skip-grams learn (Levy and Goldberg, 2014). It costs a few sparse products
with n x d numbers: seconds for 25,000 items.
"""

import numpy as np
from scipy.sparse import csr_array

from tailorbird.offer.retrievers.co_occurrence import near
from tailorbird.offer.retrievers.following import scaled
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.shell.learning.packing import Words

DISTANCE = 5.0  # steps
OVERSAMPLED, PASSES = 16, 6
SMALL = 1e-6  # of a vector's length: below, nothing is known of the item
OWED, STEPS = 1.0, 12  # of the ridge of words: its penalty, in items, and its steps of conjugate gradients


def begun_with(known: Histories, words: Words, dimensions: int, seed: int = 0) -> tuple[Floats, Floats]:
    """(what each item has of its own, n x d; what each word says, words x d)."""
    item = first_vectors(known, dimensions, seed)
    met = np.asarray(item.any(axis=1))
    rows, kept = np.repeat(np.arange(known.items), words.word.shape[1]), words.weight.ravel() > 0
    shape = (known.items, words.different)
    said = csr_array((words.weight.ravel()[kept], (rows[kept], words.word.ravel()[kept])), shape)
    # Learned of items that were met alone: of others nothing is known that words could explain.
    word = _ridge(csr_array(said[np.flatnonzero(met)]), item[met])
    return np.where(met[:, None], item - said @ word, 0).astype(np.float32), word


def first_vectors(known: Histories, dimensions: int, seed: int = 0) -> Floats:
    """n x d, rows of length 1; 0 for items that stand near nobody. Fewer items than dimensions leave the last ones 0.

    >>> first_vectors(Histories.of([[0, 1, 0, 1], [2, 3, 2, 3]], items=5), 2).shape
    (5, 2)
    """
    # Back as much as forth: a symmetric table, whose values and vectors are real.
    counted, often = near(known, DISTANCE, 1.0)
    found = _leading(scaled(counted, often**-0.5, often**-0.5), dimensions, seed)
    length = np.sqrt((found**2).sum(axis=1, keepdims=True))
    found = np.where(length > SMALL, found / np.maximum(length, SMALL), 0)
    out = np.zeros((known.items, dimensions), np.float32)
    out[:, : found.shape[1]] = found
    turn = np.linalg.qr(np.random.default_rng(seed + 1).standard_normal((dimensions, dimensions)))[0]
    return np.asarray(out @ turn.astype(np.float32))  # no dimension matters more than others


def _leading(table: csr_array, count: int, seed: int) -> Floats:
    """V sqrt(s) of a symmetric table, its largest s first; what is below 0 counts as 0."""
    width = min(count + OVERSAMPLED, table.shape[0])
    basis = np.random.default_rng(seed).standard_normal((table.shape[0], width), np.float32)
    # Orthogonal after each pass, or all columns would turn towards the largest.
    for _ in range(PASSES):
        basis = np.linalg.qr(table @ basis)[0]
    values, turns = np.linalg.eigh((basis.T @ (table @ basis)).astype(np.float64))
    order = np.argsort(-values, kind="stable")[: min(count, width)]
    return np.asarray(basis @ (turns[:, order] * np.sqrt(np.maximum(values[order], 0))).astype(np.float32))


def _ridge(said: csr_array, wanted: Floats) -> Floats:
    """Q with said Q ~ wanted, each column by conjugate gradients."""
    residual = np.asarray(said.T @ wanted, np.float64)
    found, direction, squared = np.zeros_like(residual), residual.copy(), (residual**2).sum(axis=0)
    for _ in range(STEPS):
        # words x words is never formed: two sparse products with d columns at once.
        product = said.T @ (said @ direction) + OWED * direction
        length = squared / np.maximum((direction * product).sum(axis=0), np.finfo(float).tiny)
        found += length * direction
        residual -= length * product
        before, squared = squared, (residual**2).sum(axis=0)
        direction = residual + squared / np.maximum(before, np.finfo(float).tiny) * direction
    return found.astype(np.float32)
