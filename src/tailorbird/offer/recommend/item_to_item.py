"""Item-to-item: what is found in the same baskets and sessions, as a sparse matrix of the nearest of each item.

    near(i, j) = G(i, j) / (n_i^B * n_j^D + SHRINK),   G(i, j) = sum over shared sessions s of w_si * w_sj * |s|^-LARGE

n_i: in how many sessions i was met; w: worth of the strongest contact. B = D = 0.5 is cosine; a lower D favours
frequent items; large sessions say less about each of their pairs. Item-based neighbours: Sarwar et al., WWW 2001;
shrinkage for lack of support: Bell & Koren, ICDM 2007, equation 4.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Rows, Values
from tailorbird.offer.recommend.settings import Nearness

WORTH = np.array([0.3, 0.4, 0.7, 0.0, 1.0], np.float32)  # viewed, clicked, added, removed, bought


@dataclass(frozen=True)
class Sparse:
    """A sparse matrix by rows: entries of row i lie in [start[i], start[i + 1])."""

    start: NDArray[np.int64]
    column: Rows
    value: Values


def nearest(lines: Interactions, settings: Nearness) -> Sparse:
    """The nearest items of each item, nearest first, values in (0, 1]."""
    by_session = sessions_by_items(lines, settings.largest_session)
    by_item = transposed(by_session, len(lines.ids))
    size = np.maximum(1, np.diff(by_session.start)).astype(np.float32)
    mass = np.bincount(by_session.column, weights=by_session.value, minlength=len(lines.ids))
    start, column, value = _nearest(
        (by_session.start, by_session.column, by_session.value),
        (by_item.start, by_item.column, by_item.value),
        size**-settings.size_power,
        (mass**settings.own_power, mass**settings.other_power, settings.shrink),
        settings.neighbours,
    )
    top = float(value.max(initial=0.0)) or 1.0
    return Sparse(start, column, value / np.float32(top))


def typical_nearness(matrix: Sparse, contacts: NDArray[np.int64]) -> float:
    """How near the nearest neighbour is for the median contact: what counts as well supported. 1 for none."""
    has = np.flatnonzero(np.diff(matrix.start) > 0)
    if not len(has):
        return 1.0
    nearest_of = matrix.value[matrix.start[has]]
    order = np.argsort(nearest_of)
    mass = np.cumsum(contacts[has[order]])
    return float(nearest_of[order[np.searchsorted(mass, mass[-1] / 2)]])


def sessions_by_items(lines: Interactions, largest: int) -> Sparse:
    """Sessions x items: the worth of each session's strongest contact with each of its items.

    Of a session of more items than `largest`, those met last.
    """
    session, worth = lines.sessions(), WORTH[lines.kind]
    # (session, item) as one number, so that one sort finds every pair once.
    pair = session.astype(np.int64) * max(1, len(lines.ids)) + lines.item
    pairs, where = np.unique(pair[worth > 0], return_inverse=True)
    value = np.zeros(len(pairs), np.float32)
    # The strongest contact, not their sum: who looks ten times before buying has bought once.
    np.maximum.at(value, where, worth[worth > 0])
    rows, columns = np.divmod(pairs, max(1, len(lines.ids)))
    count = np.bincount(rows, minlength=int(session[-1]) + 1 if len(session) else 0)
    kept = _last(rows, where, count, largest)
    start = np.concatenate([[0], np.cumsum(np.minimum(count, largest))])
    return Sparse(start.astype(np.int64), columns[kept].astype(np.int32), value[kept])


def _last(
    rows: NDArray[np.int64], where: NDArray[np.int64], count: NDArray[np.int64], largest: int
) -> NDArray[np.bool_]:
    """Which of the pairs are among the `largest` of their row that were met last; `where`: each contact's pair."""
    if count.max(initial=0) <= largest:
        return np.ones(len(rows), np.bool_)
    latest = np.zeros(len(rows), np.int64)
    latest[where] = np.arange(len(where))  # contacts are in the order of time: of several the last one stays
    kept, end = np.empty(len(rows), np.bool_), np.cumsum(count)
    # Rows keep their places in this order, and within a row what was met last stands last.
    kept[np.lexsort((latest, rows))] = np.arange(len(rows)) >= end[rows] - largest
    return kept


def transposed(matrix: Sparse, columns: int) -> Sparse:
    """The same entries by column."""
    order = np.argsort(matrix.column, kind="stable")
    rows = np.repeat(np.arange(len(matrix.start) - 1, dtype=np.int32), np.diff(matrix.start))
    start = np.concatenate([[0], np.cumsum(np.bincount(matrix.column, minlength=columns))]).astype(np.int64)
    return Sparse(start, rows[order], matrix.value[order])


@njit(cache=True)
def _nearest(by_session, by_item, size_worth, powers, most):  # type: ignore[no-untyped-def]
    """Row by row: sum over the item's sessions, divide, keep the `most` largest."""
    item_start, item_session, item_worth = by_item
    items = len(item_start) - 1
    start = np.zeros(items + 1, np.int64)
    column, value = np.empty(items * most, np.int32), np.empty(items * most, np.float32)
    sums, met = np.zeros(items, np.float32), np.empty(items, np.int32)
    for i in range(items):
        count = 0
        for k in range(item_start[i], item_start[i + 1]):
            count = _add(item_session[k], item_worth[k] * size_worth[item_session[k]], i, by_session, sums, met, count)
        # After the sum, not within it: what divides depends on the pair alone.
        for m in range(count):
            sums[met[m]] /= powers[0][i] * powers[1][met[m]] + powers[2]
        start[i + 1] = start[i] + _keep(met[:count], sums, column[start[i] :], value[start[i] :], most)
        for m in range(count):
            sums[met[m]] = 0
    return start, column[: start[items]].copy(), value[: start[items]].copy()


@njit(cache=True)
def _add(session, worth, i, by_session, sums, met, count):  # type: ignore[no-untyped-def]
    start, item, value = by_session
    for k in range(start[session], start[session + 1]):
        j = item[k]
        if j != i:
            # Worths are above 0, so 0 says "not met in this row"; what was touched is wiped behind it.
            if sums[j] == 0:
                met[count] = j
                count += 1
            sums[j] += worth * value[k]
    return count


@njit(cache=True)
def _keep(met, sums, column, value, most):  # type: ignore[no-untyped-def]
    """Write the `most` largest of `met`, largest first, ties by number; how many."""
    if len(met) > most:
        # Only what is not below the last one kept gets sorted.
        floor = np.partition(sums[met], len(met) - most)[len(met) - most]
        above = met[sums[met] >= floor]
    else:
        above = met.copy()
    above.sort()
    order = np.argsort(-sums[above], kind="mergesort")[:most]
    for k in range(len(order)):
        column[k], value[k] = above[order[k]], sums[above[order[k]]]
    return len(order)
