import pytest

from tailorbird.events import DAY_MS, Secret
from tailorbird.know.fold import fold
from tailorbird.know.profile import Bought, Counter, Profile, Touch
from tailorbird.testing.histories import START, event

ANNA = [("userId", "anna")]
TODAY = START // DAY_MS


def folded(*events, secret=None, joined=()):
    profile = Profile(b"anna")
    for one in events:
        fold(profile, one, secret, joined)
    return profile


def view(number, item, at=START, **more):
    return event(number, ANNA, at=at, properties={"product_id": item, **more})


def test_view_counts_leans_and_is_remembered():
    profile = folded(view(1, "tea", category="drinks", brand="Leaf"))
    assert profile.counters == {"Product Viewed": Counter(1, START, START, {TODAY: 1})}
    assert profile.recent == [Touch("tea", "viewed", START)]
    assert list(profile.categories) == ["drinks"] and list(profile.brands) == ["Leaf"]
    assert (profile.sessions, profile.version) == (1, 1)


def test_order_buys_each_product_and_adds_money():
    lines = [{"product_id": "tea", "price": 2.5, "quantity": 2}, {"product_id": "milk", "price": 1.1}]
    profile = folded(event(1, ANNA, "Order Completed", properties={"products": lines, "revenue": 6.1}))
    assert (profile.orders, profile.revenue, profile.revenue_days) == (1, 6.1, {TODAY: 6.1})
    assert profile.bought == {"milk": Bought(1, START, START), "tea": Bought(1, START, START)}
    assert [touch.item for touch in profile.recent] == ["milk", "tea"]


def test_late_event_takes_its_place_in_time():
    profile = folded(view(1, "tea", START + 2), view(2, "milk", START + 1), view(3, "soap", START + 3))
    assert [touch.item for touch in profile.recent] == ["milk", "tea", "soap"]
    assert (profile.first_seen_at, profile.last_seen_at) == (START + 1, START + 3)


def test_only_the_last_items_are_kept():
    profile = folded(*(view(n, f"p{n}", START + n) for n in range(80)))
    assert [touch.item for touch in profile.recent] == [f"p{n}" for n in range(30, 80)]


def test_trait_of_the_later_event_counts_whatever_arrives_first():
    later = event(1, ANNA, "", type="identify", at=START + 9, plain_traits={"city": "Rome"})
    earlier = event(2, ANNA, "", type="identify", at=START, plain_traits={"city": "Oslo", "age": 30})
    assert folded(later, earlier).traits == {"city": "Rome", "age": 30}


def test_sealed_traits_and_identifiers_are_taken_over_once_opened():
    secret = Secret([("userId", "anna")], traits={"name": "Anna"})
    profile = folded(event(1, ANNA, "", type="identify"), secret=secret, joined=[0])
    assert profile.traits == {"name": "Anna"}
    assert profile.identifiers == {"userId": ["anna"]}


def test_group_joins_but_its_traits_are_not_the_persons():
    secret = Secret([("userId", "anna")], traits={"employees": 9}, envelope={"groupId": "acme"})
    profile = folded(event(1, ANNA, "", type="group", plain_traits={"plan": "pro"}), secret=secret)
    assert (profile.groups, profile.traits) == (["acme"], {})


def test_campaign_sent_to_somebody_is_no_visit():
    assert folded(event(1, ANNA, "Campaign Received")).sessions == 0


@pytest.mark.parametrize(
    "properties",
    [
        {"products": "tea"},
        {"products": [None, 3, {"product_id": None}]},
        {"product_id": 7, "category": 3, "brand": None},
        {"products": [{"product_id": "a", "price": "2", "quantity": None}]},
        {"revenue": True, "total": "x"},
    ],
)
def test_odd_properties_do_no_harm(properties):
    names = ("Order Completed", "Product Viewed")
    events = [event(number, ANNA, name, properties=properties) for number, name in enumerate(names)]
    assert folded(*events).version == 2


def test_names_without_end_do_not_grow_a_profile_without_end():
    profile = folded(*(event(n, ANNA, f"Viewed {n}", at=START + n) for n in range(300)))
    assert len(profile.counters) == 201
    assert profile.counters["(other)"].total == 100


def test_clock_that_runs_years_ahead_does_no_harm():
    profile = folded(event(1, ANNA, at=253_402_300_799_000, received_at=START, properties={"category": "drinks"}))
    assert profile.last_seen_at == START + 7 * DAY_MS
