"""Whatever bytes arrive, accept gives events, refusals or a BadRequest; one bad event leaves its neighbours alone."""

import gzip
import json
import time
from typing import Any

import pytest
from collect_cases import KEY, SITE_KEY, VIEW, refused, taken
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.collect.accept import accept
from tailorbird.collect.dialects.segment import ROUTES, write_key_of
from tailorbird.collect.draft import Accepted, Call
from tailorbird.collect.observed import observe
from tailorbird.collect.plan import BUILT_IN_PLAN
from tailorbird.collect.replay import replay
from tailorbird.collect.seal import open_sealed, seal, seal_rejected
from tailorbird.errors import BadRequest
from tailorbird.events import decode_record, encode_record

ROUTE = st.sampled_from(ROUTES)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=20),
    st.sampled_from(["track", "identify", "Product Viewed", "null", "2026-11-21", "ann", "\ud800", "\x00", 10**400]),
)  # fmt: skip
NAMES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["type", "event", "userId", "anonymousId", "properties", "context", "traits", "timestamp", "sentAt", "batch",
         "messageId", "products", "price", "product_id", "page", "path", "device", "id", "consent", "purposes",
         "categoryPreferences", "previousId", "integrations", "writeKey", "name", "category", "email", "items"]
    ),
)  # fmt: skip
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=20
)
EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "identify", "page", "screen", "group", "alias"]), "userId": SCALARS},
    optional=dict.fromkeys(
        ("event", "anonymousId", "properties", "context", "traits", "timestamp", "sentAt", "messageId",
                     "originalTimestamp", "previousId", "name", "category", "integrations"), JSON
    ),
)  # fmt: skip


def survive(path: str, body: bytes) -> Accepted | None:
    """Accept, and take everything that comes out through all it will meet later."""
    try:
        accepted = accept(path, body, Call(1_795_294_400_000, "web"), BUILT_IN_PLAN, SITE_KEY)
    except BadRequest:
        return None
    for draft in accepted.drafts:
        event = seal(draft, KEY)
        assert decode_record(encode_record(event)) == event
        assert open_sealed(KEY, event.leaf, event.sealed) == draft.secret
        list(observe(draft.type, draft.event, draft.secret, BUILT_IN_PLAN))
    for rejected in accepted.rejected:
        again = replay(seal_rejected(rejected, KEY), KEY, BUILT_IN_PLAN, SITE_KEY)
        assert [one.reason for one in again.rejected] == [rejected.reason]
    return accepted


@given(ROUTE, st.binary())
def test_any_bytes_are_survived(path: str, body: bytes) -> None:
    survive(path, body)
    write_key_of([(b"authorization", b"Basic " + body), (b"x-api-key", body)], body)


@given(ROUTE, st.binary(max_size=50))
def test_any_gzip_is_survived(path: str, body: bytes) -> None:
    survive(path, gzip.compress(body))
    survive(path, gzip.compress(body)[:-5])


@given(ROUTE, JSON)
def test_any_json_is_survived(path: str, value: Any) -> None:
    body = json.dumps(value).encode()
    survive(path, body)
    write_key_of([], body)


@given(st.lists(EVENTS, max_size=3), JSON, JSON, SCALARS)
def test_any_batch_of_near_events_is_survived(items: list[Any], context: Any, integrations: Any, sent_at: Any) -> None:
    root = {"batch": items, "context": context, "integrations": integrations, "sentAt": sent_at}
    accepted = survive("/v1/batch", json.dumps(root).encode())
    assert accepted is not None
    assert len(accepted.drafts) + len(accepted.rejected) == len(items)


BROKEN = {
    "NaN": b'{"type":"track","event":"X","userId":"ann","properties":{"price":NaN,"n":Infinity,"m":-Infinity}}',
    "lone surrogate": b'{"type":"track","event":"X","userId":"ann","properties":{"a":"\\ud800"}}',
    "invalid UTF-8": b'{"type":"track","event":"X","userId":"ann","properties":{"a":"\xff\xfe"}}',
    "number out of range": b'{"type":"track","event":"X","userId":"ann","properties":{"price":1e999}}',
    "huge whole number": b'{"type":"track","event":"X","userId":"ann","properties":{"a":' + b"9" * 30 + b"}}",
    "raw control character": b'{"type":"track","event":"X","userId":"ann","properties":{"a":"\x01\n"}}',
    "duplicate keys": b'{"type":"page","type":"track","event":"X","userId":"ben","userId":"ann"}',
    "deep array": b'{"type":"track","event":"X","userId":"ann","a":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "deep object": b'{"type":"track","event":"X","userId":"ann","a":' + b'{"a":' * 2_000 + b"1" + b"}" * 2_000 + b"}",
    "less deep array": b'{"type":"track","event":"X","userId":"ann","context":' + b"[" * 500 + b"]" * 500 + b"}",
    "absurd number": b'{"type":"track","event":"X","userId":"ann","properties":{"a":' + b"9" * 5_000 + b"}}",
    "no JSON": b'{"type":"track" "event"}',
    "bare words": b"{type: track}",
    "single quotes": b"{'type': 'track'}",
    "wrong types": b'{"type":"track","event":"X","userId":"ann","properties":[],"context":5,"traits":"x"}',
    "number as name": b'{"type":"track","event":5,"userId":"ann"}',
    "number as id": b'{"type":"track","event":"X","userId":42}',
    "null id": b'{"type":"track","event":"X","userId":null,"anonymousId":null}',
    "object as id": b'{"type":"track","event":"X","userId":{"$oid":"ann"}}',
}
MENDED = {"NaN", "lone surrogate", "invalid UTF-8", "number out of range", "huge whole number", "raw control character"}
MENDED |= {"duplicate keys", "wrong types", "number as id", "less deep array"}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_bad_event_does_not_harm_its_neighbours(kind: str) -> None:
    good = json.dumps(VIEW).encode()
    accepted = survive("/v1/batch", b'{"batch":[' + good + b"," + BROKEN[kind] + b"," + good + b'],"sentAt":null}')
    assert accepted is not None
    assert [draft.event for draft in accepted.drafts if draft.message_id == "m1"] == ["Product Viewed"] * 2
    assert len(accepted.rejected) == (kind not in MENDED)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_bad_event_alone_is_survived(kind: str) -> None:
    survive("/v1/track", BROKEN[kind])


def test_spoilt_values_cost_themselves_only() -> None:
    body = b'{"event":"Product Viewed","userId":"ann","properties":{"price":NaN,"name":"a\\ud800b","brand":"B"}}'
    draft = taken("/v1/track", body).drafts[0]
    assert draft.plain_properties == {"name": "a\ufffdb", "brand": "B"}


def test_whole_numbers_beyond_64_bits_are_kept_as_text() -> None:
    big = 10**30
    draft = taken(
        "/v1/track", {**VIEW, "properties": {"product_id": big, "x": big, "price": big, "products": [big]}}
    ).drafts[0]
    assert draft.plain_properties == {"product_id": str(big), "price": 1e30}
    assert draft.secret.properties == {"x": str(big), "products": [str(big)]}


def test_nesting_beyond_the_limit_is_refused_and_within_it_taken() -> None:
    def nested(levels: int) -> dict[str, Any]:
        return {**VIEW, "properties": {"x": json.loads("[" * levels + "]" * levels)}}

    assert taken("/v1/track", nested(32)).drafts
    assert refused(nested(33)).reason == "depth"


def test_a_gzip_bomb_is_refused_without_unpacking_it() -> None:
    bomb = gzip.compress(bytes(200_000_000), 1)
    started = time.process_time()  # of this process: a busy machine is no bug
    with pytest.raises(BadRequest, match="larger than"):
        taken("/v1/batch", bomb)
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize("filler", [b'\\"', b'"', b"[", b"{", b",", b'{"a":', b"\\", b"]", b'"",'])
def test_bodies_made_to_be_slow_are_not(filler: bytes) -> None:
    body = b'{"batch":[' + b'"' + filler * (400_000 // len(filler))
    started = time.process_time()  # of this process: a busy machine is no bug
    survive("/v1/batch", body)
    assert time.process_time() - started < 2.0
