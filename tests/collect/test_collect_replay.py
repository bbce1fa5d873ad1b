import pytest
from collect_cases import CALL, KEY, SITE_KEY, VIEW, one, refused, taken

from tailorbird.collect.plan import BUILT_IN_PLAN, TrackingPlan
from tailorbird.collect.replay import replay
from tailorbird.collect.seal import seal_rejected
from tailorbird.errors import Corrupt

STRICT = TrackingPlan.load(
    {"events": {"Product Viewed": {"properties": {"sku": {"type": "string", "required": True}}}}}
)


def test_a_refused_event_is_taken_once_the_plan_is_mended() -> None:
    rejected = seal_rejected(refused(VIEW, STRICT), KEY)
    accepted = replay(rejected, KEY, BUILT_IN_PLAN, SITE_KEY)
    assert accepted.drafts == [one(VIEW)]


def test_a_replayed_event_has_all_that_its_batch_said() -> None:
    batch = {
        "batch": [VIEW, {"type": "x"}],
        "context": {"locale": "de"},
        "sentAt": "2026-11-21",
        "integrations": {"A": True},
    }
    rejected = seal_rejected(taken("/v1/b", batch, plan=STRICT).rejected[0], KEY)
    assert replay(rejected, KEY, BUILT_IN_PLAN, SITE_KEY).drafts == taken("/v1/b", batch).drafts


def test_a_replay_under_the_same_plan_is_refused_for_the_same_reason() -> None:
    draft = refused(VIEW, STRICT)
    again = replay(seal_rejected(draft, KEY), KEY, STRICT, SITE_KEY).rejected[0]
    assert (again.reason, again.where, again.leaf, again.received_at) == (
        "required",
        draft.where,
        draft.leaf,
        CALL.received_at,
    )


def test_a_replay_needs_the_key_of_its_leaf() -> None:
    with pytest.raises(Corrupt):
        replay(seal_rejected(refused(VIEW, STRICT), KEY), b"x" * 16, STRICT, SITE_KEY)
