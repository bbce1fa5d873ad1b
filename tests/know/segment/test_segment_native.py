"""The types beside a program: its text as it is, each name with its type, and where Python keeps each field."""

import ast

from segment_people import program

from tailorbird.know.segment.live import compile_live
from tailorbird.know.segment.native import BITS, _wide, fields_in_place, typed


def test_the_text_is_that_of_the_program():
    live = compile_live(program({"s": "count('Viewed', '7 days') > 1"}))
    text = typed(live.module).text
    count = next(node for node in ast.parse(live.source).body if getattr(node, "name", "") == "count_0")
    assert ast.unparse(count) in text


def test_locals_that_hold_a_statistic_are_of_its_class():
    live = compile_live(program({"s": "count('Viewed', '7 days') > 1"}))
    assert "x0=WindowCount" in typed(live.module).types


def test_fields_stand_in_the_order_of_the_bases_and_of_their_names():
    standing = compile_live(program({"s": "count('Viewed') > 1"})).new()
    assert fields_in_place(type(standing)) == ["at", "baseline", "due", "key", "members", "s0"]


def test_more_bits_than_a_c_integer_has_stay_with_python():
    assert not _wide(ast.parse("d |= 1").body) and _wide(ast.parse(f"d |= {1 << BITS}").body)


def test_a_function_of_ours_is_not_taken_for_what_python_has_built_in():
    live = compile_live(program({"s": "round(avg('Viewed', 'price'), 1) > 2"}))
    made = typed(live.module)
    assert "round" in made.given and "round" in made.text.splitlines()[0]
