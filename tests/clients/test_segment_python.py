"""segment-analytics-python as its users run it, against a live server."""

import datetime
from typing import Any

import pytest

from tailorbird.testing.live import LiveServer

analytics = pytest.importorskip("segment.analytics", reason="segment-analytics-python is not installed")
pytestmark = pytest.mark.slow


def client(server: LiveServer, **options: Any) -> Any:
    failures: list[Any] = []
    made = analytics.client.Client(
        server.key, host=server.url, on_error=lambda error, items: failures.append(error), max_retries=2, **options
    )
    made.failures = failures
    return made


@pytest.mark.parametrize("gzip", [False, True])
def test_every_call_of_the_python_client_is_understood(server: LiveServer, timeline: Any, gzip: bool) -> None:
    person = f"python-{gzip}"
    segment = client(server, gzip=gzip)
    segment.identify(person, {"email": f"{person}@example.com", "plan": "gold"})
    segment.track(person, "Order Completed", {"order_id": "o1", "revenue": 9.5, "products": [{"product_id": "p1"}]})
    segment.page(person, "Docs", "Python", {"url": "https://shop.example/docs"})
    segment.screen(person, "Settings")
    segment.group(person, "group-1", {"name": "The group"})
    segment.alias(f"{person}-old", person)
    segment.flush()
    segment.join()
    rows = timeline(f"userId:{person}", 6)
    assert segment.failures == []
    assert sorted(row["type"] for row in rows) == ["alias", "group", "identify", "page", "screen", "track"]
    assert server.get(f"/v1/people/userId:{person}")[1]["rfm"]["monetary"] == 9.5


def test_time_and_message_id_of_the_client_are_kept(server: LiveServer, timeline: Any) -> None:
    segment = client(server)
    at = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)
    segment.track("python-time", "Ping", timestamp=at, message_id="my-message")
    segment.flush()
    segment.join()
    [row] = timeline("userId:python-time", 1)
    assert (row["at"][:19], row["message_id"]) == ("2026-03-01T12:00:00", "my-message")


def test_many_events_all_arrive_once(server: LiveServer, timeline: Any) -> None:
    segment = client(server, upload_size=100)
    for number in range(700):
        segment.track("python-many", f"Event {number}")
    segment.flush()
    segment.join()
    rows = timeline("userId:python-many", 700)
    assert segment.failures == []
    assert sorted(row["event"] for row in rows) == sorted(f"Event {number}" for number in range(700))


def test_wrong_key_reaches_the_client_as_an_error(server: LiveServer) -> None:
    segment = analytics.client.Client("wrong", host=server.url, sync_mode=True, max_retries=0)
    with pytest.raises(Exception, match="known API key"):
        segment.track("nobody", "Ping")
