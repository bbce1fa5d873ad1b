import pytest
from collect_cases import KEY, VIEW, one, refused
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.collect.seal import (
    _cipher,
    close_sealed,
    let_go_of_keys,
    open_bytes,
    open_sealed,
    seal,
    seal_all,
    seal_rejected,
)
from tailorbird.errors import Corrupt
from tailorbird.events import decode_record, encode_record

DRAFT = one({**VIEW, "properties": {"product_id": "p1", "note": "for Ann"}, "traits": {"email": "ann@example.com"}})


def test_what_was_sealed_opens_with_its_key() -> None:
    event = seal(DRAFT, KEY)
    assert open_sealed(KEY, event.leaf, event.sealed) == DRAFT.secret
    assert decode_record(encode_record(event)) == event


def test_a_sealed_event_shows_nothing_personal() -> None:
    stored = encode_record(seal(DRAFT, KEY))
    assert b"p1" in stored
    for personal in (b"ann", b"example.com", b"for Ann"):
        assert personal not in stored


@pytest.mark.parametrize("key", [b"x" * 16, b"", b"short"])
def test_another_key_opens_nothing(key: bytes) -> None:
    event = seal(DRAFT, KEY)
    with pytest.raises(Corrupt, match="does not open"):
        open_sealed(key, event.leaf, event.sealed)


def test_a_blob_under_another_leaf_does_not_open() -> None:
    with pytest.raises(Corrupt, match="does not open"):
        open_sealed(KEY, b"y" * 16, seal(DRAFT, KEY).sealed)


@given(st.binary(max_size=200))
def test_foreign_bytes_are_corrupt(sealed: bytes) -> None:
    with pytest.raises(Corrupt):
        open_sealed(KEY, DRAFT.leaf, sealed)


@given(st.binary(), st.binary())
def test_a_nonce_repeats_only_where_the_content_does(a: bytes, b: bytes) -> None:
    sealed = [close_sealed(KEY, DRAFT.leaf, content) for content in (a, b)]
    assert (sealed[0][:12] == sealed[1][:12]) == (a == b)


def test_a_call_sealed_at_once_equals_each_sealed_alone() -> None:
    other = one({**VIEW, "userId": "ben"})
    keys = {DRAFT.leaf: KEY, other.leaf: b"o" * 16}
    events = seal_all([DRAFT, other], keys, lambda count: bytes(range(count)))
    assert events == [seal(DRAFT, KEY, bytes(range(12))), seal(other, b"o" * 16, bytes(range(12, 24)))]


def test_a_rejected_event_keeps_its_bytes_sealed() -> None:
    draft = refused({**VIEW, "timestamp": "never"})
    rejected = seal_rejected(draft, KEY)
    assert b"never" not in encode_record(rejected)
    assert open_bytes(KEY, rejected.leaf, rejected.sealed) == draft.raw


def test_keys_that_were_let_go_are_in_no_memory() -> None:
    seal(DRAFT, KEY)
    assert _cipher.cache_info().currsize
    let_go_of_keys()
    assert not _cipher.cache_info().currsize
