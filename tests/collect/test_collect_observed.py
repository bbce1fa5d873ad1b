from collections import Counter

from collect_cases import VIEW, one

from tailorbird.collect.observed import Observed, observe, propose
from tailorbird.collect.plan import BUILT_IN_PLAN, TrackingPlan


def seen(item: dict[str, object], plan: TrackingPlan = BUILT_IN_PLAN) -> list[Observed]:
    draft = one(item, plan=plan)
    return list(observe(draft.type, draft.event, draft.secret, plan))


QUIZ = {"type": "track", "event": "Quiz 1.0 Done", "userId": "ann", "properties": {"score": 7, "nickname": "Annie"}}


def test_undeclared_fields_are_listed_without_their_values() -> None:
    place = "events.Quiz 1.0 Done.properties"
    assert seen(QUIZ) == [
        Observed(place, "score", "integer", "undeclared"),
        Observed(place, "nickname", "string", "undeclared"),
    ]


def test_a_declared_field_of_another_type_is_listed_as_such() -> None:
    assert [(one.name, one.problem) for one in seen({**VIEW, "properties": {"price": "cheap"}})] == [("price", "kind")]


def test_what_is_declared_personal_is_not_listed() -> None:
    item = {"type": "identify", "userId": "ann", "traits": {"email": "ann@example.com", "size": 38}}
    context = {"ip": "::1", "userAgent": "Mozilla/5.0", "page": {"url": "https://a.example", "mood": "blue"}, "tier": 3}
    assert [(one.place, one.name) for one in seen({**item, "context": context})] == [
        ("traits", "size"),
        ("context", "page.mood"),
        ("context", "tier"),
    ]


def test_a_proposal_laid_over_the_plan_leaves_nothing_to_list() -> None:
    items = [
        QUIZ,
        {**QUIZ, "properties": {"score": 7.5}},
        {"type": "page", "userId": "ann", "properties": {"mood": "blue"}},
    ]
    counts = Counter(found for item in items for found in seen(item))
    body = propose(counts)
    fields = body["events"]["Quiz 1.0 Done"]["properties"]
    assert fields["score"] == {"type": "number", "description": "seen 2 times"}
    assert fields["nickname"] == {"type": "string", "description": "seen 1 times", "personal": True}
    assert [found for item in items for found in seen(item, TrackingPlan.load(body))] == []
