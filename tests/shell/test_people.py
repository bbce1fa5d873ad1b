import json

from tailorbird.events import DAY_MS, Decided, encode_record
from tailorbird.shell.people import find, find_any, links, read_profile, timeline, view
from tailorbird.testing.histories import SITE_KEY, START, OneKey, event, grown
from tailorbird.testing.memory_keys import MemoryKeys

STRANGER = [("anonymousId", "a1")]
ANNA = [("userId", "anna"), ("anonymousId", "a1")]
NOW = START + 3 * DAY_MS


def anna():
    bought = {"products": [{"product_id": "tea", "category": "drinks"}], "revenue": 12.5}
    worker = grown(
        [
            event(1, STRANGER, properties={"product_id": "tea", "category": "drinks"}),
            event(2, ANNA, "", type="identify", at=START + 1, traits={"name": "Anna"}, plain_traits={"plan": "pro"}),
            event(3, ANNA, "Order Completed", at=START + 2, properties=bought),
        ]
    )
    with worker.state.snapshot() as snapshot:
        return snapshot, find(snapshot, SITE_KEY, "userId", "anna")


def test_person_is_found_by_any_identifier():
    snapshot, person = anna()
    assert find(snapshot, SITE_KEY, "anonymousId", "a1") == person
    assert find_any(snapshot, SITE_KEY, {"userId": "nobody", "anonymousId": "a1"}) == person


def test_blocked_values_unknown_types_and_strangers_are_nobody():
    snapshot, _ = anna()
    for kind, value in (("userId", "null"), ("phone", "1"), ("userId", "zoe"), ("email", 3), ("anonymousId", None)):
        assert find(snapshot, SITE_KEY, kind, value) is None


def test_view_is_plain_json_with_windows_and_shares():
    snapshot, person = anna()
    shown = json.loads(json.dumps(view(read_profile(snapshot, person), NOW)))
    assert shown["identifiers"] == {"anonymousId": ["a1"], "userId": ["anna"]}
    assert shown["traits"] == {"name": "Anna", "plan": "pro"}
    assert shown["counters"]["Product Viewed"]["days"] == {"1": 0, "7": 1, "30": 1, "90": 1}
    assert shown["rfm"]["monetary"] == 12.5 and shown["rfm"]["recency_days"] == 2
    assert [row["name"] for row in shown["affinities"]["category"]] == ["drinks"]
    assert shown["affinities"]["category"][0]["share"] == 1.0
    assert [row["kind"] for row in shown["recent"]] == ["bought", "viewed"]
    assert shown["sessions"]["count"] == 1 and not shown["sessions"]["active"]


def test_timeline_is_latest_first_and_opened():
    snapshot, person = anna()
    rows = timeline(snapshot, OneKey(), person)
    assert [row["message_id"] for row in rows] == ["m3", "m2", "m1"]
    assert rows[1]["traits"] == {"plan": "pro", "name": "Anna"}
    assert [row["message_id"] for row in timeline(snapshot, OneKey(), person, limit=1)] == ["m3"]


def test_timeline_without_keys_shows_only_the_plain_part():
    snapshot, person = anna()
    identify = timeline(snapshot, MemoryKeys(), person)[1]
    assert identify["traits"] == {"plan": "pro"}
    assert (identify["identifiers"], identify["readable"]) == ([], False)


def test_timeline_holds_decisions_too():
    one = event(1, STRANGER)
    worker = grown([one])
    decided = Decided("d1", START, one.leaf, "home", ["tea"], ["popular"], [1.0], "popular", 1.0, "")
    worker.log.append([encode_record(decided)])
    worker.turn()
    with worker.state.snapshot() as snapshot:
        rows = timeline(snapshot, OneKey(), find(snapshot, SITE_KEY, *STRANGER[0]))
    assert [row["type"] for row in rows] == ["decision", "track"]


def test_links_say_which_event_named_two_identifiers_together():
    snapshot, person = anna()
    [link] = links(snapshot, person)
    assert (link["a"]["type"], link["b"]["type"], link["message_id"]) == ("userId", "anonymousId", "m2")
    assert link["refused"] is None


def test_view_says_what_was_predicted_when_and_by_which_version():
    told = {"model": "next_category()", "value": 0.6, "label": "drinks", "version": "20251009-120000"}
    worker = grown([event(1, STRANGER), event(2, STRANGER, "Prediction Made", at=START + 5, properties=told)])
    with worker.state.snapshot() as snapshot:
        profile = read_profile(snapshot, find(snapshot, SITE_KEY, *STRANGER[0]))
    [said] = view(profile, NOW)["predictions"].values()
    assert said == {"value": 0.6, "label": "drinks", "said_at": "2024-10-04T00:00:00.005Z", "age_s": 259_199,
                    "model": "20251009-120000"}  # fmt: skip
    assert view(profile, NOW + 14 * DAY_MS)["predictions"] == {}
