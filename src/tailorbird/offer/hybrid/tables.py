"""Tables: what retrievers say, written down item by item, so that a request needs none of them.

    row i    = the best `width` answers to the history that holds i alone
    score(h) = sum over the history of fading * row          which is what a request's kernel adds up

For a retriever that is a sum over the history this is what it says itself, but for what is cut off. Others (ALS,
session kNN) lose how the items of a history change what each other means; validation tells how much that is.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from tailorbird.offer.hybrid.pool import Pool, joined, pooled
from tailorbird.offer.hybrid.scale import BEST
from tailorbird.offer.judge.asking import blocks
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.judge.ranks import ranked
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints, Longs
from tailorbird.offer.retrievers.retriever import Retriever
from tailorbird.offer.retrievers.spread import spread

AT_ONCE = 48_000_000  # scores of all tables together: 192 MB
CANDIDATES = 100  # of each table, for a question


def alone(retriever: Retriever, items: Ints, known: Histories, width: int, *, masked: bool) -> csr_array:
    """n x n: the answers to each of `items` (ascending) as a history, best first; the rows of all others are empty.

    `masked`: an item is no answer to itself.
    """
    start = np.arange(len(items) + 1, dtype=np.int64)
    asked = Histories(start, items, known.items, ordered=known.ordered, attributes=known.attributes)
    # Questions without targets: only the blocks and the masking of a trial are wanted.
    nothing = np.zeros(len(items) + 1, np.int64), np.zeros(0, np.int32)
    columns, values, counts = [np.zeros(0, np.int32)], [np.zeros(0, np.float32)], np.zeros(known.items, np.int64)
    first = 0
    for part in blocks(Trial("collaborative", known, asked, *nothing, masked, width, "ndcg")):
        scores = retriever.scores(part.asked)
        best, _ = ranked(scores, part, width)
        there = best >= 0
        columns.append(best[there])
        # -1 is no column: any other is read in its place, and dropped by `there`.
        values.append(np.take_along_axis(scores, np.maximum(best, 0).astype(np.int64), 1)[there])
        counts[items[first : first + len(best)]] = there.sum(1)
        first += len(best)
    return _table(counts, np.concatenate(columns), np.concatenate(values))


def evened(table: csr_array) -> csr_array:
    """Rows (best first) divided by the mean of their best 20: what each item says counts alike.

    >>> evened(csr_array((np.array([3, 1], np.float32), [0, 1], [0, 2, 2]), (2, 2))).toarray().tolist()
    [[1.5, 0.5], [0.0, 0.0]]
    """
    row, place = _places(table)
    best = place < BEST
    sums = np.bincount(row[best], table.data[best], minlength=table.shape[0])
    mean = sums / np.maximum(1, np.bincount(row[best], minlength=table.shape[0]))
    values = table.data / np.maximum(mean, 1e-30)[row]
    return csr_array((values.astype(np.float32), table.indices, table.indptr), table.shape)


def merged(tables: Sequence[csr_array], weights: Floats, width: int) -> csr_array:
    """The weighed sum of the tables, the `width` largest of each row, best first, of equals the lower item first.

    >>> one = csr_array(np.array([[0, 1], [1, 0]], np.float32))
    >>> merged([one, one], np.array([1, 2], np.float32), 1).toarray().tolist()
    [[0.0, 3.0], [3.0, 0.0]]
    """
    total = csr_array(tables[0].shape, dtype=np.float32)
    for table, weight in zip(tables, weights, strict=True):
        if weight > 0:
            total = csr_array(total + table * np.float32(weight))
    row = np.repeat(np.arange(total.shape[0]), np.diff(total.indptr))
    order = np.lexsort((total.indices, -total.data, row))
    place = np.arange(len(row)) - total.indptr[row]
    # Above 0 only: a contact may speak for an item and never against one, or taking it away would raise a score.
    kept = order[(place < width) & (total.data[order] > 0)]
    return _table(np.bincount(row[kept], minlength=total.shape[0]), total.indices[kept], total.data[kept])


def pool_of(tables: Sequence[csr_array], names: tuple[str, ...], faded: csr_array, trial: Trial) -> Pool:
    """What the tables say to the trial's histories, which `faded` (p x n) holds as weights of items; unscaled."""
    pools, first = [], 0
    for part in blocks(trial, AT_ONCE // max(1, len(tables))):
        some = csr_array(faded[first : first + len(part)])
        first += len(part)
        dense = [spread(some, table) for table in tables]
        pools.append(pooled([ranked(scores, part, CANDIDATES)[0] for scores in dense], dense, names))
    return joined(pools)


def _table(counts: Longs, columns: Ints, values: Floats) -> csr_array:
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    parts = (values.astype(np.float32), columns.astype(np.int32), start)
    return csr_array(parts, (len(counts), len(counts)))


def _places(table: csr_array) -> tuple[Longs, Longs]:
    """(the row of each value, its place in it)."""
    row = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    return row, np.arange(len(row)) - table.indptr[row]
