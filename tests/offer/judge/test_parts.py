"""For whom is it how good: parts of a trial, by hand; and what lists are like, from words."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from tailorbird.offer.judge.breadth import around, by_list, means_where, overall
from tailorbird.offer.judge.parts import by_part
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.retrievers.histories import Histories

KNOWN = Histories.of([[0, 1, 2], [0], [0, 1, 2, 0, 1, 2]], items=4)  # item 3 was never met
ASKED = Histories.of([[], [0], [0, 1, 2, 0, 1, 2]], items=4)
TRIAL = Trial("next-item", KNOWN, ASKED, np.array([0, 1, 2, 4]), np.array([0, 3, 1, -1], np.int32), False, 2, "recall")
RANKS = np.array([1.0, 2.0, 1.0, np.inf])


def test_people_are_told_apart_by_what_is_known_of_them():
    found = {part.name: (part.questions, part.mean) for part in by_part(TRIAL, RANKS)}
    assert found == {
        "new people": (1, 1.0),
        "1 to 5 contacts": (1, 1.0),
        "6 to 20 contacts": (1, 0.5),
        "new items": (2, 0.5),  # item 3 was found, what is outside of the catalogue was not
    }


def test_parts_without_a_question_are_not_told():
    assert [part.name for part in by_part(TRIAL.part(0, 1), RANKS[:1])] == ["new people"]


def test_lists_are_compared_by_the_words_of_items():
    words = csr_array(np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 3.0], [0.0, 0.0]]))
    trial = replace(TRIAL, known=replace(KNOWN, attributes=words))
    lists = np.array([[0, 2], [0, 1], [0, -1]], np.int32)
    found = by_list(lists, around(trial))
    assert found["diversity"][:2].tolist() == pytest.approx([1.0, 1 - 1 / np.sqrt(2)])
    assert np.isnan(found["diversity"][2])
    assert np.isnan(found["miscalibration"][0])  # of the stranger nothing is known
    assert found["miscalibration"][1] > 0
    assert overall(lists, trial.target, around(trial))["coverage"] == 3 / 4


def test_without_words_only_what_needs_none_is_told():
    lists = np.array([[0, 2]] * 3, np.int32)
    assert set(means_where(by_list(lists, around(TRIAL)))) == {"novelty"}
