"""Features of (person, candidate): what a ranker looks at. The same function serves offline and at request time.

    blend, its place            what the blend says, and log(1 + how many candidates of the pool it likes better)
    NAME, NAME's place          the same of each retriever
    item degree, ever           in how many histories it stands, how often in all: log(1 + x)
    now                         the share of its contacts that is recent
    person degree, length       different items and contacts of the history: log(1 + x)
    in history                  how often the candidate stands in the history
    from the end                how many contacts ago it did, log(1 + x); NaN where it never did

Only what is known when the page is built goes in: the history, the pool, and facts of training.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from tailorbird.offer.hybrid.pool import Pool
from tailorbird.offer.retrievers.histories import Floats, Histories

BY_ITEM = ("item degree", "ever", "now")
BY_PERSON = ("person degree", "length", "in history", "from the end")
LATELY = 0.05  # half-life of a contact in `now`, as a share of the time that the log spans
LATELY_STEPS = 5.0  # the same in contacts from the end, where only the order is known


@dataclass(frozen=True)
class Facts:
    """What training knows of each item, ready to be looked up."""

    items: Floats  # 3 x n: BY_ITEM


def facts(known: Histories) -> Facts:
    """The facts from the histories of training.

    >>> facts(Histories.of([[0, 0, 1], [0]], items=3)).items[0].tolist() == [np.log1p(np.float32(n)) for n in (2, 1, 0)]
    True
    """
    # By histories and by contacts: what many had once and what few come back to are two things to a tree.
    degree = np.bincount(known.matrix().indices, minlength=known.items)
    ever = np.bincount(known.item, minlength=known.items)
    if known.at is not None:
        # Seen from the last contact: on validation nothing is known of the end of the log, and trees compare values.
        age = known.at.max(initial=0).astype(np.float64) - known.at
        worth = np.exp2(-age / LATELY)
    else:
        # Without times, contacts behind it in its own history stand for its age.
        ahead = np.repeat(known.start[1:], known.lengths()) - 1 - np.arange(len(known.item))
        worth = np.exp2(-ahead / LATELY_STEPS)
    now = np.bincount(known.item, weights=worth, minlength=known.items) / np.maximum(1, ever)
    table = np.stack([np.log1p(degree), np.log1p(ever), now]).astype(np.float32)
    table.flags.writeable = False
    return Facts(table)


def names(retrievers: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns of `features`."""
    scored = [column for name in ("blend", *retrievers) for column in (name, f"{name}'s place")]
    return (*scored, *BY_ITEM, *BY_PERSON)


def features(known: Facts, asked: Histories, pool: Pool, blend: Floats) -> Floats:
    """m x f: a row for each candidate of the pool, a column for each of `names(pool.retrievers)`, stored column by
    column as the forest reads it.

    `pool` holds scores that are scaled by person, `blend` (m) is what they were blended to; `asked` are the histories.
    """
    scored = 2 * (1 + len(pool.scores))
    columns = np.empty((scored + len(BY_ITEM) + len(BY_PERSON), len(pool.item)), np.float32)
    columns[0], columns[2:scored:2] = blend, pool.scores
    columns[scored : scored + len(BY_ITEM)] = known.items[:, pool.item]
    _places(columns[:scored], pool.start)
    _person(columns[scored + len(BY_ITEM) :], pool.start, pool.item, asked.start, asked.item)
    return columns.T


@njit(cache=True)
def _places(columns, start):  # type: ignore[no-untyped-def]
    """Below each line of scores its places: those who are equal share one, so the order of the pool says nothing."""
    widest = 0
    for r in range(len(start) - 1):
        widest = max(widest, start[r + 1] - start[r])
    logs = np.log1p(np.arange(widest)).astype(np.float32)
    for k in range(0, len(columns), 2):
        for r in range(len(start) - 1):
            score, place = columns[k, start[r] : start[r + 1]], columns[k + 1, start[r] : start[r + 1]]
            order = np.argsort(-score)
            better = 0
            for c in range(len(order)):
                if score[order[c]] != score[order[better]]:
                    better = c
                place[order[c]] = logs[better]


@njit(cache=True)
def _person(columns, start, item, asked_start, asked_item):  # type: ignore[no-untyped-def]
    """The columns BY_PERSON."""
    degree, length, count, ago = columns[0], columns[1], columns[2], columns[3]
    for r in range(len(start) - 1):
        begin, end = start[r], start[r + 1]
        history = asked_item[asked_start[r] : asked_start[r + 1]]
        degree[begin:end] = np.log1p(_different(history))
        length[begin:end] = np.log1p(len(history))
        count[begin:end] = 0
        # Not a number instead of a large one: a tree has a side for what is missing, and need not cut at an age for it.
        ago[begin:end] = np.nan
        candidates = item[begin:end]  # sorted, as every pool is
        # Oldest first, so that what the last contact writes is what stays.
        for h in range(len(history)):
            c = np.searchsorted(candidates, history[h])
            if c < len(candidates) and candidates[c] == history[h]:
                count[begin + c] += 1
                ago[begin + c] = np.log1p(len(history) - 1 - h)  # the last contact stays


@njit(cache=True)
def _different(history):  # type: ignore[no-untyped-def]
    ordered = np.sort(history)
    found = min(1, len(ordered))
    for h in range(1, len(ordered)):
        found += ordered[h] != ordered[h - 1]
    return found
