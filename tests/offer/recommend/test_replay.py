"""A past moment has the profile that the fold had then."""

import numpy as np

from tailorbird.events import DAY_MS
from tailorbird.know.items import purchase
from tailorbird.know.profile import Profile
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.replay import cases


def baskets(seed=1, weeks=60):
    chance = np.random.default_rng(seed)
    return [(week * DAY_MS * 7, sorted({f"i{n:03}" for n in chance.integers(0, 400, 12)})) for week in range(weeks)]


def test_the_replayed_profile_is_the_folded_one():
    shopping = baskets()
    lines = Interactions.of([("ann", item, "bought", at) for at, items in shopping for item in items])
    folded = Profile(b"ann")
    for case, (at, items) in zip(cases(lines, 0, 10**12, 1000), shopping, strict=True):
        assert (case.now, case.targets) == (at, frozenset(items))
        assert case.profile.recent == folded.recent
        assert case.profile.bought == folded.bought
        purchase(folded, {"products": [{"product_id": item} for item in items]}, at)


def test_moments_are_spread_evenly_and_no_more_than_asked():
    lines = Interactions.of([("ann", "tea", "bought", day * DAY_MS) for day in range(100)])
    assert [case.now // DAY_MS for case in cases(lines, 10 * DAY_MS, 90 * DAY_MS, 5)] == [10, 30, 50, 69, 89]


def test_where_nothing_is_ever_bought_the_next_views_are_the_aim():
    lines = Interactions.of([("ann", "news1", "viewed", 0), ("ann", "news2", "viewed", DAY_MS)])
    assert [case.targets for case in cases(lines, 0, 2 * DAY_MS, 9)] == [{"news1"}, {"news2"}]


def test_where_nothing_is_ever_bought_a_visit_is_asked_at_each_of_its_instants():
    lines = Interactions.of([("ann", item, "viewed", at) for at, item in ((0, "a"), (9, "b"), (9, "c"), (20, "d"))])
    asked = [(case.targets, [touch.item for touch in case.profile.recent]) for case in cases(lines, 0, 99, 9)]
    assert asked == [({"a", "b", "c", "d"}, []), ({"b", "c", "d"}, ["a"]), ({"d"}, ["a", "b", "c"])]


def test_views_before_a_purchase_in_the_same_session_are_no_aim():
    lines = Interactions.of([("ann", "tea", "viewed", 0), ("ann", "pie", "bought", 60_000)])
    [case] = cases(lines, 0, DAY_MS, 9)
    assert (case.targets, case.profile.recent) == ({"pie"}, [])


def test_a_stale_profile_is_that_of_so_long_before():
    from tailorbird.offer.recommend.replay import baskets

    lines = Interactions.of([("ann", item, "bought", at) for at, item in enumerate("abcd")])
    known = {age: [sorted(case.profile.bought) for case in baskets(lines, 0, 9, 9, age)] for age in (0, 1, 2)}
    assert known[0] == known[1] == [[], ["a"], ["a", "b"], ["a", "b", "c"]]
    assert known[2] == [[], [], ["a"], ["a", "b"]]
