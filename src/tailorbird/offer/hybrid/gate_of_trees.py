"""The gate of the trees: they re-rank only if they are better than the blend on people they never saw, beyond noise.

With few people a learned ranker remembers them and does worse than the blend that it is made of. So
everyone is judged by trees that learned from others (cross-fitting), all together say whether trees serve (paired
bootstrap, Efron & Tibshirani 1993, ch. 16), and trees that serve learn from everyone: one forest from all people, or
the mean of those that judged. The mean is surer, since where a forest stops growing is half chance, and takes no more
learning; it has as many times the trees to ask.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tailorbird.offer.forest.averaged import averaged
from tailorbird.offer.forest.forest import Forest
from tailorbird.offer.hybrid.lesson import Lesson, Teacher
from tailorbird.offer.hybrid.verdict import Verdict
from tailorbird.offer.judge.measures import by_question

Doubles = NDArray[np.float64]

FOLDS = 3  # each is judged by trees that learned from the others
STOP = 0.15  # of the people who teach say when to stop
BLOCK = 32  # people who stay together
FEWEST = 500  # people with something to learn from: below that nothing is tried
RESAMPLES = 2_000
BEYOND = 0.025  # of the resamples may say otherwise


def taught(
    lesson: Lesson, blend: Doubles, teacher: Teacher, seed: int = 0, measure: str = "ndcg", at: int = 10,
    *, mean: bool = False,
) -> tuple[Forest | None, Verdict]:  # fmt: skip
    """Trees that learned from the lesson if they may serve, else None; and the verdict in either case.

    `blend` (m) is what they have to beat; `measure` is one of judge/measures.py, its mean weighted as the lesson is.
    `mean`: the mean of the forests that judged serves, not one more.
    """
    # `reduceat` refuses a start behind the end, hence the 0, and gives an element for an empty person, hence the mask.
    useful = np.add.reduceat(np.append(lesson.label, 0), lesson.start[:-1])[np.diff(lesson.start) > 0] > 0
    if useful.sum() < FEWEST:
        return None, Verdict(False, f"{useful.sum()} people to learn from, fewer than {FEWEST}", len(lesson))
    trees, fold = np.zeros(len(lesson)), _folds(_together(lesson), seed)
    judges = [_taught(lesson.of(fold != judged), teacher, seed + judged * mean) for judged in range(FOLDS)]
    for judged, forest in enumerate(judges):
        kept = lesson.of(fold == judged)
        trees[fold == judged] = quality(kept, kept.scores(forest), measure, at)
    # A weighted mean, as a plain mean of weighted values: so resampling draws people and their weights together.
    share = 1.0 if lesson.weight is None else lesson.weight / lesson.weight.mean()
    verdict = compared(trees * share, quality(lesson, blend, measure, at) * share, seed, lesson.who)
    if not verdict.accepted:
        return None, verdict
    return averaged(judges) if mean else _taught(lesson, teacher, seed), verdict


def _taught(lesson: Lesson, teacher: Teacher, seed: int) -> Forest:
    """Trees of most of the people; the others say when to stop."""
    together = _together(lesson)
    order = _drawn(together, seed + 1)
    # Alike questions stay on one side here, too: of what trees know by heart they would never say stop.
    stop = np.isin(together, order[: max(1, round(STOP * len(order)))])
    return teacher(lesson.of(~stop), lesson.of(stop), seed)


def _together(lesson: Lesson) -> NDArray[np.int64]:
    """Numbers from 0, alike for questions that are never on both sides: those of one person where that is known, else
    neighbours, which in sessions are questions from one session.
    """
    if lesson.who is None:
        return np.arange(len(lesson)) // BLOCK
    return np.unique(lesson.who, return_inverse=True)[1]


def _folds(together: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """The fold of each question."""
    order = _drawn(together, seed)
    fold = np.empty(len(order), np.int64)
    fold[order] = np.arange(len(order)) % FOLDS
    return fold[together]


def _drawn(together: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """The numbers in an order by chance."""
    return np.random.default_rng(seed).permutation(int(together.max(initial=-1)) + 1)


def compared(trees: Doubles, blend: Doubles, seed: int = 0, who: NDArray[np.int64] | None = None) -> Verdict:
    """Whether `trees` is above `blend` (one quality for each of p questions), beyond noise: people are drawn, each with
    all their questions (`who`, p), because these are alike.

    >>> compared(np.ones(100), np.full(100, 0.9)).accepted, compared(np.ones(100), np.ones(100)).accepted
    (True, False)
    """
    gains = trees - blend
    person = np.arange(len(gains)) if who is None else np.unique(who, return_inverse=True)[1]
    sums, counts, rng = np.bincount(person, gains), np.bincount(person), np.random.default_rng(seed)
    drawn = (rng.integers(0, len(sums), len(sums)) for _ in range(RESAMPLES))
    # People differ in their number of questions: a mean over the questions of those drawn, not over people's means.
    means = np.array([sums[some].sum() / counts[some].sum() for some in drawn])
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
