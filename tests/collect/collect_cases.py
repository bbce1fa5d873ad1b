"""The small cast of the collect tests, and requests in the shapes that tracking libraries send."""

import gzip
import json
from typing import Any

from tailorbird.collect.accept import accept
from tailorbird.collect.draft import Accepted, Call, Draft, RejectedDraft
from tailorbird.collect.plan import BUILT_IN_PLAN, TrackingPlan
from tailorbird.collect.times import parse_time

SITE_KEY = b"s" * 32
KEY = b"k" * 16
NOW = parse_time("2026-11-21T12:00:00Z")
CALL = Call(NOW, "web")
VIEW: dict[str, Any] = {"type": "track", "event": "Product Viewed", "userId": "ann", "messageId": "m1"}


def taken(path: str, body: Any, call: Call = CALL, plan: TrackingPlan = BUILT_IN_PLAN) -> Accepted:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return accept(path, raw, call, plan, SITE_KEY)


def one(item: dict[str, Any], call: Call = CALL, plan: TrackingPlan = BUILT_IN_PLAN, **batch: Any) -> Draft:
    """The draft of one item sent as a batch."""
    accepted = taken("/v1/batch", {"batch": [item], **batch}, call, plan)
    assert accepted.rejected == []
    return accepted.drafts[0]


def refused(item: Any, plan: TrackingPlan = BUILT_IN_PLAN) -> RejectedDraft:
    accepted = taken("/v1/batch", {"batch": [item]}, plan=plan)
    assert accepted.drafts == []
    return accepted.rejected[0]


# (path, body, what must be understood of each event: type, name, userId or anonymousId, ms before NOW)
RECORDED: list[tuple[str, bytes, list[tuple[str, str, str, int]]]] = [
    (  # a browser library: text/plain, one letter, the page's own key and nulls in the body
        "/v1/p",
        json.dumps(
            {
                "timestamp": "2026-11-21T11:59:58.500Z",
                "sentAt": "2026-11-21T11:59:59.000Z",
                "type": "page",
                "name": "Home",
                "category": "Docs",
                "properties": {"path": "/", "url": "http://a.example/?utm_source=x", "search": "?utm_source=x"},
                "context": {"page": {"path": "/", "title": "Start"}, "campaign": {"source": "x"}, "locale": "de-DE"},
                "messageId": "ajs-1",
                "anonymousId": "0c5e8f1e-1111-4222-8333-444455556666",
                "userId": None,
                "writeKey": "WK",
                "_metadata": {"bundled": ["Segment.io"]},
            }
        ).encode(),
        [("page", "Home", "0c5e8f1e-1111-4222-8333-444455556666", 500)],
    ),
    (  # a Python server library: explicit nulls, microseconds with an offset
        "/v1/batch",
        json.dumps(
            {
                "batch": [
                    {**VIEW, "anonymousId": None, "timestamp": "2026-11-21T11:59:59.900000+00:00", "integrations": {}},
                    {**VIEW, "userId": None, "anonymousId": "a1", "timestamp": "2026-11-21T11:59:59.950000+00:00"},
                ],
                "sentAt": "2026-11-21T12:00:00.000000+00:00",
                "writeKey": "WK",
            }
        ).encode(),
        [("track", "Product Viewed", "ann", 100), ("track", "Product Viewed", "a1", 50)],
    ),
    (  # the same with gzip that no header announces; a screen whose name landed in its category
        "/v1/batch/",
        gzip.compress(
            b'{"batch":[{"type":"screen","name":null,"category":"Start","userId":"ann","channel":"server"}]}'
        ),
        [("screen", "Start", "ann", 0)],
    ),
    (  # a mobile library: device and traits in the context, an alias that names the same person twice
        "/v1/import",
        json.dumps(
            {
                "context": {"device": {"id": "D-1", "type": "ios"}},
                "batch": [
                    {"type": "identify", "userId": "ann", "context": {"traits": {"email": "Ann@Example.com"}}},
                    {"type": "alias", "userId": "ann", "previousId": "ann"},
                ],
            }
        ).encode(),
        [("identify", "", "ann", 0), ("alias", "", "ann", 0)],
    ),
]
