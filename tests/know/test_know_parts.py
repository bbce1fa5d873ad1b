"""The parts of a profile, each on its own."""

import pytest

from tailorbird.events import DAY_MS
from tailorbird.know import affinity, counters, items, orders, sessions
from tailorbird.know.component import Component, refusal, together
from tailorbird.know.merge import merge
from tailorbird.know.profile import Bought, Counter, Profile, Touch
from tailorbird.know.tables import after

NOW = 20_000 * DAY_MS
MINUTE = 60_000


def visited(*minutes):
    profile = Profile(b"p")
    for minute in minutes:
        sessions.visit(profile, NOW + minute * MINUTE)
    return profile


def test_gap_of_more_than_thirty_minutes_starts_a_session():
    assert [visited(0, 30).sessions, visited(0, 31).sessions] == [1, 2]


def test_late_visit_joins_two_sessions_into_one():
    profile = visited(0, 50, 25)
    assert (profile.sessions, profile.spans) == (1, [(NOW, NOW + 50 * MINUTE)])


def test_sessions_are_counted_beyond_the_spans_that_are_kept():
    profile = visited(*range(0, 40 * 60, 60))
    assert (profile.sessions, len(profile.spans)) == (40, 10)
    assert profile.session_last_at == NOW + 39 * 60 * MINUTE


def test_window_counts_whole_days_today_included():
    days = {20_000: 1, 19_999: 2, 19_994: 4, 19_993: 8}
    assert [counters.window(days, NOW + 5, length) for length in (1, 2, 7, 30)] == [1, 3, 7, 15]


def test_counter_forgets_days_beyond_its_windows_but_not_the_total():
    kept = {}
    for day in range(300):
        counters.bump(kept, "page", day * DAY_MS)
    assert kept["page"].total == 300
    assert sorted(kept["page"].days) == list(range(200, 300))


def test_affinity_halves_in_thirty_days():
    leaning = {}
    affinity.lean(leaning, "tea", affinity.forward(4.0, NOW))
    assert affinity.decayed(leaning["tea"], NOW + 30 * DAY_MS) == pytest.approx(2.0)


def test_recent_contact_outweighs_an_old_one():
    leaning = {}
    affinity.lean(leaning, "tea", affinity.forward(3.0, NOW - 90 * DAY_MS))
    affinity.lean(leaning, "milk", affinity.forward(1.0, NOW))
    assert affinity.shares(leaning) == pytest.approx({"milk": 8 / 11, "tea": 3 / 11})


def test_strongest_affinities_stay():
    leaning = {}
    for number in range(150):
        affinity.lean(leaning, f"c{number:03}", affinity.forward(1.0 + number, NOW))
    assert len(leaning) <= affinity.NAMES
    assert "c149" in leaning and "c000" not in leaning


def test_what_was_bought_longest_ago_goes_first():
    bought = {}
    for number in range(260):
        items.buy(bought, [f"p{number:03}"], NOW + number)
    assert len(bought) <= 200
    assert "p259" in bought and "p000" not in bought


def test_item_bought_again_is_counted_with_first_and_last():
    bought = {}
    for at in (5, 9, 2):
        items.buy(bought, ["tea"], at)
    assert bought == {"tea": Bought(3, 2, 9)}


@pytest.mark.parametrize(
    ("properties", "value"),
    [
        ({"revenue": 3, "total": 9}, 3.0),
        ({"revenue": "3", "total": 9}, 9.0),
        ({"revenue": float("inf")}, 0.0),
        ({"products": [{"price": 2, "quantity": 3}, {"price": None}, "tea"]}, 6.0),
        ({}, 0.0),
    ],
)
def test_worth_of_an_order_is_the_first_amount_it_names(properties, value):
    assert orders.amount(properties) == value


def test_tenths_add_up_to_the_same_money_in_any_order():
    forth, back = Profile(b"a"), Profile(b"b")
    amounts = [0.1, 0.2, 0.3, 19.99, 7.77]
    for profile, some in ((forth, amounts), (back, amounts[::-1])):
        for value in some:
            orders.order(profile, {"revenue": value}, NOW)
    assert forth.revenue == back.revenue == 28.36


def test_merging_with_nobody_changes_nothing():
    one = Profile(b"a", version=2, first_seen_at=3, last_seen_at=4, recent=[Touch("tea", "viewed", 4)])
    merge(one, Profile(b"b"))
    assert one == Profile(b"a", version=2, first_seen_at=3, last_seen_at=4, recent=[Touch("tea", "viewed", 4)])


def test_merging_into_nobody_takes_all():
    other = Profile(b"b", version=1, first_seen_at=3, last_seen_at=3, counters={"page": Counter(1, 3, 3, {0: 1})})
    one = Profile(b"a")
    merge(one, other)
    assert (one.person, one.first_seen_at, one.counters) == (b"a", 3, {"page": Counter(1, 3, 3, {0: 1})})


def test_two_persons_with_user_ids_are_not_joined_unasked():
    anna, ben = Component((b"\0anna",)), Component((b"\0ben", b"\3b"))
    assert refusal(anna, ben, explicit=False) == "two userIds"
    assert refusal(anna, ben, explicit=True) == ""
    assert together([*ben.nodes, *anna.nodes]).person == b"anna"


def test_scan_of_a_prefix_stops_behind_its_last_key():
    assert [after(b"a"), after(b"a\xff"), after(b"\xff")] == [b"b", b"b", None]
