"""Popularity decays, trends stand out, and small groups stay unseen."""

import numpy as np

from tailorbird.events import DAY_MS
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.popular import by_segment, popular, trending
from tailorbird.offer.recommend.settings import Settings

NOW = 1000 * DAY_MS


def bought(item, days_ago, times=1, person="p"):
    return [(f"{person}{n}", item, "bought", NOW - days_ago * DAY_MS) for n in range(times)]


def test_popularity_halves_every_half_life():
    lines = Interactions.of([*bought("new", 0, 4), *bought("old", Settings().lasting_days, 4)])
    np.testing.assert_allclose(popular(lines, NOW), [1, 0.5])


def test_what_rose_this_week_trends_and_what_sells_as_ever_does_not():
    steady = [line for day in range(100) for line in bought("steady", day, 5)]
    lines = Interactions.of([*steady, *bought("risen", 1, 20)])
    assert trending(lines, NOW).tolist() == [1.0, 0.0]  # "risen" sorts first


def test_a_segment_shows_what_is_popular_there():
    lines = Interactions.of(
        [*bought("tea", 1, 40, "t"), *bought("pie", 1, 60, "u")], {"age": {f"t{n}": "young" for n in range(40)}}
    )
    names, rows, values = by_segment(lines, NOW)
    assert names == [("age", "young")]
    assert (lines.ids[rows[0, 0]], values[0, 0], rows[0, 1]) == ("tea", 1.0, -1)


def test_fewer_than_thirty_people_are_no_segment():
    lines = Interactions.of(bought("tea", 1, 29), {"age": {f"p{n}": "young" for n in range(29)}})
    assert by_segment(lines, NOW)[0] == []
