"""The generated module: the same text for the same definitions, and no word of a user run as code."""

import pytest
from segment_people import NOW, PERSON, event, program, someone

from tailorbird.know.language.tree import (
    Aggregate,
    Compare,
    Constant,
    Definition,
    Events,
    Like,
    Program,
    Property,
    RandomBucket,
    Trait,
)
from tailorbird.know.segment.live import compile_live

NASTY = ("'", '"', "\\", "\n", "\r", "\x00", "\u2028", "\x0c", "{x}", "#", "'); raise SystemExit #", '"""', "x1.total")


def test_the_same_definitions_give_the_same_text():
    segments = {"a": "count('Viewed', '7 days') > 1", "b": "segment('a') and country like 'A%'"}
    assert compile_live(program(segments)).source == compile_live(program(dict(segments))).source


def test_descriptions_do_not_make_another_program():
    with_words = {"a": {"sql": "count('Viewed') > 1", "description": "look around"}}
    assert compile_live(program(with_words)).key == compile_live(program({"a": "count('Viewed') > 1"})).key


def test_another_threshold_makes_another_program():
    keys = {compile_live(program({"a": f"count('Viewed') > {number}"})).key for number in (1, 2)}
    assert len(keys) == 2


def test_windows_of_one_statistic_share_one_store():
    live = someone(a="count('Viewed', '7 days') > 1", b="count('Viewed', '30 days') > count('Viewed', '7 days')").live
    assert live.source.count("WindowCount granule 86400000, spans (7, 30)") == 1


def test_equal_statistics_are_kept_once():
    live = someone(a="count('Viewed') > 1", b="first_at('Viewed') is not null", c="days_since('Viewed') > 3").live
    assert "# s0: Count" in live.source and "# s1" not in live.source


@pytest.mark.parametrize("text", NASTY)
def test_text_of_a_user_is_never_code(text: str) -> None:
    field, literal = Property("properties", (text, text), "text"), Constant(text, "text")
    where = Compare("=", field, literal)
    views = Aggregate("count", Events(text, where, text), None, None, "number")
    last = Aggregate("last", Events(text), Property("context", (text,), "text"), None, "text")
    conditions = {
        "a": Compare(">", views, Constant(0.0, "number")),
        "b": Like(last, text + "%", True),
        "c": Compare("=", Trait(text, "text"), literal),
        "d": Compare("<", RandomBucket(text), Constant(200.0, "number")),
    }
    made = Program((), tuple(Definition(name, text, e) for name, e in conditions.items()))
    live, moves = compile_live(made), []
    standing = live.new()
    assert live.apply(standing, PERSON, event(text, NOW), 1, moves)
    assert list(standing.members) == ["d"]
    assert live.why(standing, PERSON, "d", NOW)
