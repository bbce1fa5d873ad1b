"""The blend: a sum of scaled scores with weights >= 0, found by going along one coordinate at a time.

The measure itself is climbed (Metzler and Croft, Linear feature-based models for information retrieval, 2007): it is
no smooth function, but a step is cheap. The climb starts from the likeliest weights, `likelihood.py`, and what it finds
is shrunk towards these by as much as is best for people whom the search has not seen. Weights below 0 are not tried:
they can fit noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.offer.hybrid.exam import Key
from tailorbird.offer.hybrid.likelihood import likeliest
from tailorbird.offer.hybrid.pool import Pool, best_places
from tailorbird.offer.judge.measures import best_gains
from tailorbird.offer.retrievers.histories import Floats, Longs

Doubles: TypeAlias = NDArray[np.float64]
STEPS = (0.0, 0.5, 0.8, 1.25, 2.0)  # times what it is
FROM_NOTHING = (0.1, 0.3, 1.0)  # times the mean weight, for one that is 0
ROUNDS = 8
LEAST_GAIN = 2e-5  # relative: below that a step fits noise
SHRINKAGES = (0.0, 0.15, 0.3, 0.5, 1.0)
PARTS = 4  # searches, each without another part of the people
NEAR, NARROWINGS = 40, 3  # candidates of each person that the likeliest weights are found among, how often
GAINS = {"ndcg": 0, "mrr": 1, "recall": 2, "hr": 3}


@dataclass(frozen=True)
class Question:
    """What the search looks at again and again: people with a target among their candidates."""

    scores: Floats  # retrievers x m, scaled
    start: Longs
    hit_start: Longs  # p + 1
    hit: Longs  # candidates that are targets
    most: Doubles  # p: the gain of a perfect list, by which is divided
    gain: int  # which measure
    at: int

    @staticmethod
    def of(pool: Pool, key: Key) -> "Question":
        """From scaled scores and the key to them."""
        found = key.place >= 0
        rows = np.repeat(np.arange(len(pool)), np.diff(key.start))[found]
        hit_start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(pool)))]).astype(np.int64)
        wanted = np.diff(key.start)
        most = {"ndcg": best_gains(wanted, key.at), "recall": wanted.astype(np.float64)}
        divisor = np.maximum(most.get(key.measure, np.ones(len(pool))), 1e-12)
        return Question(pool.scores, pool.start, hit_start, key.place[found], divisor, GAINS[key.measure], key.at)

    def part(self, begin: int, end: int) -> "Question":
        """The people [begin, end)."""
        first, last = self.start[begin], self.start[end]
        hits, ends = slice(self.hit_start[begin], self.hit_start[end]), slice(begin, end + 1)
        return Question(
            self.scores[:, first:last], self.start[ends] - first, self.hit_start[ends] - hits.start,
            self.hit[hits] - first, self.most[begin:end], self.gain, self.at,
        )  # fmt: skip

    def without(self, part: int) -> tuple["Question", "Question"]:
        """(all but one of the PARTS of the people, that one)."""
        edges = np.linspace(0, len(self.most), PARTS + 1).astype(int)
        others = [self.part(edges[k], edges[k + 1]) for k in range(PARTS) if k != part]
        return _together(others), self.part(edges[part], edges[part + 1])

    def near(self, weights: Floats) -> "Question":
        """The NEAR best candidates of each person by these weights, and the targets among them."""
        start, kept = best_places(self.start, blended(self.scores, weights), NEAR)
        place = np.full(self.scores.shape[1], -1, np.int64)
        place[kept] = np.arange(len(kept))
        found = place[self.hit] >= 0
        rows = np.repeat(np.arange(len(self.most)), np.diff(self.hit_start))[found]
        hit_start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(self.most)))]).astype(np.int64)
        hit = place[self.hit[found]]
        return Question(self.scores[:, kept], start, hit_start, hit, self.most, self.gain, self.at)

    def worth(self, total: Floats, line: int = 0, more: float = 0.0) -> float:
        """The mean gain of `total` (m) with `more` times the scores of a retriever added."""
        args = (self.start, self.hit_start, self.hit, self.most, self.gain, self.at)
        return float(_worth(total, self.scores[line], np.float32(more), *args)) / max(1, len(self.most))

    def of_weights(self, weights: Floats) -> float:
        """The mean gain of a blend."""
        return self.worth(blended(self.scores, weights))


def _together(parts: Sequence[Question]) -> Question:
    """One question of all people of the parts."""

    def ends(starts: list[Longs]) -> Longs:
        before = np.cumsum([0, *(start[-1] for start in starts)])
        return np.concatenate([[0], *(start[1:] + more for start, more in zip(starts, before[:-1], strict=True))])

    candidates = np.cumsum([0, *(part.start[-1] for part in parts)])
    hit = np.concatenate([part.hit + more for part, more in zip(parts, candidates[:-1], strict=True)])
    return Question(
        np.concatenate([part.scores for part in parts], axis=1), ends([part.start for part in parts]),
        ends([part.hit_start for part in parts]), hit, np.concatenate([part.most for part in parts]),
        parts[0].gain, parts[0].at,
    )  # fmt: skip


def blended(scores: Floats, weights: Floats) -> Floats:
    """The sum over retrievers: m numbers. One at a time, so that one person alone gets the same as in a batch."""
    total = np.zeros(scores.shape[1], np.float32)
    for line, weight in zip(scores, weights, strict=True):
        if weight:
            total += np.float32(weight) * line
    return total


def learned(question: Question) -> tuple[Floats, float]:
    """The weights, which sum to 1, and how far they were shrunk.

    Each search leaves out another part of the people, who say how much of what it found to take; the mean over the
    searches rests on nobody alone (bagging, Breiman, 1996).
    """
    parts = [question.without(part) for part in range(PARTS)]
    # Each search begins at the likelihood of its own people, too: whoever judges must not have had a say.
    found = [_normal(_climbed(kept, likely(kept))[0]) for kept, _ in parts]
    prior = likely(question)
    shrink = max(SHRINKAGES, key=lambda share: sum(
        left_out.of_weights(shrunk(weights, prior, share)) * len(left_out.most)
        for weights, (_, left_out) in zip(found, parts, strict=True)
    ))  # fmt: skip
    return shrunk(np.mean(found, axis=0), prior, shrink), shrink


def likely(question: Question) -> Floats:
    """Weights by maximum likelihood, which sum to 1: first among all candidates, then among those near the top.

    What tells a target from the many candidates that nobody would show is not what tells it from its neighbours in
    a list (docs/why/120).
    """
    weights = _likeliest(question)
    for _ in range(NARROWINGS):
        weights = _likeliest(question.near(weights))
    return weights


def _likeliest(question: Question) -> Floats:
    return _normal(likeliest(question.scores, question.start, question.hit_start, question.hit))


def shrunk(weights: Floats, prior: Floats, share: float) -> Floats:
    """Weights that sum to 1, `share` of the way towards those of `prior`.

    >>> some, even = np.array([0.8, 0.2, 0], np.float32), np.array([0.5, 0.5, 0], np.float32)
    >>> [round(float(weight), 2) for weight in shrunk(some, even, 0.5)]
    [0.65, 0.35, 0.0]
    """
    return _normal((1 - share) * _normal(weights) + share * _normal(prior))


def _normal(weights: Floats) -> Floats:
    return (weights / max(float(weights.sum()), 1e-12)).astype(np.float32)


def promise(question: Question) -> float:
    """What one climb reaches: enough to tell which of two scales suits."""
    return _climbed(question, likely(question))[1]


def _climbed(question: Question, weights: Floats) -> tuple[Floats, float]:
    """From these weights uphill, until a round over all retrievers wins next to nothing."""
    weights = weights.copy()
    total = blended(question.scores, weights)
    best = question.worth(total)
    for _ in range(ROUNDS):
        before = best
        for line in range(len(weights)):
            step, worth = _best_step(question, total, line, weights)
            # The sum is carried along, so that a try costs one retriever's scores and not those of all.
            if worth > best * (1 + LEAST_GAIN):
                total += np.float32(step) * question.scores[line]
                weights[line], best = max(0.0, weights[line] + step), worth
        if best <= before * (1 + 10 * LEAST_GAIN):
            break
    return weights, best


def _best_step(question: Question, total: Floats, line: int, weights: Floats) -> tuple[float, float]:
    now = float(weights[line])
    # No factor leads away from 0: such a weight starts again at a share of the mean.
    options = [now * step - now for step in STEPS] if now > 0 else [float(weights.mean()) * s for s in FROM_NOTHING]
    # Of steps of equal worth the shortest.
    worths = [(question.worth(total, line, step), -abs(step), step) for step in options]
    worth, _, step = max(worths)
    return step, worth


@njit(cache=True)
def _worth(total, line, more, start, hit_start, hit, most, gain, at):  # type: ignore[no-untyped-def]
    """The sum over people of the gain of their list; mid-ranks."""
    worth = 0.0
    for r in range(len(start) - 1):
        own, first = 0.0, np.inf
        for h in range(hit_start[r], hit_start[r + 1]):
            mine = total[hit[h]] + more * line[hit[h]]
            # Counted and not sorted: nothing but the ranks of the targets is asked for.
            above, level = 0, 0
            for c in range(start[r], start[r + 1]):
                score = total[c] + more * line[c]
                above += score > mine
                level += score == mine
            rank = 1 + above + (level - 1) / 2
            if rank > at:
                continue
            first = min(first, rank)
            if gain == 0:
                own += 1 / np.log2(rank + 1)
            else:
                own += 1
        if gain == 1:
            # 1 / inf, where no target is within `at`.
            own = 1 / first
        elif gain == 3:
            own = 1.0 if own > 0 else 0.0
        worth += own / most[r]
    return worth
