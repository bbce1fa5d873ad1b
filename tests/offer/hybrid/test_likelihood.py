import numpy as np
import pytest
from scipy.optimize import approx_fprime

from tailorbird.offer.hybrid.likelihood import Draws, likeliest


def world(people: int = 60, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Pools of 3 to 9 candidates; every third person has no target among them, every sixth has two."""
    rng = np.random.default_rng(seed)
    start = np.concatenate([[0], np.cumsum(rng.integers(3, 10, people))]).astype(np.int64)
    hits = [start[r] + np.arange(0 if r % 3 == 0 else 2 if r % 6 == 1 else 1) for r in range(people)]
    hit_start = np.concatenate([[0], np.cumsum([len(own) for own in hits])]).astype(np.int64)
    return rng.normal(size=(4, start[-1])).astype(np.float32), start, hit_start, np.concatenate(hits)


def by_hand(scores: np.ndarray, start: np.ndarray, hit_start: np.ndarray, hit: np.ndarray, w: np.ndarray) -> float:
    losses = []
    for r in range(len(start) - 1):
        total, own = w @ scores[:, start[r] : start[r + 1]], hit[hit_start[r] : hit_start[r + 1]] - start[r]
        if len(own):
            losses.append(-np.mean([total[h] - np.log(np.exp(total).sum()) for h in own]))
    return float(np.mean(losses))


def test_the_loss_is_that_of_the_formula() -> None:
    weights = np.array([0.3, 0, 1.2, 0.5])
    assert Draws.of(*world()).loss(weights)[0] == pytest.approx(by_hand(*world(), weights), rel=1e-5)


def test_the_slope_is_that_of_the_loss() -> None:
    weights = np.array([0.3, 0.1, 1.2, 0.5])
    slope = approx_fprime(weights, lambda w: by_hand(*world(), w), 1e-6)
    assert Draws.of(*world()).loss(weights)[1] == pytest.approx(slope, abs=1e-4)


def test_who_points_at_the_targets_weighs_most_and_who_points_away_nothing() -> None:
    scores, start, hit_start, hit = world()
    scores[1, hit] += 3
    scores[2, hit] -= 3
    weights = likeliest(scores, start, hit_start, hit)
    assert weights.argmax() == 1
    assert weights[2] == 0


def test_without_a_target_all_weigh_the_same() -> None:
    scores, start, hit_start, hit = world()
    assert likeliest(scores, start, np.zeros_like(hit_start), hit[:0]).tolist() == [1, 1, 1, 1]


def test_who_only_points_away_leaves_all_the_same() -> None:
    scores, start, hit_start, hit = world()
    scores[:, hit] -= 9
    assert likeliest(scores, start, hit_start, hit).tolist() == [1, 1, 1, 1]


def test_who_says_nothing_weighs_nothing() -> None:
    scores, start, hit_start, hit = world()
    scores[1, hit] += 3
    scores[3] = 0
    assert likeliest(scores, start, hit_start, hit)[3] == 0
