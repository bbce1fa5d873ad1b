"""Predictions and moves, from lake and state into a training."""

import pytest
from lake_world import NOW, START, event, order, stored

from tailorbird.events import DAY_MS
from tailorbird.know.fold import MADE
from tailorbird.know.moves import Moves
from tailorbird.know.segment.move import Cause, move
from tailorbird.offer.recommend.said import Said
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.training.reading import read

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
