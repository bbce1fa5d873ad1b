"""The correction: near the top of a blend, candidates are ordered by more than a weighted sum of scores.

    P(c of person r) = exp(v.x_c) / sum over r's best candidates d of exp(v.x_d)     x: `names`
    v                = argmax  mean log P of the targets - RIDGE / 2 |v - v_0|^2     v_0: the blend and nothing else

The conditional logit of `likelihood.py`, with what a sum of scores cannot say: that a retriever deserves more trust for
popular items or for long histories, that being far ahead counts more or less than its distance, that some people keep
to what is popular, and that retrievers disagree. A few dozen smooth weights, held to the blend by a ridge: they want
some thousand people, where trees want tens of thousands (docs/why/126).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tailorbird.offer.hybrid.exam import Key
from tailorbird.offer.hybrid.features import Facts
from tailorbird.offer.hybrid.gate_of_trees import compared, quality
from tailorbird.offer.hybrid.lesson import Lesson
from tailorbird.offer.hybrid.likelihood import Draws
from tailorbird.offer.hybrid.pool import Pool, narrowed
from tailorbird.offer.hybrid.scale import scaled
from tailorbird.offer.hybrid.verdict import Verdict
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.retrievers.histories import Floats, Histories

Doubles: TypeAlias = NDArray[np.float64]
NEAR = 40  # candidates of each person, but twice as many as a list is long at least
RIDGE = 0.01
MOST_STEPS = 200
FOLDS = 3  # everyone is judged by weights that others taught
FEWEST = 500  # people with a target among the candidates: below that nothing is tried
OWN = ("popular", "popular^2", "popular x length", "popular x taste", "popular x |taste|", "spread", "least", "most")


@dataclass(frozen=True)
class Units:
    """What is usual on validation: (mean, deviation) of an item's log degree, and of the log length of a history."""

    degree: tuple[float, float]
    length: tuple[float, float]

    @staticmethod
    def of(pool: Pool, asked: Histories, facts: Facts) -> "Units":
        """Of the candidates, and of the people."""
        degree, length = facts.items[0][pool.item], np.log1p(asked.lengths())
        return Units(_usual(degree), _usual(length))


@dataclass(frozen=True)
class Correction:
    """Fitted."""

    weights: Floats  # of each of `names`
    units: Units
    depth: int  # how many candidates of a person are ordered; the others are gone

    def ranked(self, pool: Pool, blend: Floats, asked: Histories, facts: Facts) -> tuple[Pool, Floats]:
        """The best candidates by `blend` (m), and their scores."""
        top, best = near(pool, blend, self.depth)
        return top, columns(top, best, asked, facts, self.units) @ self.weights


def names(retrievers: Sequence[str]) -> tuple[str, ...]:
    """The names of what is looked at."""
    scored = [f"{name}{more}" for more in ("", " x popular", " x length", "^2") for name in retrievers]
    return ("blend", *scored, *OWN)


def near(pool: Pool, blend: Floats, depth: int) -> tuple[Pool, Floats]:
    """The `depth` best candidates of each person, with scores on the normal scale of the whole pool; and their blend.

    Whatever scale the blend was made on: this one takes away any other of the same person.
    """
    top, kept = narrowed(scaled(pool, "normal"), blend, depth)
    return top, blend[kept]


def columns(pool: Pool, blend: Floats, asked: Histories, facts: Facts, units: Units) -> Floats:
    """m x f: a row for each candidate, a column for each of `names`, stored column by column."""
    row, count = pool.rows(), np.maximum(1, np.diff(pool.start))
    popular = _in(units.degree, facts.items[0][pool.item])
    # Beside the person's other candidates: what all of them share changes no order.
    above = popular - (np.bincount(row, popular, minlength=len(pool)) / count)[row]
    length = _in(units.length, np.log1p(asked.lengths()))[row]
    known = np.bincount(asked.rows(), _in(units.degree, facts.items[0][asked.item]), minlength=len(asked))
    taste = (known / np.maximum(1, asked.lengths()))[row]
    scores = pool.scores
    out = np.empty((1 + 4 * len(scores) + len(OWN), len(row)), np.float32)
    out[0] = blend
    out[1 : -len(OWN)] = np.concatenate([scores, scores * popular, scores * length, scores * abs(scores)])
    own = [above, above**2, above * length, above * taste, above * abs(taste)]
    out[-len(OWN) :] = np.stack([*own, scores.std(axis=0), scores.min(axis=0), scores.max(axis=0)])
    return out.T


def corrected(pool: Pool, blend: Floats, exam: Trial, facts: Facts, seed: int = 0) -> tuple[Correction | None, Verdict]:
    """A correction of `blend` (m), if it is better on people who did not teach it, beyond noise; and the verdict.

    `pool` holds the candidates of the questions of `exam`.
    """
    units, depth = Units.of(pool, exam.asked, facts), max(NEAR, 2 * exam.at)
    top, best = near(pool, blend, depth)
    lesson = Lesson(
        names(pool.retrievers), columns(top, best, exam.asked, facts, units), top.start,
        Key.of(top, exam).labels(len(top.item)), np.diff(exam.start).astype(np.int32),
    )  # fmt: skip
    taught = len(np.unique(_rows(lesson)))
    if taught < FEWEST:
        return None, Verdict(False, f"{taught} people to learn from, fewer than {FEWEST}", len(lesson))
    judged = np.zeros(len(lesson))
    fold = np.random.default_rng(seed).permutation(len(lesson)) % FOLDS
    for own in range(FOLDS):
        left_out = lesson.of(fold == own)
        scores = (left_out.matrix @ learned(lesson.of(fold != own))).astype(np.float64)
        judged[fold == own] = quality(left_out, scores, exam.chosen_by, exam.at)
    verdict = compared(judged, quality(lesson, best.astype(np.float64), exam.chosen_by, exam.at), seed)
    return (Correction(learned(lesson), units, depth) if verdict.accepted else None), verdict


def learned(lesson: Lesson) -> Floats:
    """The likeliest weights of its columns, of which the first is the blend; free in sign, held to a blend alone."""
    hit_start = np.searchsorted(_rows(lesson), np.arange(len(lesson) + 1)).astype(np.int64)
    draws = Draws.of(lesson.matrix.T, lesson.start, hit_start, np.flatnonzero(lesson.label))
    alone = Draws(draws.scores[:, :1], draws.start, draws.hit, draws.share)
    # How sharply the blend itself tells: its scale says nothing of that.
    sharpness = minimize(alone.loss, np.ones(1), jac=True, method="L-BFGS-B").x[0]
    prior = np.append(sharpness, np.zeros(draws.scores.shape[1] - 1))

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        away = weights - prior
        worth, slope = draws.loss(weights)
        return worth + RIDGE / 2 * float(away @ away), slope + RIDGE * away

    found = minimize(loss, prior, jac=True, method="L-BFGS-B", options={"maxiter": MOST_STEPS})
    return np.asarray(found.x, np.float32)


def _rows(lesson: Lesson) -> NDArray[np.int64]:
    """The person of each target among the candidates, ascending."""
    return np.searchsorted(lesson.start, np.flatnonzero(lesson.label), side="right") - 1


def _usual(values: Floats) -> tuple[float, float]:
    return (float(values.mean()), max(float(values.std()), 1e-3)) if len(values) else (0.0, 1.0)


def _in(unit: tuple[float, float], values: Floats) -> Floats:
    return ((values - unit[0]) / unit[1]).astype(np.float32)
