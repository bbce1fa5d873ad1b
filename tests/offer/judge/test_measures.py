import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.offer.judge import plain

from tailorbird.offer.judge.measures import beyond_noise, by_question, interval, means

RANKS = st.lists(st.one_of(st.integers(1, 60).map(lambda rank: rank / 2 + 0.5), st.just(float("inf"))), min_size=1)


@given(st.lists(RANKS, min_size=1, max_size=4), st.integers(1, 30))
def test_measures_equal_their_definitions(ranks: list[list[float]], at: int) -> None:
    start = np.cumsum([0, *map(len, ranks)]).astype(np.int64)
    found = by_question(start, np.array([rank for some in ranks for rank in some]), at)
    for row, some in enumerate(ranks):
        for name, value in plain.measures(some, at).items():
            assert found[name][row] == pytest.approx(value), name


def test_a_perfect_list_scores_one_though_it_is_shorter_than_the_targets() -> None:
    found = means(by_question(np.array([0, 30]), np.arange(1.0, 31.0), 20))
    assert (found["ndcg"], found["map"], found["hr"], found["mrr"]) == (1.0, 1.0, 1.0, 1.0)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    covered = [low <= 0.3 <= high for low, high in (interval(rng.random(200) < 0.3) for _ in range(100))]
    assert 0.88 <= np.mean(covered) <= 1.0


def test_noise_is_not_taken_for_progress() -> None:
    rng = np.random.default_rng(2)
    base = rng.random(400)
    wins = [beyond_noise(base + rng.normal(0, 0.1, 400), base) for _ in range(100)]
    assert np.mean(wins) < 0.1
    assert beyond_noise(base + 0.05, base)
