"""A site's definitions read together."""

import pytest

from tailorbird.know.language.mistake import Mistake
from tailorbird.know.language.program import check, load, read
from tailorbird.know.language.schema import Schema, schema_of
from tailorbird.know.language.tree import Call, Constant, Held, Member

SCHEMA = schema_of()


def test_traits_are_put_in_place() -> None:
    program = check({"spend": "sum('Order Completed', 'revenue')"}, {"big": "spend > 500"}, SCHEMA)
    assert program.segments[0].expression == read("sum('Order Completed', 'revenue') > 500", SCHEMA)


def test_each_segment_stands_behind_those_it_names() -> None:
    texts = {"a": "segment('b') or segment('c')", "b": "segment('c')", "c": "logins > 1"}
    assert [one.name for one in check({}, texts, SCHEMA).segments] == ["c", "b", "a"]


def test_a_trait_may_be_called_as_a_property_it_looks_at() -> None:
    traits = {"category": "most_frequent('Product Viewed', category, where => category <> 'x')"}
    assert check(traits, {}, SCHEMA).traits[0].expression.kind == "text"


def test_inside_held_a_segment_is_put_in_place() -> None:
    program = check({}, {"a": "logins > 1", "b": "held(segment('a'), for => '7 days') and segment('a')"}, SCHEMA)
    was = Call("coalesce", (read("logins > 1", SCHEMA), Constant(False, "boolean")), "boolean")
    held, now = program.segments[1].expression.parts  # type: ignore[union-attr]
    assert isinstance(held, Held) and held.predicate == was
    assert now == Member("a")


def test_inside_held_so_are_the_segments_that_those_name() -> None:
    texts = {"a": "logins > 1", "b": "not segment('a')", "c": "held(segment('b') or plan = 'x', for => '7 days')"}
    held = check({}, texts, SCHEMA).segments[2].expression
    assert held == read("held(coalesce(not coalesce(logins > 1, false), false) or plan = 'x', for => '7 days')", SCHEMA)


def test_segments_that_double_each_other_are_refused_inside_held() -> None:
    texts = {"s0": "logins > 1"} | {f"s{n}": f"segment('s{n - 1}') = segment('s{n - 1}')" for n in range(1, 25)}
    assert len(check({}, texts, SCHEMA).segments) == 25
    with pytest.raises(Mistake, match=r"Segment 'held', line 1, column 1: .* terms"):
        check({}, {**texts, "held": "held(segment('s24'), for => '7 days')"}, SCHEMA)


def test_the_body_of_a_signal_gives_the_same_program_for_ever() -> None:
    body = {
        "traits": {"often": {"sql": "count('Wish Made')", "description": "wishes"}},
        "segments": {"wisher": "often > 1"},
        "schema": schema_of(seen=["Wish Made"]).plain(),
    }
    assert load(body) == load(body)
    assert load(body).traits[0].description == "wishes"


def test_an_event_that_was_seen_may_be_named_though_undeclared() -> None:
    assert read("count('Wish Made')", schema_of(seen=["Wish Made"])).kind == "number"
    with pytest.raises(Mistake, match="neither declared nor ever seen"):
        read("count('Wish Made')", SCHEMA)


def test_a_broken_schema_is_refused_as_a_definition_is() -> None:
    with pytest.raises(Mistake, match="schema beside these definitions is none"):
        load({"schema": {"traits": 3}})


def test_an_empty_body_is_an_empty_program() -> None:
    assert load({"schema": Schema().plain()}) == load({})


@pytest.mark.parametrize("body", [None, 3, {}, {"sql": 3}, ["true"]])
def test_what_is_no_definition_is_named(body: object) -> None:
    with pytest.raises(Mistake, match=r"^Segment 'a': .* is no definition"):
        check({}, {"a": body}, SCHEMA)
