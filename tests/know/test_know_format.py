from hashlib import blake2b

import pytest

from tailorbird.errors import Corrupt
from tailorbird.know.component import Component, Edge, encode_component, encode_edge
from tailorbird.know.profile import (
    Bought,
    Consent,
    Counter,
    Profile,
    Touch,
    decode_consent,
    decode_profile,
    encode_profile,
)
from tailorbird.know.seen import digest
from tailorbird.know.tables import FORMAT

FULL = Profile(
    b"p" * 16, 2, {"analytics": Consent(True, 1, "web")}, 1, 2, {"userId": ["42"]}, {"city": "Rome"}, {"city": 2},
    {"page": Counter(2, 1, 2, {0: 2})}, 1, 6.1, 1, 1, {0: 6.1}, {"tea": 1.5}, {"Leaf": 1.5}, [Touch("t", "viewed", 1)],
    {"t": Bought(1, 1, 1)}, 1, 1, 2, ["club"], [(1, 2)],
)  # fmt: skip
# By format number. Whoever changes what is stored raises FORMAT in know/tables.py and adds a line here.
PRINTS = {1: "3664c2c4aec97472", 2: "3664c2c4aec97472", 3: "3664c2c4aec97472", 4: "b3e5618a67d1f021"}


def test_what_is_stored_changes_only_with_the_format_number():
    rows = encode_profile(FULL), encode_component(Component((b"\0u",))), encode_edge(Edge("web", "m", 1, 2, True, "no"))
    assert blake2b(b"".join(rows), digest_size=8).hexdigest() == PRINTS[FORMAT]


def test_a_message_has_the_same_digest_compiled_or_not():
    assert digest("web", "m1").hex() == "2f50ff11db832e42a8c75d18041f6723"


@pytest.mark.parametrize("decode", [decode_profile, decode_consent])
@pytest.mark.parametrize("foreign", [b"", b"\xc1", b"\x93\xc4\x01p\x01\x05", encode_component(Component((b"n",)))])
def test_foreign_bytes_are_no_profile_and_the_next_step_is_named(decode, foreign):
    with pytest.raises(Corrupt, match="tailorbird rebuild"):
        decode(foreign)
