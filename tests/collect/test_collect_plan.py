import pytest
from collect_cases import VIEW, one, refused

from tailorbird.collect.plan import BUILT_IN_PLAN, TrackingPlan
from tailorbird.errors import BadDefinition


def plan_of(**properties: object) -> TrackingPlan:
    return TrackingPlan.load({"events": {"Quiz Done": {"properties": properties}}})


def quiz(plan: TrackingPlan, **properties: object) -> tuple[dict[str, object], dict[str, object]]:
    return plan.split_event("track", "Quiz Done", properties)


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("string", "a", "a"), ("string", 42, "42"), ("string", 4.5, "4.5"),
        ("number", 5, 5.0), ("number", "18.99", 18.99), ("number", 1.5, 1.5),
        ("integer", 3, 3), ("integer", 3.0, 3), ("integer", "3", 3), ("integer", -(2**63), -(2**63)),
        ("integer", "9007199254740993", 2**53 + 1), ("integer", "3.0", 3),
        ("boolean", True, True), ("boolean", "FALSE", False),
        ("datetime", "2026-01-02T03:04:05+01:00", "2026-01-02T02:04:05.000Z"),
        ("datetime", 1_767_319_445_000, "2026-01-02T02:04:05.000Z"),
        ("array", [1, {"a": None}], [1, {"a": None}]), ("object", {"a": [1]}, {"a": [1]}),
        ("any", "a", "a"), ("any", {"a": 1}, {"a": 1}),
    ],
)  # fmt: skip
def test_values_become_the_declared_type(kind: str, given: object, kept: object) -> None:
    plain, secret = quiz(plan_of(x=kind), x=given)
    assert (plain, secret) == ({"x": kept}, {})
    assert type(plain["x"]) is type(kept)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("string", True), ("string", []), ("number", "ten"), ("number", True), ("number", "nan"), ("number", 10**400),
        ("integer", 3.5), ("integer", 2**63), ("integer", True), ("integer", "1e400"), ("boolean", 1),
        ("boolean", "yes"), ("datetime", "soon"), ("array", "a"), ("array", {}), ("object", []), ("object", "{}"),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_kept_but_sealed(kind: str, given: object) -> None:
    plain, secret = quiz(plan_of(x=kind), x=given)
    assert plain == {}
    assert list(secret) == ["x"]


def test_nulls_say_nothing() -> None:
    assert quiz(plan_of(x="string"), x=None, y=None) == ({}, {})


def test_personal_and_undeclared_fields_are_sealed() -> None:
    plan = plan_of(score="integer", nick={"type": "string", "personal": True})
    assert quiz(plan, score=7, nick="Ann", shoe=42) == ({"score": 7}, {"nick": "Ann", "shoe": 42})


@pytest.mark.parametrize("personal", [False, True])
def test_a_required_field_must_be_there_and_of_its_type(personal: bool) -> None:
    plan = plan_of(score={"type": "integer", "required": True, "personal": personal})
    item = {**VIEW, "event": "Quiz Done"}
    assert refused(item, plan).reason == "required"
    assert refused({**item, "properties": {"score": None}}, plan).reason == "required"
    rejected = refused({**item, "properties": {"score": "high"}}, plan)
    assert (rejected.reason, rejected.where) == ("kind", "batch[0].properties.score")
    assert "high" not in rejected.detail
    assert one({**item, "properties": {"score": "7"}}, plan=plan)


def test_unknown_fields_are_kept_dropped_or_refused_as_the_plan_says() -> None:
    item = {**VIEW, "event": "Quiz Done", "properties": {"x": 1, "y": None}}
    plans = {
        unknown: TrackingPlan.load({"events": {"Quiz Done": {"unknown": unknown}}})
        for unknown in ("keep", "drop", "reject")
    }
    assert one(item, plan=plans["keep"]).secret.properties == {"x": 1}
    assert one(item, plan=plans["drop"]).secret.properties == {}
    assert refused(item, plans["reject"]).where == "batch[0].properties.x"
    telling = {**item, "properties": {"ann@example.com": True}}
    assert refused(telling, plans["reject"]).where == "batch[0].properties.?"


def test_unknown_events_can_be_refused() -> None:
    plan = TrackingPlan.load({"unknown_events": "reject"})
    assert refused({**VIEW, "event": "Quiz Done"}, plan).reason == "unknown_event"
    assert one(VIEW, plan=plan)


def test_products_are_split_one_by_one_and_stay_in_their_places() -> None:
    products = [{"product_id": "p1", "price": 2, "engraving": "Ann"}, {"product_id": 7}, "odd"]
    draft = one({**VIEW, "event": "Order Completed", "properties": {"order_id": "o1", "products": products}})
    assert draft.plain_properties["products"] == [{"product_id": "p1", "price": 2.0}, {"product_id": "7"}, {}]
    assert draft.secret.properties == {"products": [{"engraving": "Ann"}, {}, "odd"]}


def test_a_site_adds_to_the_built_in_events() -> None:
    plan = TrackingPlan.load(
        {
            "version": 3,
            "events": {"Order Completed": {"properties": {"gift": "boolean"}}},
            "traits": {"income": "string"},
            "context": {"shop.branch": "string"},
        }
    )
    draft = one(
        {
            "type": "track",
            "event": "Order Completed",
            "userId": "ann",
            "properties": {"revenue": 5, "gift": True},
            "context": {"shop": {"branch": "B1", "till": 4}, "locale": "de"},
        },
        plan=plan,
    )
    assert draft.plain_properties == {"revenue": 5.0, "gift": True}
    assert draft.plain_context == {"shop.branch": "B1", "locale": "de"}
    assert draft.secret.context == {"shop": {"till": 4}}
    assert (draft.plan_version, plan.split_traits("identify", {"income": "high"})) == (3, ({"income": "high"}, {}))


def test_what_describes_one_human_being_is_sealed_by_the_built_in_plan() -> None:
    traits = {
        "email": "ann@example.com",
        "name": "Ann",
        "birthday": "1990-01-01",
        "address": {"city": "Ulm"},
        "plan": "pro",
    }
    assert BUILT_IN_PLAN.split_traits("identify", traits)[0] == {"plan": "pro"}
    shared = {"share_message": "hi", "recipient": "ben@example.com", "product_id": "p1"}
    assert BUILT_IN_PLAN.split_event("track", "Product Shared", shared)[0] == {"product_id": "p1"}
    page = {"path": "/", "url": "https://a.example/?mail=x", "search": "?mail=x", "referrer": "https://b.example"}
    assert BUILT_IN_PLAN.split_event("page", "", page)[0] == {"path": "/"}


def test_a_new_type_leaves_a_personal_field_personal() -> None:
    traits = {"birthday": "1990", "email": "ann@example.com"}
    plan = TrackingPlan.load({"traits": {"birthday": "string", "email": {"type": "string", "personal": False}}})
    assert plan.split_traits("identify", traits) == ({"email": "ann@example.com"}, {"birthday": "1990"})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"event": {}}, "'event'"),
        ({"unknown": "ignore"}, "unknown is 'ignore'. Known: keep, drop, reject"),
        ({"unknown_events": "drop"}, "unknown_events is 'drop'"),
        ({"version": "3"}, "version is '3'"),
        ({"events": []}, "events must be a mapping"),
        ({"events": {"A": {"props": {}}}}, "events.A has 'props'"),
        ({"events": {"A": {"properties": ["x"]}}}, "events.A.properties must be a mapping"),
        ({"events": {"A": {"properties": {"x": "text"}}}}, "events.A.properties.x.type is 'text'. Known: string"),
        ({"events": {"A": {"properties": {"x": {"kind": "string"}}}}}, "events.A.properties.x has 'kind'"),
        ({"events": {"A": {"properties": {"x": {"required": "yes"}}}}}, "x.required is 'yes'"),
        ({"events": {"A": {"properties": {"x": {"items": {"y": "string"}}}}}}, "only an array has items"),
        (
            {"events": {"A": {"properties": {"x": {"type": "array", "items": {"y": "text"}}}}}},
            "x.items.y.type is 'text'",
        ),
        ({"traits": {"a": 5}}, "traits.a must be a mapping"),
        ({"traits": {"a": None}}, "traits.a has no type"),
        ({"context": {"a": "string", "a.b": "string"}}, "context.a.b"),
        ({"context": {"a..b": "string"}}, "context.a..b"),
        ([], "must be a mapping"),
    ],
)
def test_a_bad_plan_is_refused_with_place_value_and_what_is_known(body: object, message: str) -> None:
    with pytest.raises(BadDefinition) as refusal:
        TrackingPlan.load(body)  # type: ignore[arg-type]
    assert message in str(refusal.value)


def test_an_empty_site_file_is_the_built_in_plan() -> None:
    assert TrackingPlan.load({"events": None, "traits": None}).events.keys() == BUILT_IN_PLAN.events.keys()
    assert "Quiz Done" in TrackingPlan.load({"events": {"Quiz Done": None}}).events
