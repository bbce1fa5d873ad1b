"""What every store of definitions must do, as tests to inherit: give an `engine` fixture that yields an empty one."""

import pytest

from tailorbird.errors import BadDefinition
from tailorbird.shell.ports import Definitions


class DefinitionsContract:
    """Inherit, override `engine`, and pytest runs them all on your engine. Its clock may be any."""

    @pytest.fixture
    def engine(self) -> Definitions:
        raise NotImplementedError("Override the fixture `engine` with one that yields an empty store.")

    def test_definition_comes_back_with_author_and_version(self, engine: Definitions) -> None:
        put = engine.put("placement", "home", {"limit": 12, "tags": ["a", None]}, "anna")
        assert (put.version, put.author, put.deleted) == (1, "anna", False)
        assert engine.get("placement", "home") == put

    def test_changes_checked_for_another_version_are_not_done(self, engine: Definitions) -> None:
        engine.put("trait", "old", {"sql": "1"}, "anna")
        checked = engine.version()
        engine.delete("trait", "old", "ben")
        assert not engine.change([("segment", "vip", {"sql": "old > 0"})], "anna", as_of=checked)
        assert engine.all("segment") == []
        assert engine.change([("segment", "vip", {"sql": "true"})], "anna", as_of=engine.version())
        assert [one.name for one in engine.all("segment")] == ["vip"]

    def test_unknown_definition_is_none(self, engine: Definitions) -> None:
        assert engine.get("placement", "nowhere") is None
        assert engine.history("placement", "nowhere") == []
        assert engine.all("placement") == []

    def test_equal_body_makes_no_new_version(self, engine: Definitions) -> None:
        first = engine.put("plan", "site", {"a": [1, {"b": 2}]}, "anna")
        before = engine.version()
        assert engine.put("plan", "site", {"a": [1, {"b": 2}]}, "ben") == first
        assert engine.version() == before

    def test_any_change_moves_the_version(self, engine: Definitions) -> None:
        versions = [engine.version()]
        engine.put("plan", "site", {"a": 1}, "anna")
        versions.append(engine.version())
        engine.put("plan", "site", {"a": 2}, "anna")
        versions.append(engine.version())
        engine.delete("plan", "site", "anna")
        versions.append(engine.version())
        assert len(set(versions)) == 4

    def test_all_gives_the_current_ones_of_a_kind_by_name(self, engine: Definitions) -> None:
        for name in ("b", "a", "c"):
            engine.put("key", name, {"old": True}, "anna")
        engine.put("key", "a", {"new": True}, "anna")
        engine.put("plan", "z", {}, "anna")
        engine.delete("key", "c", "anna")
        assert [(d.name, d.version, d.body) for d in engine.all("key")] == [
            ("a", 2, {"new": True}),
            ("b", 1, {"old": True}),
        ]

    def test_deleted_definition_is_gone_but_remembered(self, engine: Definitions) -> None:
        engine.put("key", "web", {"x": 1}, "anna")
        assert engine.delete("key", "web", "ben")
        assert engine.get("key", "web") is None
        assert not engine.delete("key", "web", "ben")
        assert [(d.version, d.author, d.deleted) for d in engine.history("key", "web")] == [
            (2, "ben", True),
            (1, "anna", False),
        ]

    def test_several_change_together_or_not_at_all(self, engine: Definitions) -> None:
        engine.put("trait", "old", {"sql": "1"}, "anna")
        engine.change([("trait", "old", None), ("segment", "vip", {"sql": "true"})], "ben")
        assert [one.name for kind in ("trait", "segment") for one in engine.all(kind)] == ["vip"]
        before = engine.version()
        with pytest.raises(BadDefinition, match="cannot be stored"):
            engine.change([("segment", "vip", None), ("segment", "odd", {"sql": object()})], "ben")
        assert (engine.version(), [one.name for one in engine.all("segment")]) == (before, ["vip"])

    def test_put_after_delete_goes_on_counting(self, engine: Definitions) -> None:
        engine.put("key", "web", {"x": 1}, "anna")
        engine.delete("key", "web", "anna")
        assert engine.put("key", "web", {"x": 1}, "anna").version == 3

    def test_every_change_has_its_reverse(self, engine: Definitions) -> None:
        engine.put("consent", "policy", {"v": 1}, "anna")
        engine.put("consent", "policy", {"v": 2}, "anna")
        back = engine.revert("consent", "policy", 1, "ben")
        assert (back.version, back.body, back.author) == (3, {"v": 1}, "ben")

    def test_reverting_to_a_version_that_never_was_says_so(self, engine: Definitions) -> None:
        engine.put("consent", "policy", {"v": 1}, "anna")
        with pytest.raises(BadDefinition, match="no version 7"):
            engine.revert("consent", "policy", 7, "ben")

    def test_what_json_cannot_say_is_refused(self, engine: Definitions) -> None:
        with pytest.raises(BadDefinition, match="cannot be stored"):
            engine.put("plan", "site", {"a": object()}, "anna")
