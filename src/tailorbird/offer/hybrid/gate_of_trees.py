"""The gate of the trees: they re-rank only if they are better than the blend on people they never saw, beyond noise.

With few people a learned ranker remembers them and does worse than the blend that it is made of: on some sets that is
what happens below some 5-15,000 people. So the held-out people are parted: from most of them the trees learn, some say
when to stop, and the rest, whom nobody has looked at, judge (paired bootstrap, Efron & Tibshirani 1993, ch. 16).
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.offer.forest.forest import Forest
from tailorbird.offer.hybrid.lesson import Lesson, Teacher
from tailorbird.offer.judge.measures import by_question

Doubles = NDArray[np.float64]

LEARN, STOP = 0.6, 0.15  # shares of the people; the others judge
FEWEST = 500  # people with something to learn from: below that nothing is tried
RESAMPLES = 2_000
BEYOND = 0.025  # of the resamples may say otherwise


@dataclass(frozen=True)
class Verdict:
    """Whether the trees serve, and why: the mean gain over the blend with its 95 % interval."""

    accepted: bool
    why: str
    people: int = 0
    blend: float = 0.0
    trees: float = 0.0
    low: float = 0.0
    high: float = 0.0


def taught(
    lesson: Lesson, blend: Doubles, teacher: Teacher, seed: int = 0, measure: str = "ndcg", at: int = 10
) -> tuple[Forest | None, Verdict]:
    """Trees that learned from the lesson if they may serve, else None; and the verdict in either case.

    `blend` (m) is what they have to beat; `measure` is one of judge/measures.py.
    """
    useful = np.add.reduceat(np.append(lesson.label, 0), lesson.start[:-1])[np.diff(lesson.start) > 0] > 0
    if useful.sum() < FEWEST:
        return None, Verdict(False, f"{useful.sum()} people to learn from, fewer than {FEWEST}", len(lesson))
    chance = np.random.default_rng(seed).permutation(len(lesson)) / len(lesson)
    learn, judge = chance < LEARN, chance >= LEARN + STOP
    forest = teacher(lesson.of(learn), lesson.of(~learn & ~judge), seed)
    kept = lesson.of(judge)
    blended = quality(kept, blend[np.repeat(judge, np.diff(lesson.start))], measure, at)
    verdict = compared(quality(kept, forest.scores(kept.matrix), measure, at), blended, seed)
    return (forest if verdict.accepted else None), verdict


def compared(trees: Doubles, blend: Doubles, seed: int = 0) -> Verdict:
    """Whether `trees` is above `blend` (one quality for each of p people), beyond noise.

    >>> compared(np.ones(100), np.full(100, 0.9)).accepted, compared(np.ones(100), np.ones(100)).accepted
    (True, False)
    """
    gains = trees - blend
    rng = np.random.default_rng(seed)
    means = np.array([gains[rng.integers(0, len(gains), len(gains))].mean() for _ in range(RESAMPLES)])
    low, high = np.quantile(means, [BEYOND, 1 - BEYOND])
    accepted = bool(low > 0)
    why = "better than the blend" if accepted else "not better than the blend beyond noise"
    return Verdict(accepted, why, len(gains), float(blend.mean()), float(trees.mean()), float(low), float(high))


def quality(lesson: Lesson, scores: Doubles, measure: str = "ndcg", at: int = 10) -> Doubles:
    """The measure of each person (p) for candidates ranked by `scores` (m), ties at mid-rank. Items that a person
    wanted and that are no candidates count as missed.
    """
    ends = np.concatenate([[0], np.cumsum(lesson.wanted)]).astype(np.int64)
    return by_question(ends, _ranks(lesson.start, lesson.label, scores, ends), at)[measure]


@njit(cache=True)
def _ranks(start, label, scores, ends):  # type: ignore[no-untyped-def]
    """The mid-rank of each wanted item among the candidates of its person; inf for what is none of them."""
    ranks = np.full(ends[-1], np.inf)
    for r in range(len(start) - 1):
        own, place = scores[start[r] : start[r + 1]], ends[r]
        for c in range(len(own)):
            if label[start[r] + c] > 0 and place < ends[r + 1]:
                ranks[place] = 1 + np.sum(own > own[c]) + (np.sum(own == own[c]) - 1) / 2
                place += 1
    return ranks
