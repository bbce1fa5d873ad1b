"""The pool: for each question the union of what the retrievers find best, with the score of every retriever."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.offer.judge.questions import places_of
from tailorbird.offer.retrievers.histories import Floats, Ints, Longs

Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Pool:
    """The candidates of question r are item[start[r]:start[r + 1]], sorted by item; nothing is said twice."""

    start: Longs  # p + 1
    item: Ints  # m
    scores: Floats  # retrievers x m: as they gave them, each retriever's in one line of memory
    retrievers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.start) - 1

    def rows(self) -> Longs:
        """The question of each candidate: m numbers."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    def part(self, begin: int, end: int) -> "Pool":
        """The questions [begin, end)."""
        first, last = self.start[begin], self.start[end]
        start = self.start[begin : end + 1] - first
        return replace(self, start=start, item=self.item[first:last], scores=self.scores[:, first:last])

    def of_rows(self, rows: Longs) -> "Pool":
        """These questions, in this order."""
        places, start = places_of(self.start, rows)
        return replace(self, start=start, item=self.item[places], scores=self.scores[:, places])


def pooled(bests: list[Ints], blocks: list[Floats], names: tuple[str, ...]) -> Pool:
    """The union of each retriever's best items (p x width, -1 for none), with all dense scores (p x n) looked up."""
    best = np.concatenate(bests, axis=1)
    start, item = _union(best, blocks[0].shape[1])
    row = np.repeat(np.arange(len(best)), np.diff(start))
    scores = np.stack([block[row, item] for block in blocks])
    return Pool(start, item, scores, names)


def joined(pools: list[Pool]) -> Pool:
    """Pools of questions that follow each other, as one."""
    if len(pools) == 1:
        return pools[0]
    ends = np.cumsum([0, *(len(pool.item) for pool in pools)])
    start = np.concatenate([[0], *(pool.start[1:] + end for pool, end in zip(pools, ends[:-1], strict=True))])
    item = np.concatenate([pool.item for pool in pools])
    scores = np.concatenate([pool.scores for pool in pools], axis=1)
    return Pool(start.astype(np.int64), item, scores, pools[0].retrievers)


def only(pool: Pool, keep: list[int], width: int) -> Pool:
    """The pool as it had been if only these retrievers had been asked for their best `width`.

    It can be read off: what a retriever likes best of all items it likes best of the pool.
    """
    kept = _likes(pool.start, pool.scores[keep], width)
    start = np.concatenate([[0], np.cumsum(np.bincount(pool.rows()[kept], minlength=len(pool)))]).astype(np.int64)
    names = tuple(pool.retrievers[k] for k in keep)
    return Pool(start, pool.item[kept], pool.scores[keep][:, kept], names)


@njit(cache=True)
def _likes(start: Longs, scores: Floats, width: int) -> Bools:
    liked = np.zeros(scores.shape[1], np.bool_)
    for k in range(len(scores)):
        for r in range(len(start) - 1):
            own = scores[k, start[r] : start[r + 1]]
            # Stable, as all sorts here: of equals the lower item, so a question has the same pool alone and in a batch.
            for c in np.argsort(-own, kind="mergesort")[:width]:
                # 0 says "nothing speaks for it" (retriever.py): that is no proposal.
                if own[c] > 0:
                    liked[start[r] + c] = True
    return liked


def best_of(pool: Pool, by: Floats, width: int) -> Ints:
    """p x width: the candidates with the most of `by` (m), best first, -1 behind the last; of equals the lower item."""
    return _best_of(pool.start, pool.item, by, width)


@njit(cache=True)
def _best_of(start: Longs, item: Ints, by: Floats, width: int) -> Ints:
    best = np.full((len(start) - 1, width), -1, np.int32)
    for r in range(len(start) - 1):
        order = np.argsort(-by[start[r] : start[r + 1]], kind="mergesort")[:width]
        best[r, : len(order)] = item[start[r] + order]
    return best


def narrowed(pool: Pool, by: Floats, width: int) -> tuple[Pool, Longs]:
    """At most `width` candidates a question, those with the most of `by` (m); and where they stood in the old pool."""
    start, kept = best_places(pool.start, by, width)
    return replace(pool, start=start, item=pool.item[kept], scores=pool.scores[:, kept]), kept


@njit(cache=True)
def best_places(start: Longs, by: Floats, width: int) -> tuple[Longs, Longs]:
    """(where each question then starts, the places of its `width` candidates with the most of `by`, ascending)."""
    kept, ends = np.empty(len(by), np.int64), np.zeros_like(start)
    count = 0
    for r in range(len(start) - 1):
        own = by[start[r] : start[r + 1]]
        best = np.sort(np.argsort(-own, kind="mergesort")[:width])
        kept[count : count + len(best)] = start[r] + best
        count += len(best)
        ends[r + 1] = count
    return ends, kept[:count].copy()


@njit(cache=True)
def _union(best: Ints, items: int) -> tuple[Longs, Ints]:
    people, width = best.shape
    start, out = np.zeros(people + 1, np.int64), np.empty(people * width, np.int32)
    count = 0
    for r in range(people):
        # -1, "none", sorts to the front and is not above this.
        last = -1
        for item in np.sort(best[r]):
            if item > last:
                out[count] = item
                count += 1
                last = item
        start[r + 1] = count
    return start, out[:count].copy()
