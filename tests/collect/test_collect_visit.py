"""The kind of device and the host of the page before are plain; what they were read from stays sealed."""

import pytest

from tailorbird.collect.about import read_about
from tailorbird.collect.plan import TrackingPlan
from tailorbird.collect.visit import device_of, foreign_host

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
PAGE = {"url": "https://shop.example/tea", "referrer": "https://www.search.example/?q=ann%40example.com"}


def test_a_context_shows_its_device_and_where_it_came_from():
    about = read_about({"userAgent": PHONE, "page": PAGE}, TrackingPlan.load({}))
    assert about.plain == {"device.type": "mobile", "referrer.host": "search.example"}
    assert about.secret == {"userAgent": PHONE, "page": PAGE}


def test_what_a_client_says_itself_stands():
    said = {"userAgent": PHONE, "device": {"type": "tv"}, "page": PAGE, "referrer": {"host": "app"}}
    assert read_about(said, TrackingPlan.load({})).plain == {"device.type": "tv", "referrer.host": "app"}


def test_a_plan_that_seals_the_device_gets_none():
    plan = TrackingPlan.load({"context": {"device.type": {"type": "string", "personal": True}}})
    assert read_about({"userAgent": PHONE}, plan).plain == {}


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "mobile"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36", "mobile"),
        ("Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "tablet"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120", "desktop"),
        ("", "desktop"),
    ],
)
def test_devices_are_told_by_what_browsers_call_themselves(agent, device):
    assert device_of(agent) == device


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://ann:secret@News.example:8080/a?b#c", "news.example"),
        ("https://shop.example/other", ""),
        ("android-app://com.search", ""),
        ("", ""),
        (None, ""),
        (7, ""),
        ("https://", ""),
    ],
)
def test_only_a_foreign_host_is_a_referrer(referrer, host):
    assert foreign_host(referrer, "https://www.shop.example/tea") == host


def test_of_what_is_endless_the_beginning_is_looked_at():
    assert device_of("Android" * 100_000 + "Mobile") == "tablet"  # whole, it would take minutes
    assert foreign_host("https://a.example/" + "a" * 1_000_000) == "a.example"
