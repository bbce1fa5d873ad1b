"""Segments follow laws 2, 6 and 7: repeats change nothing, merging is independent of order, a no leaves no trace."""

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tailorbird.events import DAY_MS
from tailorbird.testing.agreement import Site, same
from tailorbird.testing.drawn_definitions import Drawn, draw_definitions
from tailorbird.testing.drawn_lives import draw_lives
from tailorbird.testing.histories import START, event
from tailorbird.testing.smallest import smallest

SOME = settings(
    max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,), derandomize=True
)
SEEDS = st.integers(0, 2**32 - 1)
NOW = START + 130 * DAY_MS  # behind everything that is drawn


def answers(folder, drawn, events):
    """What the live side says of everyone at the end, after it was held against batch and words."""
    site = Site(folder)
    site.define(drawn, START - DAY_MS)
    site.hear(*events)
    assert [smallest(site, one) for one in site.differences(NOW)] == []
    live = site.live(NOW)
    site.close()
    return live


def differ(one, other):
    """Persons and names for which two sets of answers are not equal; sums may differ by the order of adding."""
    assert one.keys() == other.keys()
    return [(who, name) for who in one for name in one[who] if not same(one[who][name], other[who][name])]


@pytest.mark.slow
@SOME
@given(seed=SEEDS)
def test_strangers_found_to_be_one_equal_a_person_known_from_the_start(tmp_path_factory, seed):
    draw = Random(seed)
    # What somebody said about purposes decides, in the order of the log, what is kept of whom.
    drawn, events = draw_definitions(draw, 8), [one for one in draw_lives(draw, 3).events if not one.consent]
    links = [
        event(
            9_000 + number,
            [("userId", f"u{number // 2}"), ("anonymousId", f"{'ab'[number % 2]}{number // 2}")],
            at=START,
        )
        for number in range(6)
    ]
    first = answers(tmp_path_factory.mktemp("first"), drawn, [*links, *events])
    last = answers(tmp_path_factory.mktemp("last"), drawn, [*events, *links])
    assert differ(first, last) == []


@pytest.mark.slow
@SOME
@given(seed=SEEDS)
def test_repeated_messages_change_nothing(tmp_path_factory, seed):
    draw = Random(seed)
    drawn, events = draw_definitions(draw, 8), draw_lives(draw, 4).events
    once = {(one.source, one.message_id): one for one in reversed(events)}
    kept = [one for one in events if once[one.source, one.message_id] is one]
    twice = answers(tmp_path_factory.mktemp("twice"), drawn, events)
    assert differ(twice, answers(tmp_path_factory.mktemp("once"), drawn, kept)) == []


def test_what_a_no_refuses_moves_nobody(tmp_path):
    anna, order = [("userId", "anna")], "Order Completed"
    said = [
        event(1, anna, order, at=START),
        event(2, anna, "Consent Changed", at=START + 1, consent={"analytics": False}),
        event(3, anna, order, at=START + 2),
        event(4, anna, "Consent Changed", at=START + 3, consent={"analytics": True}),
        event(5, anna, order, at=START + 4),
    ]
    drawn = Drawn({"how_many": "orders()"}, {"heard": "consent('analytics')", "loyal": "orders() >= 3"})
    assert list(answers(tmp_path, drawn, said).values()) == [{"how_many": 2, "heard": True, "loyal": False}]
