"""Packing: histories end to end in rows of one width, and the few words of each item as a table."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.retrievers.attentive import WINDOW
from tailorbird.offer.retrievers.histories import Histories

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
MOST_WORDS = 16  # of an item: the rarest, which say most
STEP = 512  # in which the number of items of a batch grows: each number is compiled anew


class Words(NamedTuple):
    """Up to MOST_WORDS of each item, with weights whose squares add up to 1."""

    word: Ints  # n x k
    weight: Floats  # n x k, 0 for none
    different: int  # how many there are in all


class Batch(NamedTuple):
    """Rows of contacts: places in `items`, which holds each item of the batch once and then some."""

    items: Ints  # u: what occurs, sorted, the last one repeated to a round number
    word: Ints  # u x k
    weight: Floats  # u x k
    seen: Ints  # rows x WINDOW: places in `items`
    next: Ints  # rows x WINDOW
    whose: Ints  # rows x WINDOW: the history, -1 behind the last
    negative: Ints  # places in `items`


def words_of(known: Histories) -> Words:
    """From the attributes of the items; none where there are none."""
    attributes = known.attributes
    if attributes is None or attributes.shape[1] == 0:
        return Words(np.zeros((known.items, 1), np.int32), np.zeros((known.items, 1), np.float32), 1)
    n, count = attributes.shape
    often = np.bincount(attributes.indices, minlength=count)
    worth = np.log1p(n / np.maximum(1, often)).astype(np.float32)
    width = max(1, min(MOST_WORDS, int(np.diff(attributes.indptr).max(initial=0))))
    word, weight = np.zeros((n, width), np.int32), np.zeros((n, width), np.float32)
    for i in range(n):
        own = attributes.indices[attributes.indptr[i] : attributes.indptr[i + 1]]
        # The rarest words first, where an item has too many.
        own = own[np.argsort(-worth[own], kind="stable")][:width]
        word[i, : len(own)], weight[i, : len(own)] = own, worth[own]
    return Words(word, weight / np.maximum(np.sqrt((weight**2).sum(1, keepdims=True)), 1e-9), count)


def batches(known: Histories, words: Words, rows: int, negatives: int, seed: int, epoch: int) -> Iterator[Batch]:
    """All contacts that have a next one, histories in a new order each epoch; all batches have the same shapes."""
    chance = np.random.default_rng([seed, epoch])
    seen, following, whose = stream(known, chance)
    size = rows * WINDOW
    for begin in range(0, len(seen), size):
        part = slice(begin, begin + size)
        short = size - len(seen[part])
        now, then = np.pad(seen[part], (0, short)), np.pad(following[part], (0, short))
        # Alike from all items, as the correction of the loss takes for granted.
        drawn = chance.integers(0, known.items, negatives)
        there, place = np.unique(np.concatenate([now, then, drawn]), return_inverse=True)
        # Up to a round number, as each new shape would be compiled anew.
        items = np.pad(there, (0, -len(there) % STEP), mode="edge").astype(np.int32)
        now, then, negative = np.split(place.astype(np.int32), [size, 2 * size])
        owner = np.pad(whose[part], (0, short), constant_values=-1).astype(np.int32)
        yield Batch(
            items, words.word[items], words.weight[items], now.reshape(rows, WINDOW), then.reshape(rows, WINDOW),
            owner.reshape(rows, WINDOW), negative,
        )  # fmt: skip


def stream(known: Histories, chance: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """(item, the next item, history) of each contact that has a next one, history after history in a drawn order."""
    order = chance.permutation(len(known))
    lengths = known.lengths()[order]
    ends = np.cumsum(lengths)
    places = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths - known.start[:-1][order], lengths)
    whose = np.repeat(order, lengths)
    # The last contact of a history has nobody's next item behind it.
    has_next = places < known.start[whose + 1] - 1
    places, whose = places[has_next], whose[has_next]
    return known.item[places], known.item[places + 1], whose.astype(np.int32)
