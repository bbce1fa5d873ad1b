"""What every key store must do, as tests to inherit: give an `engine` fixture that yields an empty one."""

import pytest

from tailorbird.shell.ports import Keys


class KeysContract:
    """Inherit, override `engine`, and pytest runs them all on your engine."""

    @pytest.fixture
    def engine(self) -> Keys:
        raise NotImplementedError("Override the fixture `engine` with one that yields an empty key store.")

    def test_key_stays_the_same(self, engine: Keys) -> None:
        first = engine.ensure([b"L" * 16])
        assert engine.ensure([b"L" * 16]) == first
        assert engine.get(b"L" * 16) == first[b"L" * 16]

    def test_every_leaf_has_its_own_key_of_16_bytes(self, engine: Keys) -> None:
        keys = engine.ensure(bytes([n]) * 16 for n in range(20))
        assert len(set(keys.values())) == 20
        assert {len(key) for key in keys.values()} == {16}

    def test_unknown_leaf_has_no_key(self, engine: Keys) -> None:
        assert engine.get(b"never") is None

    def test_ensure_of_nothing_makes_nothing(self, engine: Keys) -> None:
        assert engine.ensure([]) == {}

    def test_destroyed_key_never_comes_back(self, engine: Keys) -> None:
        old = engine.ensure([b"a" * 16, b"b" * 16])
        engine.destroy([b"a" * 16, b"unknown"])
        assert engine.get(b"a" * 16) is None
        assert engine.get(b"b" * 16) == old[b"b" * 16]
        assert engine.ensure([b"a" * 16])[b"a" * 16] != old[b"a" * 16]
