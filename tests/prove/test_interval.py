"""Intervals against published values and against simulated truth."""

import numpy as np
import pytest

from tailorbird.prove.interval import Clusters, effective_trials, mean, rate, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 20, 0.0, 0.161), (1, 29, 0.006, 0.172), (15, 148, 0.062, 0.161), (81, 263, 0.255, 0.366)],
)
def test_wilson_gives_the_published_values(successes, trials, low, high):
    """Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3."""
    _, got_low, got_high = wilson(successes, trials)
    assert (got_low, got_high) == (pytest.approx(low, abs=6e-4), pytest.approx(high, abs=6e-4))


def sums(trials: np.ndarray, successes: np.ndarray) -> Clusters:
    return Clusters(
        len(trials),
        int(trials.sum()),
        int(successes.sum()),
        int((trials**2).sum()),
        int((successes**2).sum()),
        int((trials * successes).sum()),
    )


def simulated(chance: np.random.Generator, people: int = 150) -> Clusters:
    """People whose own rates differ a lot (beta with mean 0.1), with 1 to 40 impressions each."""
    trials = chance.integers(1, 41, people)
    return sums(trials, chance.binomial(trials, chance.beta(0.3, 2.7, people)))


def test_rate_covers_the_truth_where_plain_wilson_does_not():
    chance = np.random.default_rng(7)
    drawn = [simulated(chance) for _ in range(600)]
    honest = np.mean([low <= 0.1 <= high for _, low, high in map(rate, drawn)])
    plain = np.mean([low <= 0.1 <= high for _, low, high in (wilson(d.successes, d.trials) for d in drawn)])
    assert honest > 0.92 and plain < 0.7


def test_one_impression_each_is_plain_wilson():
    ones, hits = np.ones(200, dtype=int), np.arange(200) < 20
    assert rate(sums(ones, hits.astype(int))) == pytest.approx(wilson(20, 200), rel=0.01)


def test_nothing_seen_says_nothing():
    assert rate(Clusters(0, 0, 0, 0, 0, 0)).value is None


def test_one_person_counts_as_one_trial():
    assert effective_trials(Clusters(1, 50, 25, 2500, 625, 1250)) == 1


def test_mean_covers_the_truth():
    chance = np.random.default_rng(3)
    drawn = [chance.exponential(10, 200) for _ in range(500)]
    found = [mean(len(x), float(x.sum()), float((x**2).sum())) for x in drawn]
    assert 0.92 < np.mean([m.low <= 10 <= m.high for m in found]) < 0.98
