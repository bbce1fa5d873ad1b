"""Traits, segments and lists over the API: put, refused, listed, taken back, and who may do what."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from one_process import OneProcess


def put(shop: OneProcess, name: str, sql: str, kind: str = "segments", **more):
    return shop.call("PUT", f"/v1/{kind}/{name}", {"sql": sql, **more})


def test_segment_is_put_and_listed_with_its_author(shop):
    done = put(shop, "loyal", "orders('90 days') >= 3", description="buys often", author="anna")
    assert (done.status, done.json["version"], done.json["author"]) == (200, 1, "api:anna")
    [listed] = [one for one in shop.get("/v1/segments").json["segments"] if one["name"] == "loyal"]
    assert (listed["sql"], listed["description"], listed["people"]) == ("orders('90 days') >= 3", "buys often", 0)
    assert shop.get("/v1/segments/loyal").json["sql"] == listed["sql"]


def test_segment_may_name_a_trait_and_then_the_trait_cannot_go(shop):
    assert put(shop, "views", "count('Product Viewed')", "traits").status == 200
    assert put(shop, "curious", "views > 9").status == 200
    refused = shop.call("DELETE", "/v1/traits/views")
    assert (refused.status, refused.json["error"]) == (422, "bad_definition")
    assert "Segment 'curious'" in refused.json["message"]
    assert shop.get("/v1/traits/views").status == 200


def test_predictions_that_definitions_ask_for_are_listed(shop):
    assert put(shop, "soon", "likely('Order Completed', '14 days')", "traits").status == 200
    [listed] = shop.get("/v1/predictions").json["predictions"]
    assert (listed["name"], listed["asked_by"]) == ("likely_order_completed_14_days", ["soon"])
    assert listed["manifest"] is None and shop.get("/v1/predictions/soon").json == listed
    assert shop.get("/v1/predictions/rain").status == 404
    assert shop.get("/v1/predictions", key="").status == 401


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"sql": "ordrs() >= 3"}, 422, "line 1, column 1: 'ordrs'"),
        ({"sql": "orders()"}, 422, "Segment 'odd'"),
        ({"sql": 3}, 422, "must be text"),
        ({}, 422, "has no expression"),
        ({"sql": "orders() > 1", "sqll": "x"}, 422, "Did you mean 'sql'?"),
        (b"[]", 400, "Send"),
        (b"{", 400, "not JSON"),
    ],
)
def test_wrong_definition_is_refused_with_its_place(shop, body, status, says):
    answer = shop.call("PUT", "/v1/segments/odd", body)
    assert (answer.status, shop.get("/v1/segments/odd").status) == (status, 404)
    assert says in answer.json["message"]


def test_versions_are_kept_and_taken_back(shop):
    for sql in ("orders() > 1", "orders() > 2"):
        put(shop, "back", sql)
    assert shop.call("DELETE", "/v1/segments/back").status == 200
    assert shop.get("/v1/segments/back").status == 404
    kept = shop.get("/v1/segments/back/versions").json["versions"]
    assert [(one["version"], one.get("deleted", False)) for one in kept] == [(3, True), (2, False), (1, False)]
    assert shop.post("/v1/segments/back/revert?version=1", {}).json["sql"] == "orders() > 1"


def test_only_admin_keys_change_definitions(shop):
    reader = shop.key_for("reader", "read")
    assert shop.call("PUT", "/v1/segments/x", {"sql": "true"}, key=reader).status == 403
    assert shop.get("/v1/segments", key=reader).status == 200
    assert shop.get("/v1/moves", key="").status == 401


def test_unknown_names_are_not_found(shop):
    for path in (
        "/v1/segments/nobody",
        "/v1/traits/nobody",
        "/v1/segments/nobody/versions",
        "/v1/segments/nobody/members",
    ):
        assert shop.get(path).status == 404
    assert shop.call("DELETE", "/v1/segments/nobody").status == 404
    assert shop.post("/v1/segments/nobody/snapshot", {}).status == 404


def test_lists_become_events_of_their_people(shop):
    changed = shop.post("/v1/lists/spring", {"join": ["userId:lists-1", "email:l@example.com"]})
    assert (changed.status, changed.json["people"]) == (200, 2)
    person = shop.get(f"/v1/people/userId:lists-1?after={changed.json['offset']}").json
    assert person["counters"]["List Joined"]["total"] == 1
    assert person["sessions"]["count"] == 0


def test_a_call_takes_as_many_people_as_it_says(shop):
    many = [f"email:somebody.with.a.long.name.{number}@example.com" for number in range(2_500)]
    assert shop.post("/v1/lists/autumn", {"join": many}).json["people"] == 2_500
    refused = shop.post("/v1/lists/autumn", {"join": [*many, "userId:1"]})
    assert (refused.status, "2,501 people" in str(refused.json)) == (400, True)


@pytest.mark.parametrize("body", [{}, {"join": ["42"]}, {"join": ["userId:null"]}, {"joined": []}, b"x"])
def test_odd_list_changes_are_refused_whole(shop, body):
    assert shop.post("/v1/lists/spring", body).status == 400


def test_person_has_segments_traits_and_moves_though_none_are_defined(fresh):
    offset = fresh.post("/v1/track", {"userId": "1", "event": "Product Viewed"}).json["offset"]
    person = fresh.get(f"/v1/people/userId:1?after={offset}").json
    assert (person["segments"], person["computed"], person["moves"]) == ({}, {}, [])
    assert fresh.get("/v1/moves?after=-1").json == {"moves": [], "after": 0}


def test_preview_of_an_empty_lake_finds_nobody_and_saves_nothing(fresh):
    found = fresh.post("/v1/segments/preview", {"sql": "orders('90 days') >= 3"})
    assert (found.status, found.json["people"], found.json["of"]) == (200, 0, 0)
    assert "at least 3" in found.json["in_words"]
    assert fresh.get("/v1/segments").json["segments"] == []


def test_previews_asked_at_once_are_all_answered(fresh):
    def ask(_: int) -> int:
        return fresh.post("/v1/segments/preview", {"sql": "true"}).status

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == [200] * 4


@pytest.mark.parametrize(
    ("body", "status"), [({"sql": "ordrs() > 1"}, 422), ({"sql": ""}, 422), ({}, 400), ({"sql": 1}, 400)]
)
def test_preview_says_what_is_wrong_with_a_predicate(shop, body, status):
    assert shop.post("/v1/segments/preview", body).status == status
