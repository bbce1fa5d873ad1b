"""What the ranker learns from: past moments, each with the candidates of that moment, and what was taken of them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tailorbird.offer.hybrid.gate_of_trees import taught
from tailorbird.offer.hybrid.lesson import Lesson, Teacher
from tailorbird.offer.hybrid.verdict import Verdict
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.history import history_of
from tailorbird.offer.recommend.join import joined
from tailorbird.offer.recommend.model import Model
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.recommend.rank import Ask, pooled
from tailorbird.offer.recommend.ranker import EVIDENCE, FEATURES, POOL, Ranker, prior
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.request import Context
from tailorbird.offer.shelf import Shelf

AT = 20  # the places whose order counts
NOT_TRIED = Verdict(False, "not tried: pip install 'tailorbird[recommend]'")


def ranker_for(
    blend: Model, shelf: Shelf, moments: Sequence[Case], teacher: Teacher, seed: int = 0
) -> tuple[Ranker | None, Verdict]:
    """Trees that beat the blend beyond noise on moments they have not seen, else None; and the verdict.

    `moments` lie behind what the model has learned from.
    """
    lesson = lesson_of(blend, shelf, moments)
    assert lesson.prior is not None
    forest, verdict = taught(lesson, lesson.prior, teacher, seed, "ndcg", AT)
    ranker = Ranker(forest, float(forest.scores(lesson.matrix).mean())) if forest else None
    return ranker, verdict


def lesson_of(model: Model, shelf: Shelf, moments: Sequence[Case]) -> Lesson:
    """The candidates that the path of requests has for each moment's home page."""
    plain = replace(model, ranker=None)
    parts = [_of(plain, shelf, moment) for moment in moments]
    width = len(FEATURES)
    start = np.concatenate([[0], np.cumsum([len(labels) for _, _, labels in parts])]).astype(np.int64)
    return Lesson(
        FEATURES,
        np.concatenate([np.empty((0, width), np.float32), *(matrix for matrix, _, _ in parts)]),
        start,
        np.concatenate([np.empty(0, np.int32), *(labels for _, _, labels in parts)]),
        np.array([len(moment.targets) for moment in moments], np.int32),
        prior=np.concatenate([np.empty(0), *(totals for _, totals, _ in parts)]),
        rising=tuple(name in EVIDENCE for name in FEATURES),
    )


def _of(model: Model, shelf: Shelf, moment: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    joint, person = joined(shelf, model), Person(moment.profile)
    history = history_of(person.columns(joint))
    ask = Ask(joint, BUILT_IN["home"], Context(), person, history, moment.now, POOL)
    rows, totals, matrix = pooled(ask)
    wanted = {shelf.row.get(item_id, -1) for item_id in moment.targets}
    labels = np.array([row in wanted for row in rows.tolist()], np.int32)
    return matrix, prior(totals), labels
