"""The gate of the trees counts people, not questions."""

from dataclasses import replace

import numpy as np

from tailorbird.offer.hybrid.gate_of_trees import FOLDS, _folds, _together, compared
from tailorbird.offer.hybrid.lesson import Lesson


def test_many_questions_of_one_person_are_one_persons_word():
    """30 people whose every question comes out alike: as sure as 30 questions, not as 1,200."""
    each = np.random.default_rng(0).normal(0.05, 1, 30)
    gains, who = np.repeat(each, 40), np.repeat(np.arange(30), 40)
    alone = compared(each, np.zeros(30))
    together, apart = compared(gains, np.zeros(1200), who=who), compared(gains, np.zeros(1200))
    np.testing.assert_allclose((together.low, together.high), (alone.low, alone.high))
    assert together.high - together.low > 4 * (apart.high - apart.low)


def test_nobody_teaches_the_trees_that_judge_them():
    who = np.random.default_rng(1).integers(0, 50, 400)
    nothing = np.zeros(401, np.int64), np.zeros(0, np.int32), np.ones(400, np.int32)
    lesson = Lesson((), np.zeros((0, 0), np.float32), *nothing, who=who)
    folds = _folds(_together(lesson), 0)
    assert set(folds) == set(range(FOLDS))
    assert all(len(set(folds[who == person])) == 1 for person in range(50))
    assert _together(replace(lesson, who=None))[[0, 31, 32]].tolist() == [0, 0, 1]
