"""Law 5: time moves people. Windows expire and absences mature at their instant though nothing happens, also after a
restart, and every move stands at the very millisecond at which the words of the language begin, or cease, to hold."""

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.moves import stream
from tailorbird.know.segment.move import TIME_PASSED
from tailorbird.testing.agreement import Site
from tailorbird.testing.drawn_definitions import Drawn, draw_definitions
from tailorbird.testing.drawn_lives import draw_lives
from tailorbird.testing.histories import START, event
from tailorbird.testing.slow_segments import members, view_of

SOME = settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,), derandomize=True
)
ANNA = [("userId", "anna")]
LEFT_BEHIND = "absent('Product Added', then => 'Order Completed', within => '1 hour', until => '1 day')"
RECENT = "count('Product Added', '3 hours') > 0"
MINUTE = 60_000


def moved(site):
    with site.state.snapshot() as snapshot:
        return [move for _, move in stream(snapshot)]


def lived(folder, draw, definitions=12, people=8):
    """A site that has heard of everything, and the instant at which the last of it came."""
    drawn, lives = draw_definitions(draw, definitions), draw_lives(draw, people)
    site, last = Site(folder), max(event.received_at for event in lives.events)
    site.define(drawn, START - DAY_MS)
    site.hear(*lives.events)
    site.tick(last)
    site.settle()
    return site, last


@pytest.mark.slow
@SOME
@given(seed=st.integers(0, 2**32 - 1))
def test_time_alone_brings_everybody_where_the_words_say(tmp_path_factory, seed):
    draw = Random(seed)
    site, now = lived(tmp_path_factory.mktemp("time"), draw)
    for _ in range(6):
        now += draw.choice((MINUTE, HOUR_MS, 11 * HOUR_MS, DAY_MS, 9 * DAY_MS)) + draw.choice((0, 0, 1))
        if draw.random() < 0.5:
            site.restart()
        assert site.differences(now) == []
    site.close()


@pytest.mark.slow
@SOME
@given(seed=st.integers(0, 2**32 - 1))
def test_moves_of_time_stand_at_the_instant_at_which_the_words_turn(tmp_path_factory, seed):
    site, last = lived(tmp_path_factory.mktemp("moves"), Random(seed))
    assert site.differences(last + 30 * DAY_MS) == []
    people = site.people()
    moves = [one for one in moved(site) if one.because == TIME_PASSED and one.at > last]
    assert [one for one in moves[::7] if not turns(site, people[one.person], one)] == []
    site.close()


def turns(site, events, move):
    """Whether the segment is as the move says from its instant on, and was not one millisecond before."""
    found = [
        members(site.program, view_of(site.program, move.person, events, at, site.baseline))[move.segment]
        for at in (move.at - 1, move.at)
    ]
    return found == [not move.entered, move.entered]


def test_cart_is_left_behind_an_hour_later_and_forgotten_a_day_later_to_the_millisecond(tmp_path):
    site = Site(tmp_path)
    site.define(Drawn({}, {"left_behind": LEFT_BEHIND, "recent": RECENT}), START)
    site.hear(event(1, ANNA, "Product Added", at=START + 5 * MINUTE))
    for at in (START + HOUR_MS, START + 2 * DAY_MS):
        site.restart()
        assert site.differences(at) == []
    site.close()
    assert [(move.segment, move.entered, (move.at - START) / MINUTE) for move in moved(site)] == [
        ("recent", True, 5),
        ("left_behind", True, 65),
        ("recent", False, 185),
        ("left_behind", False, 5 + 24 * 60),
    ]


def test_one_tick_or_many_make_the_same_moves(tmp_path):
    told = []
    for number, ticks in enumerate(([50], range(1, 51))):
        site, last = lived(tmp_path / str(number), Random(3))
        for days in ticks:
            site.tick(last + days * DAY_MS)
        site.settle()
        told.append(sorted(move.id for move in moved(site)))
        site.close()
    assert told[0] == told[1] != []
