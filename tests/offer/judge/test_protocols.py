from dataclasses import replace

import numpy as np
import pytest

from tailorbird.offer.judge import protocols
from tailorbird.offer.judge.protocols import last_baskets, last_contacts, next_clicks, trial, validated
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.retrievers.histories import Histories


def told(some: Trial) -> list[tuple[list[int], list[int]]]:
    """(history, targets) of each question."""
    targets = [some.target[some.start[r] : some.start[r + 1]].tolist() for r in range(len(some))]
    return [(some.asked.of_row(r).tolist(), targets[r]) for r in range(len(some))]


def test_the_last_contact_is_asked_for_and_never_learned_from() -> None:
    test = last_contacts(Histories.of([[1, 2, 3], [4], [], [5, 6]], 7), at=10)
    assert told(test) == [([1, 2], [3]), ([5], [6])]
    assert [test.known.of_row(r).tolist() for r in range(4)] == [[1, 2], [4], [], [5]]
    assert not test.masked


def test_validation_of_next_item_is_the_contact_before_the_last() -> None:
    exam = validated(last_contacts(Histories.of([[1, 2, 3], [4, 5]], 7), at=10))
    assert told(exam) == [([1], [2])]
    assert exam.known.item.tolist() == [1, 4]


def test_of_long_histories_up_to_a_tenth_is_asked_for() -> None:
    long, short = list(range(30)), [5, 6]
    test = last_contacts(Histories.of([long, short], 30), at=10, each=2)
    assert told(test) == [(long[:28], [28]), (long[:29], [29]), ([5], [6])]
    assert test.known.item.tolist() == [*long[:28], 5]


def test_several_baskets_of_who_has_many_are_asked_for() -> None:
    at = np.repeat(np.arange(20, dtype=np.float32), 2) / 20
    items = [item % 7 for item in range(40)]
    test = last_baskets(replace(Histories.of([[1], items], 7), at=np.append(np.float32(0), at)), at=10, each=5)
    assert told(test) == [(items[:36], items[36:38]), (items[:38], items[38:])]
    assert test.known.item.tolist() == [1, *items[:36]]


def test_each_click_after_the_first_is_asked_for() -> None:
    known, late = Histories.of([[0, 1]], 5), Histories.of([[1, 2, 2], [3], []], 5)
    assert told(next_clicks(known, late, 20, each=True)) == [([1], [2]), ([1, 2], [2])]


def test_of_a_prefix_only_the_last_click_is_asked_for() -> None:
    known, late = Histories.of([[0, 1]], 5), Histories.of([[1, 2, 2], [3]], 5)
    assert told(next_clicks(known, late, 20, each=False)) == [([1, 2], [2])]


def test_validation_asks_the_latest_sessions() -> None:
    known = replace(Histories.of([[0, 1], [2, 3], [1, 4]], 5), at=np.array([0.8, 0.9, 0, 0.1, 0.3, 0.4], np.float32))
    exam = validated(next_clicks(known, known, 20, each=True))
    assert told(exam) == [([0], [1])]
    assert exam.known.item.tolist() == [2, 3, 1, 4]


def test_the_last_basket_is_all_of_it() -> None:
    at = np.array([0.1, 0.1, 0.5, 0.9, 0.9, 0.3, 0.3], np.float32)
    histories = replace(Histories.of([[1, 2, 1, 3, 4], [5, 6]], 7), at=at)
    test = last_baskets(histories, at=10)
    assert told(test) == [([1, 2, 1], [3, 4])]
    assert test.known.item.tolist() == [1, 2, 1, 5, 6]


def test_collaborative_validation_splits_each_history_in_two() -> None:
    rng = np.random.default_rng(0)
    bags = [rng.permutation(40)[:size].tolist() for size in (1, 2, 3, 10, 30)]
    known = Histories.of(bags, 40, ordered=False)
    test = trial("collaborative", known, known, np.zeros(6, np.int64), np.zeros(0, np.int32), 20)
    exam = validated(test, seed=3)
    assert exam.masked
    for (history, targets), bag in zip(told(exam), bags[2:], strict=True):
        assert sorted(history + targets) == sorted(bag)
        assert len(targets) == max(1, round(0.2 * len(bag)))
    assert exam.known.lengths().tolist() == [1, 2, 2, 8, 24]


def test_what_others_have_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocols, "MOST_ASKED", 3)
    known = Histories.of([[1, 2, 3, 4, 5, 6]] * 9, 7, ordered=False)
    exam = validated(trial("collaborative", known, known, np.zeros(10, np.int64), np.zeros(0, np.int32), 20))
    assert len(exam) == 3
    assert sorted(exam.known.lengths().tolist()) == [5, 5, 5, 6, 6, 6, 6, 6, 6]


def test_many_contacts_give_up_a_smaller_share() -> None:
    known = Histories.of([list(range(20))] * 3_000, 20, ordered=False)
    exam = validated(trial("collaborative", known, known, np.zeros(3_001, np.int64), np.zeros(0, np.int32), 20))
    assert np.unique(np.diff(exam.start)).tolist() == [4]
    known = Histories.of([list(range(20))] * 9_000, 20, ordered=False)
    exam = validated(trial("collaborative", known, known, np.zeros(9_001, np.int64), np.zeros(0, np.int32), 20))
    assert np.unique(np.diff(exam.start)).tolist() == [2]


def test_the_same_seed_asks_the_same() -> None:
    known = Histories.of([[1, 2, 3, 4, 5, 6]] * 9, 7)
    test = trial("collaborative", known, known, np.zeros(10, np.int64), np.zeros(0, np.int32), 20)
    assert told(validated(test, 5)) == told(validated(test, 5))
    assert told(validated(test, 5).sample(4, 1)) == told(validated(test, 5).sample(4, 1))
