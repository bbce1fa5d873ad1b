"""POST /v1/decide, and reading one's own writes through it."""

from typing import Any

import pytest
from one_process import OneProcess

from tailorbird.events import Decided, decode_record

ITEMS = [{"id": f"{category}{n}", "name": f"{category} {n}", "category": category} for category in ("tea", "soap")
         for n in range(8)]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def catalogue(shop) -> None:
    assert shop.post("/v1/items", {"items": ITEMS}).json["changed"] == len(ITEMS)


def click(shop, person: str, item: str) -> str:
    properties = {"product_id": item, "category": item.rstrip("0123456789")}
    answer = shop.post("/v1/track", {"anonymousId": person, "event": "Product Clicked", "properties": properties})
    return answer.json["offset"]


def home(shop, person: str, **more: Any) -> dict[str, Any]:
    return shop.post("/v1/decide", {"person": {"anonymousId": person}, "placements": ["home"], **more}).json


def test_stranger_is_answered_with_a_reason(shop) -> None:
    answer = home(shop, "stranger")
    assert answer["person"] is None
    assert answer["decisions"]["home"]["why"].startswith("unknown person")
    assert answer["decisions"]["home"]["link"] == "catalogue"


def test_very_next_decision_follows_three_clicks(shop) -> None:
    for trial in range(20):
        token = [click(shop, f"c{trial}", f"soap{n}") for n in range(3)][-1]
        answer = home(shop, f"c{trial}", after=token, limit=4)
        assert answer["fresh"] is True
        items = answer["decisions"]["home"]["items"]
        assert items[0]["id"].startswith("soap")
        assert items[0]["reasons"][0]["item"].startswith("soap")


def test_withdrawn_consent_holds_for_the_very_next_decision(shop) -> None:
    click(shop, "w", "soap1")
    answer = shop.call("PUT", "/v1/people/anonymousId:w/consent", {"personalization": False})
    decision = home(shop, "w", after=answer.json["offset"])["decisions"]["home"]
    assert decision["link"] == "catalogue"
    assert "withdrew personalization" in decision["why"]
    assert not any(reason["kind"] == "history" for item in decision["items"] for reason in item["reasons"])


def test_unknown_placement_has_its_answer(shop) -> None:
    answer = shop.post("/v1/decide", {"placements": ["nowhere", "home"]}).json
    assert answer["decisions"]["nowhere"]["items"] == []
    assert "no placement is called 'nowhere'" in answer["decisions"]["nowhere"]["why"]
    assert answer["decisions"]["home"]["items"]


def test_token_that_is_never_reached_does_not_hold_the_answer(shop) -> None:
    answer = home(shop, "late", after="999999999999")
    assert answer["fresh"] is False
    assert answer["decisions"]["home"]["items"]


def test_person_may_be_named_as_text(shop) -> None:
    token = click(shop, "named", "tea1")
    named = shop.post("/v1/decide", {"person": "anonymousId:named", "after": token}).json
    assert named["person"] == home(shop, "named")["person"] is not None


def test_item_put_a_moment_ago_can_be_offered(shop) -> None:
    shop.call("PUT", "/v1/items/brand-new", {"name": "Brand new", "category": "new"})
    answer = home(shop, "anybody", limit=100)
    assert "brand-new" in [item["id"] for item in answer["decisions"]["home"]["items"]]


def test_decision_can_be_found_in_the_log(shop) -> None:
    decision = home(shop, "logged", after=click(shop, "logged", "tea1"))["decisions"]["home"]
    for _ in range(500):
        rows = shop.get("/v1/people/anonymousId:logged/timeline").json["timeline"]
        if rows[0]["type"] == "decision":
            break
        shop.stop.wait(0.01)
    assert (rows[0]["id"], rows[0]["items"]) == (decision["id"], [item["id"] for item in decision["items"]])


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"person": "userId"}', b'{"placements": "home"}', b'{"after": "x"}', b'{"after": "1e9"}',
     b'{"limit": "many"}', b'{"placements": [' + b'"a",' * 30 + b'"b"]}'],
)  # fmt: skip
def test_wrong_body_is_400_and_says_why(shop, body: bytes) -> None:
    answer = shop.post("/v1/decide", body)
    assert (answer.status, answer.json["error"]) == (400, "bad_request")


def test_right_to_decide_is_needed(shop) -> None:
    assert shop.post("/v1/decide", {}, key=shop.key_for("collector", "collect")).status == 403


def test_withdrawn_consent_holds_though_the_stream_stands_still(tmp_path) -> None:
    with OneProcess(tmp_path, folding=False) as lagging:
        lagging.post("/v1/items", {"items": ITEMS})
        lagging.post("/v1/identify", {"anonymousId": "w", "userId": "42"})
        click(lagging, "w", "soap1")
        lagging.worker.turn(0)
        before = lagging.post("/v1/decide", {"person": {"userId": "42"}}).json["decisions"]["home"]
        token = lagging.call("PUT", "/v1/people/anonymousId:w/consent", {"personalization": False}).json["offset"]
        answer = lagging.post("/v1/decide", {"person": {"userId": "42"}, "after": token}).json
        assert (before["link"], answer["fresh"]) == ("history", False)
        assert "withdrew personalization" in answer["decisions"]["home"]["why"]


def test_no_of_a_shared_device_counts_for_whoever_signs_in_on_it(shop) -> None:
    properties = {"product_id": "soap1", "category": "soap"}
    shop.post("/v1/track", {"userId": "hanna", "event": "Product Viewed", "properties": properties})
    token = shop.call("PUT", "/v1/people/anonymousId:tablet/consent", {"personalization": False}).json["offset"]
    person = {"userId": "hanna", "anonymousId": "tablet"}
    answer = shop.post("/v1/decide", {"person": person, "placements": ["home"], "after": token}).json
    assert "withdrew personalization" in answer["decisions"]["home"]["why"]
    alone = shop.post("/v1/decide", {"person": {"userId": "hanna"}, "placements": ["home"], "after": token}).json
    assert alone["decisions"]["home"]["link"] == "history"


def test_decision_for_somebody_who_is_not_to_be_counted_names_nobody(fresh) -> None:
    token = fresh.call("PUT", "/v1/people/userId:quiet/consent", {"analytics": False}).json["offset"]
    fresh.post("/v1/decide", {"person": {"userId": "quiet"}, "placements": ["home"], "after": token})
    fresh.post("/v1/decide", {"person": {"userId": "loud"}, "placements": ["home"]})
    fresh.stop.wait(0.2)
    log = fresh.engines.log
    synced = log.read(0)  # and behind it the decisions, which nobody has had synced
    records = [decode_record(payload) for _, payload in (*synced.records, *log.read(synced.through).records)]
    leaves = [record.leaf for record in records if isinstance(record, Decided)]
    assert [bool(leaf) for leaf in leaves] == [False, True]


def test_debug_is_for_keys_that_may_read(shop):
    browser = shop.key_for("browser", "collect", "decide")
    refused = shop.post("/v1/decide", {"debug": True}, key=browser)
    assert (refused.status, "needs 'read'" in refused.json["message"]) == (403, True)
    assert shop.post("/v1/decide", {}, key=browser).status == 200
    assert shop.post("/v1/decide", {"debug": True}).json["decisions"]["home"]["steps"]
