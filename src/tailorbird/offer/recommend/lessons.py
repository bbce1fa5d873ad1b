"""What the ranker learns from: past moments, each with the candidates of that moment, and what was taken of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import msgspec
import numpy as np

from tailorbird.offer.forest.forest import Forest
from tailorbird.offer.hybrid.gate_of_trees import compared, quality, taught
from tailorbird.offer.hybrid.lesson import Lesson, Teacher
from tailorbird.offer.hybrid.verdict import Verdict
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.examined import Learned
from tailorbird.offer.recommend.exposures import Exposures
from tailorbird.offer.recommend.from_clicks import clicked_lesson
from tailorbird.offer.recommend.history import history_of
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.join import joined
from tailorbird.offer.recommend.model import Model
from tailorbird.offer.recommend.rank import Ask, pooled
from tailorbird.offer.recommend.ranker import EVIDENCE, FEATURES, POOL, Ranker, lean, prior
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.request import Context
from tailorbird.offer.shelf import Shelf

AT = 20  # the places whose order counts
NOT_TRIED = Verdict(False, "not tried: pip install 'tailorbird[recommend]'")


class Logged(NamedTuple):
    """Pages that were seen, the contacts that their people's profiles come from, and since when to learn (ms)."""

    lines: Interactions
    seen: Exposures
    since: int


class Taught(NamedTuple):
    """Trees, or None where the blend does better; why; and what clicks there were to learn from."""

    ranker: Ranker | None
    verdict: Verdict
    learned: Learned = Learned()


def ranker_for(
    blend: Model, shelf: Shelf, moments: Sequence[Case], teacher: Teacher, seed: int = 0, logged: Logged | None = None,
    names: tuple[str, ...] = (),
) -> Taught:  # fmt: skip
    """Trees that beat the blend beyond noise on what they have not seen.

    They learn from clicks on the pages that were `logged`, where there are enough and where that does no harm at
    `moments`; else from the moments. Both lie behind what the model has learned from. `names`: what was said of people,
    which they may look at too (said.py).
    """
    lesson = lesson_of(blend, shelf, moments, names)
    learned = Learned()
    if logged is not None and len(logged.seen):
        clicks, learned = clicked_lesson(blend, shelf, *logged, names)
        forest, verdict = _taught(clicks, teacher, seed)
        harms = forest is not None and _harms(forest, lesson, seed)
        why = f"{verdict.why} by clicks" + (", but worse by what people then took" if harms else "")
        verdict = msgspec.structs.replace(verdict, why=why)
        learned = msgspec.structs.replace(learned, verdict=verdict)
        # Clicks are a means; what people took is what training is judged by (docs/why/114).
        if forest and not harms:
            return Taught(_ranker(forest, lesson), verdict, learned)
    forest, verdict = _taught(lesson, teacher, seed)
    return Taught(_ranker(forest, lesson) if forest else None, verdict, learned)


def _taught(lesson: Lesson, teacher: Teacher, seed: int) -> tuple[Forest | None, Verdict]:
    assert lesson.prior is not None
    return taught(lesson, lesson.prior, teacher, seed, "ndcg", AT)


def _harms(forest: Forest, lesson: Lesson, seed: int) -> bool:
    """Whether people are worse off with it beyond noise by what they then took, whatever they clicked."""
    assert lesson.prior is not None
    if not len(lesson):
        return False
    trees, blend = (quality(lesson, scores, "ndcg", AT) for scores in (lesson.scores(forest), lesson.prior))
    return compared(trees, blend, seed, lesson.who).high < 0


def _ranker(forest: Forest, lesson: Lesson) -> Ranker:
    """By whole pools, which is what it is going to see."""
    return Ranker(lean(forest), float(forest.scores(lesson.matrix).mean()) if len(lesson.matrix) else 0.0)


def lesson_of(model: Model, shelf: Shelf, moments: Sequence[Case], names: tuple[str, ...] = ()) -> Lesson:
    """The candidates that the path of requests has for each moment's home page."""
    # Candidates and totals of the blend: that is what trees start from and what they will be given.
    plain = replace(model, ranker=None)
    parts = [_of(plain, shelf, moment, names) for moment in moments]
    features = FEATURES + names
    start = np.concatenate([[0], np.cumsum([len(labels) for _, _, labels in parts])]).astype(np.int64)
    # Moments of one person belong together: the gate keeps them on one side, and draws them as one.
    number = {person: place for place, person in enumerate(dict.fromkeys(m.profile.person for m in moments))}
    return Lesson(
        features,
        np.concatenate([np.empty((0, len(features)), np.float32), *(matrix for matrix, _, _ in parts)]),
        start,
        np.concatenate([np.empty(0, np.int32), *(labels for _, _, labels in parts)]),
        np.array([len(moment.targets) for moment in moments], np.int32),
        prior=np.concatenate([np.empty(0), *(totals for _, totals, _ in parts)]),
        rising=tuple(name in EVIDENCE for name in features),
        who=np.array([number[moment.profile.person] for moment in moments], np.int64),
    )


def _of(model: Model, shelf: Shelf, moment: Case, names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    joint, person = joined(shelf, model), moment.person()
    history = history_of(person.columns(joint))
    ask = Ask(joint, BUILT_IN["home"], Context(), person, history, moment.now, POOL)
    rows, totals, matrix = pooled(ask, None, names)
    wanted = {shelf.row.get(item_id, -1) for item_id in moment.targets}
    labels = np.array([row in wanted for row in rows.tolist()], np.int32)
    return matrix, prior(totals), labels
