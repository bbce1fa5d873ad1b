"""What is drawn for law 4 is worth asking: every function, people on both sides, all that goes wrong with events."""

import re
from collections import Counter
from random import Random

import pytest

from tailorbird.know.language.functions import FUNCTIONS
from tailorbird.know.language.program import check
from tailorbird.know.language.schema import schema_of
from tailorbird.testing.drawn_definitions import BASES, draw_definitions
from tailorbird.testing.drawn_features import FEATURES
from tailorbird.testing.drawn_lives import draw_lives
from tailorbird.testing.drawn_words import BASELINE, UNDECLARED, plan, policy
from tailorbird.testing.histories import grown, tables
from tailorbird.testing.slow_segments import members, view_of

SCHEMA = schema_of(plan(), policy(), UNDECLARED)


def test_every_function_has_a_condition_of_its_own():
    assert set(FEATURES) == set(FUNCTIONS)


def test_every_function_stands_in_a_twentieth_of_the_definitions():
    drawn = draw_definitions(Random(1), 3_000).segments.values()
    found = Counter(name for text in drawn for name in set(re.findall(r"(\w+)\(", text)))
    assert {name: found[name] for name in FUNCTIONS if found[name] < 0.05 * len(drawn)} == {}


def test_all_that_is_drawn_can_be_read():
    for seed in range(10):
        drawn = draw_definitions(Random(seed), 10)
        assert len(check(drawn.traits, drawn.segments, SCHEMA).segments) == 10 + len(BASES)


@pytest.mark.slow
def test_half_of_the_definitions_part_people():
    shares = [share for seed in range(6) for share in shares_of_members(Random(seed), 30, 24)]
    assert sum(0.05 <= share <= 0.95 for share in shares) >= 0.5 * len(shares)


def shares_of_members(draw, definitions, people):
    drawn, lives = draw_definitions(draw, definitions), draw_lives(draw, people)
    program, now = check(drawn.traits, drawn.segments, SCHEMA), lives.probes[1]
    everyone = histories(lives.events)
    found = [members(program, view_of(program, *one, now, BASELINE)) for one in everyone.items()]
    return [sum(one[name] for one in found) / len(found) for name in drawn.segments]


def histories(events):
    nodes = {node[1:]: person for node, person in tables(grown(events).state)["node"].items()}
    people = {}
    for event in events:
        people.setdefault(nodes.get(event.leaf, event.leaf), []).append(event)
    return people


def test_lives_hold_all_that_goes_wrong_with_events():
    events = draw_lives(Random(2), 30).events
    ids = Counter(event.message_id for event in events)
    people = histories(events)
    assert max(ids.values()) > 1, "a repeat"
    assert any(event.received_at - event.timestamp > 8 * 86_400_000 for event in events), "late"
    assert any(event.timestamp > event.received_at for event in events), "ahead of its receipt"
    assert any(len(event.identifiers) > 1 for event in events), "two who are one"
    assert any(len({one.timestamp for one in said}) < len(said) for said in people.values()), "one instant"
    assert any(isinstance(event.plain_properties.get("price"), str) for event in events), "another kind"
