from dataclasses import replace

import numpy as np
import pytest

from tailorbird.offer.hybrid.blend import NEAR, Question, blended, learned, likely
from tailorbird.offer.hybrid.exam import Key
from tailorbird.offer.hybrid.pool import Pool
from tailorbird.offer.judge.protocols import trial
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.retrievers.histories import Histories

ITEMS = 40


def world(measure: str = "ndcg", people: int = 200, seed: int = 3, items: int = ITEMS) -> tuple[Pool, Trial]:
    """Two retrievers that see half of the truth each, and one that sees nothing."""
    rng = np.random.default_rng(seed)
    truth = rng.random((2, people, items), np.float32)
    best = np.argsort(-truth.sum(0), axis=1)[:, :2]
    scores = np.concatenate([truth, rng.random((1, people, items), np.float32)]).reshape(3, -1)
    start = np.arange(people + 1) * items
    item = np.tile(np.arange(items, dtype=np.int32), people)
    asked = Histories.of([[]] * people, items)
    some = trial("next-item", asked, asked, np.arange(people + 1) * 2, best.ravel().astype(np.int32), 5)
    return Pool(start, item, scores, ("one", "other", "noise")), replace(some, chosen_by=measure)


@pytest.mark.parametrize("measure", ["ndcg", "mrr", "recall", "hr"])
def test_the_search_counts_as_the_judge_does(measure: str) -> None:
    pool, some = world(measure)
    key, weights = Key.of(pool, some), np.array([0.2, 0.7, 0.1], np.float32)
    judged = key.measured(pool, blended(pool.scores, weights))[measure].mean()
    assert Question.of(pool, key).of_weights(weights) == pytest.approx(judged, abs=1e-9)


def test_the_search_finds_who_knows_and_leaves_out_who_does_not() -> None:
    pool, some = world()
    weights, _ = learned(Question.of(pool, Key.of(pool, some)))
    assert weights.sum() == pytest.approx(1, abs=1e-6)
    assert weights[2] < 0.1 < 0.3 < weights[:2].min()


def test_a_blend_is_better_than_each_alone() -> None:
    pool, some = world(seed=8)
    question = Question.of(pool, Key.of(pool, some))
    assert question.of_weights(learned(question)[0]) > 1.2 * max(question.worth(line) for line in question.scores)


def test_leaving_a_part_out_and_adding_it_again_is_the_whole() -> None:
    pool, some = world(people=50)
    question, weights = Question.of(pool, Key.of(pool, some)), np.array([0.5, 0.2, 0.3], np.float32)
    for part in range(4):
        kept, left_out = question.without(part)
        worths = [one.of_weights(weights) * len(one.most) for one in (kept, left_out)]
        assert sum(worths) == pytest.approx(question.of_weights(weights) * 50)


def test_a_target_that_is_no_candidate_is_missed() -> None:
    pool, some = world()
    missing = replace(some, target=np.full_like(some.target, -1))
    key = Key.of(pool, missing)
    assert np.isinf(key.ranks(pool, pool.scores[0])).all()
    assert Question.of(pool, key).of_weights(np.ones(3, np.float32)) == 0


def test_who_knows_nothing_is_not_likely() -> None:
    pool, some = world()
    weights = likely(Question.of(pool, Key.of(pool, some)))
    assert weights[2] < 0.05
    assert weights.sum() == pytest.approx(1)


def test_near_keeps_the_best_candidates_and_the_targets_among_them() -> None:
    pool, some = world(people=30)
    question, weights = Question.of(pool, Key.of(pool, some)), np.array([0.5, 0.5, 0], np.float32)
    near = question.near(weights)
    assert np.diff(near.start).tolist() == [min(ITEMS, NEAR)] * 30
    assert near.of_weights(weights) == pytest.approx(question.of_weights(weights))
    assert len(question.near(-weights).hit) <= len(question.hit)


def test_the_likeliest_weights_are_those_near_the_top() -> None:
    pool, some = world(items=4 * NEAR)
    scores = pool.scores.copy()
    far = np.arange(scores.shape[1]) % (4 * NEAR) >= 2 * NEAR
    scores[2, far] -= 9  # tells what nobody would show from the rest, and nothing among the rest
    question = Question.of(replace(pool, scores=scores), Key.of(pool, some))
    assert likely(question)[2] < 0.05
