"""API keys: made once, stored as a hash, found by what a request carries."""

from base64 import b64encode

import pytest

from tailorbird.errors import BadDefinition, NotAllowed
from tailorbird.shell.auth import Caller, KeyRing, caller_of, create_key, require
from tailorbird.testing import MemoryDefinitions

SHOP = Caller("shop", frozenset({"collect"}))


@pytest.fixture
def definitions() -> MemoryDefinitions:
    return MemoryDefinitions()


@pytest.fixture
def key(definitions: MemoryDefinitions) -> str:
    return create_key(definitions, "shop", ["collect"], "tests")


@pytest.fixture
def ring(definitions: MemoryDefinitions, key: str) -> KeyRing:
    return KeyRing(definitions.all("key"))


def test_key_is_not_stored(definitions: MemoryDefinitions, key: str) -> None:
    assert key not in repr(definitions.all("key"))


@pytest.mark.parametrize("form", ["Basic", "basic", "Bearer"])
def test_key_is_found_in_each_form(ring: KeyRing, key: str, form: str) -> None:
    value = key if form == "Bearer" else b64encode(f"{key}:".encode()).decode()
    assert caller_of(ring, {b"authorization": f"{form} {value}".encode()}) == SHOP
    assert caller_of(ring, {b"x-api-key": key.encode()}) == SHOP


@pytest.mark.parametrize(
    "value", [b"", b"Basic", b"Basic !!!", b"Basic " + b"A" * 9999, b"Bearer ", b"Digest x", b"\xff"]
)
def test_nonsense_is_nobody(ring: KeyRing, value: bytes) -> None:
    assert caller_of(ring, {b"authorization": value}) is None


def test_second_key_of_a_name_replaces_the_first(definitions: MemoryDefinitions, key: str) -> None:
    newer = create_key(definitions, "shop", ["collect"], "tests")
    ring = KeyRing(definitions.all("key"))
    assert (ring.of_key(key), ring.of_key(newer)) == (None, SHOP)


@pytest.mark.parametrize(
    ("name", "can"), [("", ["read"]), ("a b", ["read"]), ("x" * 70, ["read"]), ("a", []), ("a", ["fly"])]
)
def test_wrong_name_or_right_is_refused(definitions: MemoryDefinitions, name: str, can: list[str]) -> None:
    with pytest.raises(BadDefinition):
        create_key(definitions, name, can, "tests")


def test_missing_right_is_told_from_a_missing_key() -> None:
    with pytest.raises(NotAllowed, match="Key 'shop' may collect") as known:
        require(SHOP, "admin")
    with pytest.raises(NotAllowed) as unknown:
        require(None, "admin")
    assert (known.value.known, unknown.value.known) == (True, False)
