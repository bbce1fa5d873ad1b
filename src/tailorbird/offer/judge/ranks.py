"""The best candidates and the ranks of the targets, of a block of dense scores, in one pass.

A target that ties with others stands in the middle of them (mid-rank): its rank is 1 + the number of items with a
higher score + half the number of others with the same one. Whoever breaks ties in favour of the target measures
luck; a constant score would look perfect.
"""

from math import inf
from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.retrievers.histories import Floats, Ints, Longs

Doubles: TypeAlias = NDArray[np.float64]
NOTHING = np.zeros(0, np.int32)


def ranked(scores: Floats, trial: Trial, width: int) -> tuple[Ints, Doubles]:
    """(the best items of each question, p x width, best first, -1 behind the last; the rank of each target).

    Ties among the best: the lower item first. Only items with a score above 0 are candidates, "nothing speaks for it"
    is none. A target that is masked or outside the catalogue has the rank inf.
    """
    masks = (trial.asked.start, trial.asked.item) if trial.masked else (np.zeros(len(trial) + 1, np.int64), NOTHING)
    return _ranked(scores, *masks, trial.start, trial.target, width)


@njit(cache=True)
def _ranked(
    scores: Floats, mask_start: Longs, mask: Ints, start: Longs, target: Ints, width: int
) -> tuple[Ints, Doubles]:
    people, items = scores.shape
    best = np.full((people, width), -1, np.int32)
    ranks = np.full(len(target), inf)
    desk = np.empty(items, np.float32)
    for r in range(people):
        desk[:] = scores[r]
        for at in range(mask_start[r], mask_start[r + 1]):
            # A desk of its own for each person: the scores may be a view of what a retriever keeps.
            desk[mask[at]] = -inf
        _best(desk, best[r])
        _rank(desk, target[start[r] : start[r + 1]], ranks[start[r] : start[r + 1]])
    return best, ranks


@njit(cache=True)
def _rank(scores: Floats, target: Ints, ranks: Doubles) -> None:
    """A pass over all scores for each target, of which there are few: it has no branch, so it takes eight at a time."""
    for t in range(len(target)):
        if target[t] < 0 or scores[target[t]] == -inf:
            continue
        mine, above, level = scores[target[t]], np.int32(0), np.int32(0)
        for score in scores:
            above += np.int32(score > mine)
            level += np.int32(score == mine)
        ranks[t] = 1 + above + 0.5 * (level - 1)


@njit(cache=True)
def _best(scores: Floats, best: Ints) -> None:
    """A heap of the best so far, its root the worst of them; of equal scores the lower item is better."""
    held, floor = 0, np.float32(0)
    for j in range(len(scores)):
        if scores[j] <= floor:
            continue
        if held < len(best):
            best[held] = j
            held += 1
            if held < len(best):
                continue
            for place in range(held // 2 - 1, -1, -1):
                _sink(scores, best, place, held)
        else:
            best[0] = j
            _sink(scores, best, 0, held)
        floor = scores[best[0]]
    _sort(scores, best, held)


@njit(cache=True)
def _sort(scores: Floats, best: Ints, held: int) -> None:
    if held < len(best):
        for place in range(held // 2 - 1, -1, -1):
            _sink(scores, best, place, held)
    for last in range(held - 1, 0, -1):
        best[0], best[last] = best[last], best[0]
        _sink(scores, best, 0, last)


@njit(cache=True)
def _sink(scores: Floats, heap: Ints, place: int, held: int) -> None:
    while True:
        worst = place
        for child in (2 * place + 1, 2 * place + 2):
            if child < held and _worse(scores, heap[child], heap[worst]):
                worst = child
        if worst == place:
            return
        heap[place], heap[worst] = heap[worst], heap[place]
        place = worst


@njit(cache=True)
def _worse(scores: Floats, one: int, other: int) -> bool:
    if scores[one] != scores[other]:
        return bool(scores[one] < scores[other])
    return one > other
