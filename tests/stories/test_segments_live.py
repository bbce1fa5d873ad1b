"""From a line of SQL to people who enter and leave: a real server, its own processes, a restart in between."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.testing.live import LiveServer, tailorbird

pytestmark = pytest.mark.slow

SEGMENTS = """
looking: {sql: "count('Product Viewed', '30 minutes') >= 3", description: three products within half an hour}
just_added: minutes_since('Product Added') < 2
keen: segment('looking') and not segment('just_added')
called: in_list('called')
"""
TRAITS = "views: count('Product Viewed')"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder: Path = tmp_path_factory.mktemp("segments")
    (folder / "site").mkdir()
    (folder / "site" / "segments.yaml").write_text(SEGMENTS)
    (folder / "site" / "traits.yaml").write_text(TRAITS)
    with LiveServer(folder / "data") as server:
        applied = tailorbird("apply", str(folder / "site"), "--data", str(server.data), "--author", "anna")
        assert "add segment looking" in applied
        eventually(lambda: server.get("/v1/segments")[1]["in_force_since"])
        yield server


def eventually(look: Callable[[], Any], wait_s: float = 15) -> Any:
    until = time.monotonic() + wait_s
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.02)
    assert found
    return found


def did(server: LiveServer, user: str, event: str, ago_s: float = 0) -> str:
    """Something a person did so long ago; the token behind it."""
    at = (datetime.now(UTC) - timedelta(seconds=ago_s)).isoformat()
    status, answer = server.post("/v1/track", {"userId": user, "event": event, "timestamp": at})
    assert status == 200
    return answer["offset"]


def person(server: LiveServer, user: str, after: str = "0") -> dict[str, Any]:
    """What is known of somebody; of a stranger nothing, and that is no segment."""
    status, answer = server.get(f"/v1/people/userId:{user}?after={after}")
    return answer if status == 200 else {"segments": {}, "moves": [], "counters": {}}


def moves(server: LiveServer, user: str) -> list[tuple[str, str, str]]:
    """What moved somebody, newest first."""
    return [(one["event"], one["segment"], one["because"]) for one in person(server, user)["moves"]]


def test_third_click_enters_before_the_next_page(server):
    for _ in range(2):
        did(server, "ann", "Product Viewed")
    found = eventually(
        lambda: (now := person(server, "ann"))["counters"].get("Product Viewed", {}).get("total") == 2 and now
    )
    assert "looking" not in found["segments"]
    started = time.monotonic()
    token = did(server, "ann", "Product Viewed")
    found = eventually(lambda: "looking" in person(server, "ann", token)["segments"] and person(server, "ann"))
    assert time.monotonic() - started < 1
    assert found["segments"]["looking"]["because"] == ["count('Product Viewed', '30 minutes') is 3, >= 3"]
    assert found["computed"] == {"views": 3}
    assert set(found["segments"]) == {"looking", "keen"}


def test_entering_stands_in_the_stream_with_its_event(server):
    token = did(server, "bea", "Product Added")
    eventually(lambda: "just_added" in person(server, "bea", token)["segments"])
    page = server.get("/v1/moves?segment=just_added")[1]
    [entered] = [move for move in page["moves"] if move["person"] == person(server, "bea")["person"]]
    assert (entered["event"], entered["because"]) == ("Segment Entered", "Product Added")
    assert entered["message_id"]
    assert server.get(f"/v1/moves?after={page['after']}")[1]["moves"] == []


def test_time_alone_lets_go(server):
    token = did(server, "cis", "Product Added", ago_s=118)
    eventually(lambda: "just_added" in person(server, "cis", token)["segments"])
    eventually(lambda: ("Segment Left", "just_added", "time passed") in moves(server, "cis"))
    assert person(server, "cis")["segments"] == {}


def test_who_falls_due_while_the_server_is_down_leaves_when_it_is_back_and_once(server):
    token = did(server, "dan", "Product Added", ago_s=117)
    eventually(lambda: "just_added" in person(server, "dan", token)["segments"])
    server.stop()
    time.sleep(4)
    server.start()
    eventually(lambda: len(person(server, "dan")["moves"]) == 2)
    left, entered = person(server, "dan")["moves"]
    assert (left["event"], entered["event"]) == ("Segment Left", "Segment Entered")
    stayed = datetime.fromisoformat(left["at"]) - datetime.fromisoformat(entered["at"])
    assert stayed == timedelta(minutes=2)  # at its own instant, though nobody was there to see it


def test_new_segment_holds_for_the_past_and_a_removed_one_lets_go(server):
    token = did(server, "eve", "Product Viewed")
    did(server, "eve", "Product Viewed")
    status, put = server.request("PUT", "/v1/segments/twice", {"sql": "views >= 2", "author": "ben"})
    assert (status, put["author"]) == (200, "api:ben")
    eventually(lambda: "twice" in person(server, "eve", token)["segments"])
    assert ("Segment Entered", "twice", "the definition came into force") in moves(server, "eve")
    server.request("DELETE", "/v1/segments/twice")
    eventually(lambda: ("Segment Left", "twice", "the definition was withdrawn") in moves(server, "eve"))


def test_static_list_and_snapshot_hold_in_segments(server):
    status, joined = server.post("/v1/lists/called", {"join": ["userId:fay"]})
    assert status == 200
    eventually(lambda: "called" in person(server, "fay", joined["offset"])["segments"])
    status, taken = server.post("/v1/segments/called/snapshot", {})
    assert (status, taken["people"]) == (200, 1)
    server.request("PUT", "/v1/segments/were_called", {"sql": f"in_list('{taken['list']}')"})
    server.post("/v1/lists/called", {"leave": ["userId:fay"]})
    eventually(lambda: set(person(server, "fay")["segments"]) == {"were_called"})


def test_members_can_be_listed_here_and_there(server):
    token = did(server, "gil", "Product Added")
    eventually(lambda: "just_added" in person(server, "gil", token)["segments"])
    rows = server.get("/v1/segments/just_added/members")[1]["members"]
    assert "userId:gil" in [row["identifier"] for row in rows]
    assert "userId:gil" in tailorbird("segment", "members", "just_added", "--data", str(server.data)).split()
    assert "just_added" in tailorbird("segment", "list", "--data", str(server.data))
    assert "Entered" in tailorbird("segment", "moves", "just_added", "--data", str(server.data))
    assert "three products" in tailorbird("segment", "show", "looking", "--data", str(server.data))
