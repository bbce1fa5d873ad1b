"""Traits and segments in the site folder: their shape, checked together with all that is in force, taken back."""

from pathlib import Path

import pytest
from benchmarks import fifty

import tailorbird.shell.demo
from tailorbird.errors import BadDefinition
from tailorbird.shell.demo.plan import DEMO_PLAN
from tailorbird.shell.expressions import check, expression_bodies
from tailorbird.shell.in_force import program_body, read_in_force
from tailorbird.shell.site import (
    Change,
    apply,
    apply_checked,
    change_one,
    check_changes,
    compare,
    kept,
    read_site,
    revert,
)
from tailorbird.testing.memory_definitions import MemoryDefinitions

LOYAL = {"sql": "often >= 3"}


@pytest.fixture
def definitions() -> MemoryDefinitions:
    store = MemoryDefinitions()
    store.put("trait", "often", {"sql": "orders('90 days')"}, "cli:ann")
    store.put("segment", "loyal", LOYAL, "cli:ann")
    return store


def site(folder: Path, **files: str) -> dict:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return read_site(folder)


def test_short_and_long_form_are_one(tmp_path):
    found = site(tmp_path, segments="loyal: orders() >= 3\nkeen: {sql: orders() >= 9, description: very}")
    assert found == {
        "segment": {"loyal": {"sql": "orders() >= 3"}, "keen": {"sql": "orders() >= 9", "description": "very"}}
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Loyal: orders() >= 3", "Segment 'Loyal' cannot be named so"),
        ("loyal: 3", "Segment 'loyal' is 3; write an expression"),
        ("loyal: {sql: ''}", "Segment 'loyal' has no expression"),
        ("loyal: {query: a, sql: b}", "has 'query', which means nothing. Known: sql"),
        ("loyal: {sql: a, descriptin: b}", "Did you mean 'description'?"),
        ("loyal: {sql: true}", "has sql True; it must be text"),
        ("a: orders() >= 3\nb: a\na: orders() >= 9", "'a' stands twice, in line 1 and in line 3"),
        ("loyal:\n  sql: orders() >= 3\n  sql: orders() >= 9", "'sql' stands twice, in line 2 and in line 3"),
        ("loyal: &all [*all]", "holds something that holds itself"),
        ("loyal: " + "[" * 5000, "is nested too deep"),
    ],
)
def test_wrong_shape_names_definition_value_and_next_step(tmp_path, text, says):
    with pytest.raises(BadDefinition) as refused:
        site(tmp_path, segments=text)
    assert says in str(refused.value)
    assert "segments.yaml" in str(refused.value)


def test_segment_may_name_a_trait_that_comes_with_it(definitions, tmp_path):
    wanted = site(tmp_path, traits="spent: sum('Order Completed', 'revenue')", segments="rich: spent > 500")
    changes = compare(definitions, wanted)
    assert [(change.verb, change.name) for change in changes] == [
        ("remove", "often"), ("add", "spent"), ("remove", "loyal"), ("add", "rich"),
    ]  # fmt: skip
    check_changes(definitions, changes)


def test_trait_that_a_segment_still_names_cannot_go(definitions):
    with pytest.raises(BadDefinition, match=r"Segment 'loyal', line 1, column 1: 'often'"):
        check_changes(definitions, [Change("trait", "often", {"sql": "orders('90 days')"}, None)])


class Meddled(MemoryDefinitions):
    """A store in which somebody else deletes the trait between our check and our change."""

    def change(self, changes, author, as_of=None):
        self.delete("trait", "often", "ben")
        return super().change(changes, author, as_of)


def test_what_somebody_else_changed_in_between_is_checked_too():
    store = Meddled()
    store.put("trait", "often", {"sql": "orders('90 days')"}, "anna")
    with pytest.raises(BadDefinition, match="'often' is no trait"):
        apply_checked(store, [Change("segment", "loyal", None, {"sql": "often >= 3"})], (), "anna")
    assert store.all("segment") == []


def test_plan_that_drops_what_a_segment_asks_for_is_refused(definitions):
    plan = {"events": {"Quiz Done": {"properties": {"score": "integer"}}}}
    definitions.put("plan", "events", plan, "cli")
    definitions.put("segment", "clever", {"sql": "max('Quiz Done', 'score') > 9"}, "cli")
    with pytest.raises(BadDefinition, match=r"Segment 'clever'.*'Quiz Done'"):
        check_changes(definitions, [Change("plan", "events", plan, {"events": {}})])


def test_event_that_nobody_declared_is_known_once_it_came(definitions):
    change = Change("segment", "clever", None, {"sql": "count('Quiz Done') > 9"})
    with pytest.raises(BadDefinition, match="Quiz Done"):
        check_changes(definitions, [change])
    check_changes(definitions, [change], seen=["Quiz Done"])


def test_circle_is_named(definitions):
    change = Change("segment", "loyal", LOYAL, {"sql": "segment('keen')"})
    other = Change("segment", "keen", None, {"sql": "segment('loyal')"})
    with pytest.raises(BadDefinition, match=r"keen.*loyal|loyal.*keen"):
        check_changes(definitions, [change, other])


def test_what_was_made_by_hand_stays_unless_pruned(definitions, tmp_path):
    definitions.put("segment", "mine", {"sql": "orders() = 1"}, "console:ben")
    wanted = site(tmp_path, segments="loyal: often >= 3")
    assert compare(definitions, wanted) == []
    assert [one.name for one in kept(definitions, wanted)] == ["mine"]
    assert [change.name for change in compare(definitions, wanted, prune=True)] == ["mine"]


def test_apply_is_one_change_of_the_store_with_its_author(definitions):
    before = read_in_force(definitions)
    apply(definitions, [Change("segment", "loyal", LOYAL, {"sql": "often >= 5"})], "cli:ben")
    assert definitions.get("segment", "loyal").author == "cli:ben"
    assert read_in_force(definitions).bodies["segment"] == {"loyal": {"sql": "often >= 5"}}
    assert before.bodies["segment"] == {"loyal": LOYAL}


def test_revert_takes_back_a_change_and_a_removal(definitions):
    change_one(definitions, Change("segment", "loyal", LOYAL, {"sql": "often >= 5"}), (), "cli")
    assert revert(definitions, "segment", "loyal") == Change("segment", "loyal", {"sql": "often >= 5"}, LOYAL)
    change_one(definitions, Change("segment", "loyal", {"sql": "often >= 5"}, None), (), "cli")
    assert revert(definitions, "segment", "loyal", 1) == Change("segment", "loyal", None, LOYAL)


@pytest.mark.parametrize(("name", "version", "says"), [
    ("loyal", 9, "has no version 9. Versions: 1"), ("loyal", None, "has no version before its first"),
    ("loyl", None, "There is no segment 'loyl'. Known: loyal"),
])  # fmt: skip
def test_revert_says_what_there_is_to_go_back_to(definitions, name, version, says):
    with pytest.raises(BadDefinition) as refused:
        revert(definitions, "segment", name, version)
    assert says in str(refused.value)


def test_demo_speaks_the_language_and_has_enough_to_look_at():
    folder = Path(tailorbird.shell.demo.__file__).parent / "site"
    found = read_site(folder)
    assert len(found["segment"]) >= 15
    assert len(found["trait"]) >= 10
    check({"plan": {"events": DEMO_PLAN}, **found})


def test_fifty_segments_of_the_benchmarks_can_be_read():
    assert len(fifty.SEGMENTS) == 50
    check({"trait": expression_bodies("trait", fifty.TRAITS), "segment": expression_bodies("segment", fifty.SEGMENTS)})


def test_program_body_is_plain_data(definitions):
    import msgspec

    body = program_body(read_in_force(definitions).bodies, ["Quiz Done"])
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(body)) == body
