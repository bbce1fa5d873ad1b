"""Predictions and moves, from lake and state into a training."""

import msgspec
import numpy as np
import pytest
from lake_world import NOW, START, event, order, stored

from tailorbird.events import DAY_MS, Item
from tailorbird.know.fold import MADE
from tailorbird.know.moves import Moves
from tailorbird.know.segment.move import Cause, move
from tailorbird.offer.recommend.said import Said
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.models import Models
from tailorbird.shell.training.reading import read
from tailorbird.shell.training.run import train_and_promote

MODEL = "likely('Order Completed', '14 days')"


@pytest.fixture
def engines(tmp_path):
    found = Engines(Layout(tmp_path), writes_state=True)
    yield found
    found.close()


def said(person, day, value):
    return event(person, day, MADE, {"model": MODEL, "value": value, "version": "1"})


def moved(engines, person, segment, *days):
    """In at the first day, out at the next, and so on."""
    who = b"P" + person.encode().ljust(16)[1:]
    moves = [move(who, segment, n % 2 == 0, START + day * DAY_MS, Cause(n)) for n, day in enumerate(days)]
    with engines.state.snapshot() as snapshot:
        kept = Moves(snapshot, 0)
    kept.fresh += moves
    engines.state.commit(kept.writes(), 1_000)


def at_day(found, person, day):
    number = found.number[b"P" + person.encode().ljust(16)[1:]]
    predictions, segments = found.lines.said.at_moment(number, START + day * DAY_MS)
    return {model: word.value for model, word in predictions.items()}, segments


def test_what_was_said_and_where_they_stood_on_any_day(engines):
    people = [order("ann", 0, "milk"), order("bob", 0, "milk"), order("cid", 0, "milk")]
    words = [said("ann", 10, 0.3), said("ann", 12, 0.7), said("bob", 11, 0.1), said("cid", 1, 0.9)]
    stored(engines, [*people, *words], withdrawn={"cid"})
    engines.definitions.put("segment", "vip", {"sql": "orders() >= 1"}, "test")
    moved(engines, "ann", "vip", 5, 20)
    moved(engines, "bob", "gone", 5)
    found = read(engines, NOW)
    assert found.lines.said.names == ("in vip", f"prediction {MODEL}")
    assert at_day(found, "ann", 10) == ({}, {"vip"})
    assert at_day(found, "ann", 11) == ({MODEL: 0.3}, {"vip"})
    assert at_day(found, "ann", 21) == ({MODEL: 0.7}, frozenset())
    assert at_day(found, "bob", 21) == ({MODEL: 0.1}, frozenset())
    assert len(found.number) == 2  # who withdrew consent is not there


def test_a_lake_in_which_nothing_was_said_says_nothing(engines):
    stored(engines, [order("ann", 0, "milk")])
    assert read(engines, NOW).lines.said.names == Said.of(1, []).names == ()


def fickle(people=90, days=60, seed=4):
    """Who buys of another category every day, by chance; the evening before a model has told which."""
    rng = np.random.default_rng(seed)
    for n in range(people):
        for day in range(1, days):
            category = int(rng.integers(6))
            told = {"model": "next_category()", "value": 0.8, "label": f"c{category}", "version": "1"}
            yield event(f"p{n}", day - 0.2 + n / 1000, MADE, told)
            own = [f"i{category}{k}" for k in range(6)]
            yield order(f"p{n}", day + n / 1000, *rng.choice(own, 2, replace=False).tolist())


def whole(one):
    at = int(one.timestamp)
    return msgspec.structs.replace(one, timestamp=at, received_at=at)


@pytest.mark.slow
def test_trees_learn_what_a_prediction_is_worth(engines):
    pytest.importorskip("lightgbm")
    engines.catalogue.upsert([Item(f"i{c}{k}", category=f"c{c}") for c in range(6) for k in range(6)])
    stored(engines, [whole(one) for one in fickle()])
    trained = train_and_promote(engines, NOW)
    model = Models(engines.layout.models).load(trained.manifest.version)
    assert model.ranker.names == ("prediction next_category()",)
    scores = {line["model"]: line["ndcg@10"] for line in trained.manifest.evaluation}
    assert scores["blend"] > 1.5 * scores["blend_without_trees"]
