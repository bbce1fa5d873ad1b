"""Tuning: the same data, seed and number of trials give the same model, killed or not."""

import sys

import numpy as np
import pytest

from tailorbird.errors import BadRequest, Corrupt, MissingExtra
from tailorbird.events import DAY_MS, Item
from tailorbird.offer.recommend.blend import CANDIDATES
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.lineage import Data, Lineage
from tailorbird.offer.recommend.model import Manifest
from tailorbird.offer.recommend.train import train, untuned
from tailorbird.offer.shelf import Shelf
from tailorbird.shell.training import tuning

pytest.importorskip("optuna", reason="the extra `recommend` is not installed")
ITEMS = [f"i{n}" for n in range(30)]
SHELF = Shelf([Item(i, category="abc"[n % 3]) for n, i in enumerate(ITEMS)])
LINES = Interactions.of([
    (f"p{n}", ITEMS[(n * k + week // 3) % 30], "bought", (n % 7 + 7 * week) * DAY_MS)
    for n in range(50) for week in range(12) for k in (1, 2, 3)
])  # fmt: skip


def lineage(trials, seed=1):
    return Lineage(Data(fingerprint="f"), code="c", seed=seed, trials=trials)


def tuned(folder, trials, seed=1):
    told = lineage(trials, seed)
    return train(LINES, SHELF, Manifest("1", lineage=told), choose=tuning.tuner(folder, told, lambda step: None))


def same(one, other):
    pairs = zip(one.arrays().values(), other.arrays().values(), strict=True)
    return one.manifest.weights == other.manifest.weights and all(np.array_equal(a, b) for a, b in pairs)


def killed_after(monkeypatch, trials):
    """As kill -9 leaves it: one trial begun and never told."""
    real, count = tuning._score, iter(range(trials + 1))

    def score(bench, parameters):
        if next(count) == trials:
            raise KeyboardInterrupt
        return real(bench, parameters)

    monkeypatch.setattr(tuning, "_score", score)


@pytest.mark.slow
def test_a_search_that_was_killed_ends_in_the_same_model(tmp_path, monkeypatch):
    whole = tuned(tmp_path / "whole", 14)
    with monkeypatch.context() as patch:
        killed_after(patch, 12)
        with pytest.raises(KeyboardInterrupt):
            tuned(tmp_path / "killed", 14)
    assert same(tuned(tmp_path / "killed", 14), whole)
    assert same(tuned(tmp_path / "once more", 14), whole)
    assert whole.manifest.lineage.trials_done == 14


def test_the_search_may_begin_where_the_blend_of_untuned_training_ends():
    for name, candidates in CANDIDATES.items():
        low, high, _ = tuning.SPACE.get(name, (-np.inf, np.inf, False))
        assert low <= min(candidates) and max(candidates) <= high, name


@pytest.mark.slow
def test_a_tuned_model_is_no_worse_on_validation(tmp_path):
    benches = []

    def watched(bench):
        benches.append(bench)
        return tuning.tuner(tmp_path, lineage(5), lambda step: None)(bench)

    train(LINES, SHELF, Manifest("1", lineage=lineage(5)), choose=watched)
    [bench] = benches
    found, plain = watched(bench), untuned(bench)
    assert bench.score(bench.model(found.settings), found.weights) >= bench.score(bench.plain, plain.weights)


def test_without_the_extra_the_error_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MissingExtra, match=r"tailorbird\[recommend\]"):
        tuning.tuner(tmp_path, lineage(5), print)


@pytest.mark.parametrize("trials", [0, -1, 10_001])
def test_an_impossible_number_of_trials_is_refused(tmp_path, trials):
    with pytest.raises(BadRequest, match=f"--tune {trials}"):
        tuning.tuner(tmp_path, lineage(trials), print)


def test_damaged_trials_say_what_to_do(tmp_path):
    tuning._study(tmp_path, lineage(1))
    [path] = tmp_path.glob("*.db")
    path.write_bytes(b"no database")
    with pytest.raises(Corrupt, match="Delete it"):
        tuning._study(tmp_path, lineage(1))


@pytest.mark.slow
def test_only_the_last_studies_are_kept(tmp_path):
    for seed in range(6):
        tuning._study(tmp_path, lineage(1, seed))
    assert len(list(tmp_path.glob("*.db"))) <= tuning.KEPT + 1
