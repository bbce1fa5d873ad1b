"""The mix: how what many retrievers say becomes one list; the same offline and for one request at a time."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.forest.forest import Forest
from tailorbird.offer.hybrid.blend import Question, blended, learned, likely, promise
from tailorbird.offer.hybrid.correction import Correction, corrected
from tailorbird.offer.hybrid.exam import Key
from tailorbird.offer.hybrid.features import Facts, features, names
from tailorbird.offer.hybrid.gate_of_trees import taught
from tailorbird.offer.hybrid.lesson import Lesson, Teacher
from tailorbird.offer.hybrid.panel import WIDTH
from tailorbird.offer.hybrid.pool import Pool, narrowed, only
from tailorbird.offer.hybrid.scale import SCALES, Scale, scaled
from tailorbird.offer.hybrid.verdict import Verdict
from tailorbird.offer.judge.questions import Trial, drawn
from tailorbird.offer.retrievers.histories import Floats, Histories, Longs

DEPTH = 100  # candidates that the trees look at
WEIGHED_ON = 10_000  # questions that have a target in their pool: of the others no weights can make anything
WORTH_ON = 2_000  # the same, to tell whom there is no time for
LEAST_WEIGHT = 0.005  # of the sum: below that a retriever is not worth its time


@dataclass(frozen=True)
class Mix:
    """Learned on validation: a scale, a weight for each retriever; trees or a correction that passed their gate."""

    retrievers: tuple[str, ...]
    weights: Floats
    scale: Scale
    forest: Forest | None = None
    correction: Correction | None = None

    @property
    def last(self) -> str:
        """Who has the last word on the order."""
        if self.forest is not None:
            return "trees"
        return "blend" if self.correction is None else "corrected"

    def alone(self) -> "Mix":
        """The blend, and nothing that orders it anew."""
        return replace(self, forest=None, correction=None)

    def blend(self, pool: Pool) -> tuple[Pool, Floats]:
        """The pool with scaled scores, and the sum for each candidate. The pool holds this mix's retrievers."""
        same = scaled(pool, self.scale)
        return same, blended(same.scores, self.weights)

    def ranked(self, pool: Pool, asked: Histories, facts: Facts) -> tuple[Pool, Floats]:
        """The candidates that count in the end, and their scores."""
        same, blend = self.blend(pool)
        if self.correction is not None:
            return self.correction.ranked(same, blend, asked, facts)
        if self.forest is None:
            return same, blend
        top, kept = narrowed(same, blend, DEPTH)
        trees = self.forest.scores(features(facts, asked, top, blend[kept]))
        return top, trees.astype(np.float32)


def mixed(pool: Pool, exam: Trial, seed: int = 0) -> tuple[Mix, dict[str, Any]]:
    """Scale and weights that are best for the questions of `exam`, whose candidates `pool` holds; what was found."""
    answerable = answered(pool, exam)
    rows = answerable[drawn(len(answerable), WEIGHED_ON, seed)]
    share, pool, exam = len(answerable) / max(1, len(exam)), pool.of_rows(rows), exam.of_rows(rows)
    questions = {scale: _question(pool, exam, scale) for scale in SCALES}
    promises = {scale: promise(question) for scale, question in questions.items()}
    # One climb tells the scales apart; the whole search, with its parts left out, is made for one of them.
    scale = max(SCALES, key=lambda one: promises[one])
    weights, shrink = learned(questions[scale])
    weights = _without_the_least(weights)
    # Of all questions: those without a target in the pool count as 0, as they will in the test.
    worth = share * questions[scale].of_weights(weights)
    found = {"scale": scale, "validation": round(worth, 5), "shrunk": shrink}
    return Mix(pool.retrievers, weights, scale), found


def worths(pool: Pool, exam: Trial, seed: int = 0) -> dict[str, float]:
    """What each retriever weighs where all take part, quickly; those without a weight are worth a little."""
    answerable = answered(pool, exam)
    rows = answerable[drawn(len(answerable), WORTH_ON, seed)]
    weights = likely(_question(pool.of_rows(rows), exam.of_rows(rows), "normal"))
    return {name: max(float(weight), 0.01) for name, weight in zip(pool.retrievers, weights, strict=True)}


def answered(pool: Pool, exam: Trial) -> Longs:
    """The questions of which a target is among the candidates."""
    key = Key.of(pool, exam)
    asked_for = np.repeat(np.arange(len(exam)), np.diff(key.start))
    return np.unique(asked_for[key.place >= 0])


def _question(pool: Pool, exam: Trial, scale: Scale) -> Question:
    same = scaled(pool, scale)
    return Question.of(same, Key.of(same, exam))


def without_idle(mix: Mix, pool: Pool) -> tuple[Mix, Pool]:
    """Without the retrievers that have no weight: they need not be asked, nor do they propose anything."""
    keep = [line for line, weight in enumerate(mix.weights) if weight > 0]
    names = tuple(mix.retrievers[line] for line in keep)
    return replace(mix, retrievers=names, weights=mix.weights[keep]), only(pool, keep, WIDTH)


def with_trees(
    mix: Mix, pool: Pool, exam: Trial, facts: Facts, teacher: Teacher, seed: int
) -> tuple[Mix, dict[str, Any]]:
    """The mix with trees, if they are better than it on people they never saw; and the verdict."""
    same, blend = mix.blend(pool)
    # Lessons as deep as what the trees will be asked for, and no deeper.
    top, kept = narrowed(same, blend, DEPTH)
    key = Key.of(top, exam)
    wanted = np.diff(exam.start).astype(np.int32)
    matrix = features(facts, exam.asked, top, blend[kept])
    lesson = Lesson(names(top.retrievers), matrix, top.start, key.labels(len(top.item)), wanted)
    forest, verdict = taught(lesson, blend[kept].astype(np.float64), teacher, seed, exam.chosen_by, exam.at, mean=True)
    return replace(mix, forest=forest), _told(verdict, "trees")


def with_correction(mix: Mix, pool: Pool, exam: Trial, facts: Facts, seed: int) -> tuple[Mix, dict[str, Any]]:
    """The mix with a correction, if that is better than it on people who did not teach it; and the verdict."""
    found, verdict = corrected(*mix.blend(pool), exam, facts, seed)
    return replace(mix, correction=found), _told(verdict, "corrected")


def _told(verdict: Verdict, name: str) -> dict[str, Any]:
    return {
        "accepted": verdict.accepted, "why": verdict.why, "people": verdict.people, "blend": round(verdict.blend, 5),
        name: round(verdict.trees, 5), "gain 95%": [round(verdict.low, 5), round(verdict.high, 5)],
    }  # fmt: skip


def _without_the_least(weights: Floats) -> Floats:
    kept: NDArray[np.float32] = np.where(weights >= LEAST_WEIGHT, weights, 0).astype(np.float32)
    return kept / max(float(kept.sum()), 1e-12)
