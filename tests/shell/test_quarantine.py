"""Rejected records: found, shown, given another chance."""

from tailorbird.collect.accept import accept
from tailorbird.collect.draft import Call
from tailorbird.collect.plan import BUILT_IN_PLAN, TrackingPlan
from tailorbird.collect.seal import seal_rejected
from tailorbird.events import DAY_MS
from tailorbird.shell import quarantine
from tailorbird.testing import MemoryKeys

KEY = b"site key"
STRICT = TrackingPlan.load({"unknown_events": "reject"})
BODY = b'{"userId": "r", "event": "Quiz Done", "messageId": "quiz-1", "timestamp": "1970-01-02T00:00:00Z"}'


def refused(keys):
    [draft] = accept("/v1/track", BODY, Call(5 * DAY_MS, "web"), STRICT, KEY).rejected
    return seal_rejected(draft, keys.ensure([draft.leaf])[draft.leaf])


def test_replayed_event_keeps_its_time_and_is_received_now():
    keys = MemoryKeys()
    [draft] = quarantine.again(refused(keys), keys, BUILT_IN_PLAN, KEY, now=9 * DAY_MS).drafts
    assert (draft.source, draft.message_id, draft.timestamp) == ("web", "quiz-1", DAY_MS)
    assert draft.received_at == 9 * DAY_MS


def test_event_whose_key_was_destroyed_is_forgotten():
    keys = MemoryKeys()
    one = refused(keys)
    keys.destroy([one.leaf])
    assert quarantine.again(one, keys, BUILT_IN_PLAN, KEY, now=9 * DAY_MS) is None


def test_event_that_still_does_not_fit_is_rejected_again():
    keys = MemoryKeys()
    accepted = quarantine.again(refused(keys), keys, STRICT, KEY, now=9 * DAY_MS)
    assert (accepted.drafts, accepted.rejected[0].reason) == ([], "unknown_event")
