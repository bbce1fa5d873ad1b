"""What a definition says, and both of its compilations."""

from tailorbird.shell.explain import explain

BODIES = {"segment": {"it": {"sql": "orders() >= 9"}}, "trait": {}, "plan": {}, "consent": {}}


def test_what_is_written_for_the_moment_may_name_a_segment_of_any_name() -> None:
    found = explain(BODIES, "segment('it') or orders() > 1")
    assert "in segment 'it'" in found.words
    assert "AS segment_it" in found.sql
    assert found.name != "it"


def test_a_definition_is_explained_under_its_name() -> None:
    found = explain(BODIES, "it")
    assert (found.name, found.text) == ("it", "orders() >= 9")
